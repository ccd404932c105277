// The pool: what a job gives does not depend on threads, a thread that dies is tried again, a stop is at once.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../experiments/interrupted.js';
import { LocalRuns, type Runs, ThreadRuns } from '../../experiments/pool.js';
import { SharedRuns } from '../../experiments/shared-runs.js';
import { jobKey, type SimulationJob } from '../../experiments/simulation-job.js';
import { InputError, type RunRecord } from '../../models/index.js';

const job = (seed: string, differs: Partial<SimulationJob> = {}): SimulationJob =>
  ({
    scenario: { name: 'a' },
    host: { name: 'h', limits: { backlog: 10 } },
    seed,
    options: {},
    ...differs,
  }) as SimulationJob;

describe('worker threads', () => {
  let folder: string;
  let open: Runs[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rangefit-pool-'));
  });
  afterEach(async () => {
    await Promise.all(open.map((runs) => runs.stop()));
    open = [];
    rmSync(folder, { recursive: true, force: true });
  });

  /** Threads whose `work` has this body; `job` is in scope. */
  function threads(workers: number, body: string): ThreadRuns {
    const file = join(folder, 'work.mjs');
    writeFileSync(file, `import * as fs from 'node:fs';\nexport async function work(job) {\n${body}\n}\n`);
    const runs = new ThreadRuns(workers, file);
    open.push(runs);
    return runs;
  }

  it.each([1, 2, 4])('give each job its own record, with %i of them', async (workers) => {
    const runs = threads(workers, 'return { record: { seed: job.seed, digest: job.seed + job.host.name } };');
    const seeds = Array.from({ length: 20 }, (_, i) => `s${i}`);
    const records = await Promise.all(seeds.map((seed) => runs.run(job(seed))));
    expect(records.map((record) => record.digest)).toEqual(seeds.map((seed) => `${seed}h`));
    expect([runs.asked, runs.finished]).toEqual([20, 20]);
  });

  it('are tried once more when they die', async () => {
    const mark = join(folder, 'died');
    const runs = threads(
      1,
      `if (!fs.existsSync(${JSON.stringify(mark)})) { fs.writeFileSync(${JSON.stringify(mark)}, ''); process.exit(3); }
       return { record: { seed: job.seed } };`,
    );
    expect((await runs.run(job('x'))).seed).toBe('x');
    expect(existsSync(mark)).toBe(true);
  });

  it('are given up when they die again', async () => {
    await expect(threads(1, 'process.exit(3);').run(job('x'))).rejects.toThrow(/died twice/);
  });

  it('hand over a mistake in the input as one', async () => {
    const runs = threads(1, "return { input: { where: 'link.up', expected: 'a rate', found: '3' } };");
    await expect(runs.run(job('x'))).rejects.toEqual(new InputError('link.up', 'a rate', '3'));
    await expect(runs.run(job('x'))).rejects.toBeInstanceOf(InputError);
  });

  it('hand over a broken invariant with its stack', async () => {
    const runs = threads(1, "return { broken: 'Error: lost a packet\\n    at somewhere' };");
    await expect(runs.run(job('x'))).rejects.toMatchObject({ stack: expect.stringContaining('at somewhere') });
  });

  it('end at once when stopped', async () => {
    const runs = threads(2, "if (job.seed === 'quick') return { record: {} }; for (;;);");
    await runs.run(job('quick'));
    const endless = [runs.run(job('a')), runs.run(job('b')), runs.run(job('c'))];
    const settled = Promise.allSettled(endless);
    await runs.stop();
    for (const result of await settled)
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(Interrupted) });
    await expect(runs.run(job('d'))).rejects.toBeInstanceOf(Interrupted);
    expect(runs.finished).toBe(1);
  });
});

describe('runs in this thread', () => {
  it('are what the job says', async () => {
    const runs = new LocalRuns((j) => ({ seed: j.seed }) as RunRecord);
    expect((await runs.run(job('7'))).seed).toBe('7');
    await runs.stop();
    await expect(runs.run(job('8'))).rejects.toBeInstanceOf(Interrupted);
  });
});

describe('shared runs', () => {
  it('run a job once, however often and however soon it is asked for', async () => {
    let ran = 0;
    const runs = new SharedRuns(
      new LocalRuns((j) => ({ seed: j.seed, digest: String(++ran), vnodes: [] }) as unknown as RunRecord),
    );
    const [first, second] = await Promise.all([runs.run(job('1')), runs.run(job('1'))]);
    expect(first).toBe(second);
    expect((await runs.run(job('2'))).digest).toBe('2');
    expect(ran).toBe(2);
  });

  it('forget the records asked for longest ago once they hold too many vnodes, and run those again', async () => {
    let ran = 0;
    const run = (j: SimulationJob) =>
      ({ seed: j.seed, digest: String(++ran), vnodes: [{}, {}] }) as unknown as RunRecord;
    const runs = new SharedRuns(new LocalRuns(run), 5);
    for (const seed of ['1', '2', '1', '3']) await runs.run(job(seed));
    expect(ran).toBe(3);
    await runs.run(job('1'));
    expect(ran).toBe(3);
    expect((await runs.run(job('2'))).digest).toBe('4');
  });

  it('tell jobs apart by everything that matters, and by nothing else', () => {
    const host = (backlog: number) => ({ limits: { backlog }, name: 'h' }) as unknown as SimulationJob['host'];
    expect(jobKey(job('1', { host: host(10) }))).toBe(jobKey(job('1')));
    expect(jobKey(job('1', { host: host(Number.POSITIVE_INFINITY) }))).not.toBe(jobKey(job('1')));
    expect(jobKey(job('1', { options: { window: 5 } }))).not.toBe(jobKey(job('1')));
    expect(jobKey(job('2'))).not.toBe(jobKey(job('1')));
  });
});
