// The run folder: what a kill leaves behind can be gone on with, and nothing else is taken for a run.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEntry } from '../../../calibration/index.js';
import { createRunFolder, type Manifest, resumeRunFolder } from '../../../experiments/calibrate/index.js';
import { rangefit } from '../session.js';

const manifest: Manifest = {
  format: 'rangefit/calibration-run',
  formatVersion: 1,
  name: 'mine',
  quick: true,
  startedAt: '2026-01-01T00:00:00Z',
  versions: {},
};
const entry = (id: string): RunEntry => ({ id, quantities: { cpu: 50 }, disturbed: [], seconds: 4 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a run folder', () => {
  it('gives back every run that was finished, and drops the one that a kill cut short', () => {
    const run = createRunFolder(join(folder, 'run'), manifest);
    run.add(entry('idle-12'));
    run.add(entry('idle-80'));
    appendFileSync(join(folder, 'run/records.jsonl'), '{"id":"unshaped-1","quanti');
    const again = resumeRunFolder(join(folder, 'run'));
    expect(again.manifest).toEqual(manifest);
    expect(again.entries).toEqual([entry('idle-12'), entry('idle-80')]);
    again.add(entry('unshaped-1'));
    expect(readFileSync(join(folder, 'run/records.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3);
    expect(resumeRunFolder(join(folder, 'run')).entries).toHaveLength(3);
  });

  it('is never begun twice', () => {
    createRunFolder(join(folder, 'run'), manifest);
    expect(() => createRunFolder(join(folder, 'run'), manifest)).toThrow(/--resume/);
  });
});

describe('calibrate', () => {
  const refused = async (...words: string[]) => {
    const { code, err } = await rangefit(['calibrate', ...words]);
    expect(err.trim().split('\n')).toHaveLength(1);
    return { code, err };
  };

  it('refuses in one line what is no name, no run or no time', async () => {
    writeFileSync(join(folder, 'manifest.json'), '{}');
    expect(await refused('--resume', join(folder, 'nothing'))).toMatchObject({
      code: process.getuid?.() === 0 ? 2 : 4,
    });
    expect((await refused('--resume', folder)).err).toMatch(process.getuid?.() === 0 ? /manifest.json/ : /root/);
    expect((await refused('--name', 'here', '--patience', 'long')).err).toMatch(/--patience/);
  });
});
