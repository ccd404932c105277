// The packed package, as users install it: in a folder of its own, called from yet another one.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, root } from '../built.js';
import { blocksOf } from '../docs/snippets.js';
import { npmEnvironment } from '../npm-environment.js';

let folder: string;
let home: string;

function run(command: string, parameters: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    env: { ...npmEnvironment(), RANGEFIT_HOME: join(folder, 'data') },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** The installed command, started from a folder inside the installing one. */
const rangefit = (...parameters: string[]): string =>
  run('npx', ['--no-install', 'rangefit', ...parameters], join(home, 'elsewhere'));

beforeAll(() => {
  built('experiments/cli.js');
  folder = mkdtempSync(join(tmpdir(), 'rangefit-package-'));
  home = join(folder, 'home');
  mkdirSync(join(home, 'elsewhere'), { recursive: true });
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(home, 'package.json'), '{ "name": "someone", "private": true }');
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', join(folder, tarball ?? '')],
    home,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the packed package', () => {
  it('holds what runs, what it needs, and no tests', () => {
    const files = readdirSync(join(home, 'node_modules/rangefit'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/experiments/cli.js']));
    expect(files).toEqual(expect.arrayContaining([expect.stringMatching(/^experiments\/scenarios\/swarm-100\./)]));
    expect(files.filter((file) => /(^|\/)test(\/|$)|\.test\./.test(file))).toEqual([]);
  });

  it('knows the catalogue', () => {
    const listing = rangefit('host', 'list');
    for (const host of ['pc3000', 't7500']) expect(listing).toContain(host);
  });

  it('knows the named scenarios', () => {
    const listing = rangefit('scenario', 'list');
    for (const scenario of ['swarm-100', 'pairs-100mbit', 'pairs-unshaped', 'idle'])
      expect(listing).toContain(scenario);
  });

  it('plans', () => {
    const plan = JSON.parse(
      rangefit('plan', '--peers', '60', '--host', 't7500', '--scenario', 'idle', '--json', '--quiet'),
    );
    expect(plan).toMatchObject({ format: 'rangefit/plan', formatVersion: 1 });
    expect(plan.answer.hosts.value).toBeGreaterThan(0);
  });

  it('reports, and serves its page', async () => {
    const record = join(home, 'record.json');
    writeFileSync(record, rangefit('simulate', 'idle', '--host', 't7500', '--peers', '2', '--json', '--quiet'));
    expect(rangefit('report', record)).toMatch(/^<!doctype html>/);
    const child = spawn(
      process.execPath,
      [join(home, 'node_modules/rangefit/dist/experiments/cli.js'), 'explore', '--port', '0'],
      {
        cwd: join(home, 'elsewhere'),
      },
    );
    try {
      const address = await new Promise<string>((done) => child.stdout.setEncoding('utf8').once('data', done));
      for (const path of ['', 'explore.js']) expect((await fetch(address.trim() + path)).status).toBe(200);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('can be imported, with its types', () => {
    // What the docs show of the API.
    const shown = blocksOf('docs/program.md').find(({ marks }) => marks.includes('program'));
    const program = `${shown?.lines.join('\n')}
// @ts-expect-error the types mean something: a seed is text
export const wrong = () => simulate(scenario, resolveHost(profile, undefined, 'raised'), 1);
`;
    writeFileSync(join(home, 'program.mts'), program);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const flags = '--strict --module nodenext --target es2023 --skipLibCheck --types node --typeRoots'.split(' ');
    run(process.execPath, [compiler, ...flags, join(root, 'node_modules/@types'), 'program.mts'], home);
    expect(run(process.execPath, ['program.mjs'], home)).toBe('10 1\n');
  });
});
