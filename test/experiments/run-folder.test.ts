// Run folders: what was finished stays finished, whatever killed the run, and memory does not grow with it.

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRunFolder, type RunFolderKind, resumeRunFolder } from '../../experiments/run-folder.js';
import { InputError } from '../../models/index.js';
import { built } from '../built.js';

const kind: RunFolderKind<{ points: number }, { point: number }> = {
  verb: 'count',
  input: z.strictObject({ points: z.int() }),
  entry: z.strictObject({ point: z.int() }),
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-folder-'));
  path = join(folder, 'deep', 'run');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const records = () => join(path, 'records.jsonl');

function begun(points: readonly number[]): void {
  const run = createRunFolder(kind, { points: 10 }, { out: path, name: 'count' });
  for (const point of points) run.add({ point });
  run.close();
}

describe('a run folder', () => {
  it('gives back what it was asked and what was finished, and goes on from there', () => {
    begun([1, 2]);
    const again = resumeRunFolder(kind, path);
    expect(again.input).toEqual({ points: 10 });
    again.add({ point: 3 });
    expect([...again.entries()].map(({ point }) => point)).toEqual([1, 2, 3]);
    again.close();
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it.each(['{"point":3', '{"point":3}', '{', '\0\0\0'])('takes a torn last line away: %j', (torn) => {
    begun([1, 2]);
    appendFileSync(records(), torn);
    const again = resumeRunFolder(kind, path);
    again.add({ point: 4 });
    expect([...again.entries()].map(({ point }) => point)).toEqual([1, 2, 4]);
    again.close();
    expect(readFileSync(records(), 'utf8')).toBe('{"point":1}\n{"point":2}\n{"point":4}\n');
  });

  it('says which line is damaged', () => {
    begun([1]);
    appendFileSync(records(), 'nonsense\n{"point":2}\n');
    const again = resumeRunFolder(kind, path);
    expect(() => [...again.entries()]).toThrow(/records\.jsonl:2: expected a record in JSON, found "nonsense"/);
    again.close();
    writeFileSync(records(), '{"point":1}\n{"point":"x"}\n');
    const other = resumeRunFolder(kind, path);
    expect(() => [...other.entries()]).toThrow(/records\.jsonl:2: expected a record of count/);
    other.close();
  });

  it('is not begun twice, nor resumed by another verb, another version, or where nothing is', () => {
    begun([1]);
    expect(() => createRunFolder(kind, { points: 1 }, { out: path, name: 'count' })).toThrow(
      /--out: expected a folder without a run/,
    );
    expect(() => resumeRunFolder({ ...kind, verb: 'other' }, path)).toThrow(/a run of other, found one of count/);
    expect(() => resumeRunFolder(kind, join(folder, 'none'))).toThrow(/no such file/);
    const manifest = readFileSync(join(path, 'manifest.json'), 'utf8');
    writeFileSync(join(path, 'manifest.json'), manifest.replace(/"version": ".*"/, '"version": "0.0.0"'));
    expect(() => resumeRunFolder(kind, path)).toThrow(/found one of 0\.0\.0/);
    writeFileSync(join(path, 'manifest.json'), manifest.replace('"points": 10', '"points": "ten"'));
    expect(() => resumeRunFolder(kind, path)).toThrow(InputError);
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it('has a place of its own when none is given', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const runs = ['a', 'a', 'b'].map((name) => createRunFolder(kind, { points: 1 }, { name }));
      expect(runs.map((run) => run.path)).toEqual(['rangefit-runs/a', 'rangefit-runs/a-2', 'rangefit-runs/b']);
      for (const run of runs) run.close();
    } finally {
      process.chdir(before);
    }
  });

  it('has one writer, and is free again when that is killed', async () => {
    const script = [
      `import { createRunFolder } from ${JSON.stringify(built('experiments/run-folder.js'))};`,
      "import { z } from 'zod';",
      `const run = createRunFolder({ verb: 'count', input: z.any(), entry: z.any() }, { points: 10 }, { out: ${JSON.stringify(path)} });`,
      'for (let point = 0; ; point++) { run.add({ point }); if (point === 20) process.stdout.write("ready"); }',
    ].join('\n');
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(built('experiments/run-folder.js'), '../../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((ready) => child.stdout.once('data', ready));
    expect(() => resumeRunFolder(kind, path)).toThrow(`is in use by process ${child.pid}`);
    const gone = new Promise((exit) => child.once('exit', exit));
    child.kill('SIGKILL');
    await gone;
    const again = resumeRunFolder(kind, path);
    const points = [...again.entries()].map(({ point }) => point);
    expect(points.length).toBeGreaterThan(20);
    expect(points).toEqual(points.map((_, i) => i));
    again.close();
  });

  it('does not take more memory for a hundred times as many records', () => {
    const script = (count: number) => `
      import { createRunFolder } from ${JSON.stringify(built('experiments/run-folder.js'))};
      import { z } from 'zod';
      import { appendFileSync } from 'node:fs';
      const path = ${JSON.stringify(path)} + '-${count}';
      const kind = { verb: 'count', input: z.any(), entry: z.looseObject({ point: z.int() }) };
      const run = createRunFolder(kind, {}, { out: path });
      const text = 'x'.repeat(20000);
      for (let i = 0; i < ${count}; i++) appendFileSync(path + '/records.jsonl', JSON.stringify({ point: i, text }) + '\\n');
      let seen = 0;
      for (const { point } of run.entries()) seen += point === seen ? 1 : NaN;
      gc(); await new Promise((done) => setImmediate(done)); gc();
      console.log(JSON.stringify({ seen, peak: process.memoryUsage().heapUsed + process.memoryUsage().external }));`;
    const peak = (count: number) => {
      const options = { cwd: join(built('experiments/run-folder.js'), '../../..'), encoding: 'utf8' } as const;
      const words = ['--expose-gc', '--max-old-space-size=40', '--input-type=module', '-e', script(count)];
      const { stdout, stderr } = spawnSync(process.execPath, words, options);
      expect(stderr).toBe('');
      return JSON.parse(stdout) as { seen: number; peak: number };
    };
    const [few, many] = [peak(30), peak(3000)];
    expect([few.seen, many.seen]).toEqual([30, 3000]);
    // 60 MB of records pass through.
    expect(many.peak - few.peak).toBeLessThan(8e6);
  });
});
