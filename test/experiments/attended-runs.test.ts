// Runs that somebody waits for end when they are asked to, whoever asks.

import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { built } from '../built.js';

describe('a plan that somebody waits for', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('says how far it was at %s and ends with 130', async (signal) => {
    const child = spawn(process.execPath, [
      built('experiments/cli.js'),
      'plan',
      '--peers',
      '10000',
      '--host',
      'pc3000',
    ]);
    let told = '';
    await new Promise<void>((underWay) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        underWay();
      });
    });
    child.kill(signal);
    expect(await new Promise((done) => child.once('exit', done))).toBe(130);
    expect(told).toMatch(/^interrupted at .*: \d+ of \d+ runs were finished$/m);
  });
});
