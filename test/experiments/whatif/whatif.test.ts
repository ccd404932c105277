// What-if studies in a world whose constraints are known, and in real simulations: resumed, they repeat nothing.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../../calibration/index.js';
import { type PlanRequest, plan } from '../../../experiments/planner/index.js';
import { LocalRuns } from '../../../experiments/pool.js';
import type { Setting } from '../../../experiments/settings.js';
import {
  parseScan,
  Study,
  type StudyEntry,
  sweepReport,
  sweepSchema,
  type WhatifRequest,
  whatif,
} from '../../../experiments/whatif/index.js';
import { type HostProfile, type Scenario, scenarioSchema } from '../../../models/index.js';
import { built } from '../../built.js';
import { type FakeWorld, fakeHost, fakeRun } from '../planner/fake-world.js';
import { rangefit } from '../session.js';

const swarm = (limits: 'raised' | 'stock'): Scenario =>
  scenarioSchema.parse({ name: 'swarm', workload: { kind: 'swarm', file: '2MB' }, link: { up: '32KB/s' }, limits });

/** A request for a fake host, with the settings that these tests make. */
const requestOf =
  (limits: 'raised' | 'stock' = 'raised') =>
  (settings: readonly Setting[]): PlanRequest => {
    const set = new Map(settings.map(({ group, path, value }) => [[group, ...path].join('.'), value]));
    const profile = fakeHost({
      memory: parseFloat(String(set.get('host.memory') ?? '2GiB')) * 2 ** 30,
      cores: Number(set.get('host.cores') ?? 2),
    });
    const openvz = profile.platforms.openvz as NonNullable<HostProfile['platforms']['openvz']>;
    const gcThresh3 = set.get('host.gcThresh3');
    if (gcThresh3 !== undefined) openvz.gcThresh3 = { value: Number(gcThresh3), source: 'assumed', note: 'set' };
    return {
      scenario: swarm(limits),
      hosts: [{ profile }],
      vnodes: Number(set.get('range.peers') ?? 1000),
      seed: '1',
      tolerances: defaultTolerances,
    };
  };

const MIB = 2 ** 20;
// Two cores at 1 % a vnode: 5 % slower at 189. Memory for 100.
const WORLD: FakeWorld = { cpuPerVnode: 0.01, memoryPerVnode: (2048 * MIB) / 100, entriesPerVnode: 20 };

const request = (differs: Partial<WhatifRequest> = {}): WhatifRequest => ({
  requestOf: requestOf(),
  scans: [],
  sample: null,
  target: null,
  fleet: null,
  ...differs,
});

/** A study on simulated hosts of this world; `entries` are what a run folder would keep. */
async function ask(asked: WhatifRequest, entries: StudyEntry[] = [], world = WORLD) {
  const runs = new LocalRuns(fakeRun(world));
  const folder = { entries: () => [...entries].values(), add: (entry: StudyEntry) => entries.push(entry) };
  const document = await whatif(asked, new Study(runs, folder as never, () => undefined));
  return { document, asked: runs.asked, entries };
}

const SCANS = ['host.memory=1GiB..4GiB:1GiB', 'host.cores=1,2,4', 'range.peers=500,1000'].map(parseScan);

describe('a grid', () => {
  it('answers each point as a plan of it would, and says what moves the knee and where the constraint changes', async () => {
    const { document } = await ask(request({ scans: SCANS }));
    expect(sweepSchema.safeParse(document).error).toBeUndefined();
    expect(document.points).toHaveLength(24);
    for (const { values, answer } of document.points) {
      const settings = SCANS.map(({ path }, i) => ({ ...split(path), value: values[i], flag: '' }));
      const { answer: planned } = await plan(requestOf()(settings), new LocalRuns(fakeRun(WORLD)));
      expect(answer.binding.id).toBe(planned.binding.id);
      expect(Math.abs(answer.vnodesPerHost - planned.vnodesPerHost.value)).toBeLessThanOrEqual(0.01 * answer.knee);
    }
    const [most, second, third] = document.sensitivity;
    expect([most?.path, second?.path, third?.path].sort()).toEqual(['host.cores', 'host.memory', 'range.peers']);
    expect(third).toMatchObject({ path: 'range.peers', share: 0, switches: [] });
    // 50 a GiB, and 94.5 a core: with two cores memory for 200 is where the CPU comes first.
    const memory = document.sensitivity.find(({ path }) => path === 'host.memory');
    expect(memory?.switches).toContainEqual({
      from: '3GiB',
      to: '4GiB',
      before: 'memory',
      after: 'cpu',
      lines: 2,
      of: 6,
    });
    expect(memory?.switches).toContainEqual({
      from: '1GiB',
      to: '2GiB',
      before: 'memory',
      after: 'cpu',
      lines: 2,
      of: 6,
    });
    expect(sweepReport(document, false)).toMatch(
      /^host\.(memory|cores) moves the knee most: from \d+ \(1(GiB)?\) to \d+ \(4(GiB)?\) peers per host on average\n/,
    );
    expect(sweepReport(document, false)).toMatch(/between 3GiB and 4GiB cpu binds instead of memory \(2 of 6 lines\)/);
  });

  it('is the same after any interruption, and asks for nothing again', async () => {
    const whole = await ask(request({ scans: SCANS }));
    for (const finished of [1, 7, whole.entries.length]) {
      const again = await ask(request({ scans: SCANS }), whole.entries.slice(0, finished));
      expect(JSON.stringify(again.document)).toBe(JSON.stringify(whole.document));
      expect(again.entries).toHaveLength(whole.entries.length);
      expect(again.asked).toBeLessThanOrEqual(whole.asked);
      if (finished === whole.entries.length) expect(again.asked).toBe(0);
    }
  });

  it('runs once what several points share', async () => {
    const cores = parseScan('host.cores=1,2,4');
    const one = await ask(request({ scans: [cores, parseScan('host.memory=64GiB')] }));
    const two = await ask(request({ scans: [cores, parseScan('host.memory=64GiB,128GiB')] }));
    // The search of the second memory begins where the first one ended.
    expect(two.asked).toBeLessThan(1.3 * one.asked);
  });
});

const split = (path: string) => {
  const [group, ...rest] = path.split('.');
  return { group: group as Setting['group'], path: rest };
};

/** What a plan with the change says. */
async function plannedWith(change: readonly { path: string; value: unknown }[], limits: 'raised' | 'stock' = 'raised') {
  const settings = change.map(({ path, value }) => ({ ...split(path), value, flag: '' }));
  return (await plan(requestOf(limits)(settings), new LocalRuns(fakeRun(WORLD)))).answer.vnodesPerHost.value;
}

describe('the cheapest change', () => {
  const target = { vnodesPerHost: 140, hosts: null };

  it('of a study reaches the target when it is planned with, and with less of it does not', async () => {
    const { document } = await ask(request({ scans: SCANS, target }));
    // One purchase is enough: the CPU would hold 189.
    expect(document.target).toMatchObject({
      reached: true,
      before: 100,
      change: [{ path: 'host.memory', value: '3GiB' }],
    });
    expect(document.target?.sentence).toBe('set host.memory=3GiB: from 100 to 150 peers per host');
    expect(await plannedWith(document.target?.change ?? [])).toBe(document.target?.after?.value);
    expect(await plannedWith([{ path: 'host.memory', value: '2GiB' }])).toBeLessThan(140);
  });

  it('without a study moves what binds, one constraint after the other, and no further than needed', async () => {
    const { document } = await ask(request({ requestOf: requestOf('stock'), target }));
    // 51 vnodes fill the stock table, 140 take 2,800 entries; memory for 140 is the next size above 2.8 GiB.
    expect(document.target).toMatchObject({
      reached: true,
      before: 51,
      change: [
        { path: 'host.gcThresh3', value: 4096 },
        { path: 'host.memory', value: '3GiB' },
      ],
      commands: [expect.stringContaining('gc_thresh3=4096')],
      sentence: 'raise gc_thresh3 to 4096 and raise memory to 3GiB: from 51 to 150 peers per host',
    });
    const change = document.target?.change ?? [];
    expect(await plannedWith(change, 'stock')).toBe(150);
    for (const left of change)
      expect(
        await plannedWith(
          change.filter((one) => one !== left),
          'stock',
        ),
      ).toBeLessThan(140);
  });

  it('says so when nothing needs to change, when no point reaches it, and when nothing does', async () => {
    const easy = await ask(request({ target: { vnodesPerHost: null, hosts: 12 } }));
    expect(easy.document.target).toMatchObject({ reached: true, change: [] });
    const scanned = await ask(request({ scans: SCANS, target: { vnodesPerHost: 5000, hosts: null } }));
    expect(scanned.document.target).toMatchObject({
      reached: false,
      sentence: expect.stringMatching(/^none of the 24/),
    });
    const never = await ask(request({ target: { vnodesPerHost: 50_000, hosts: null } }));
    expect(never.document.target).toMatchObject({
      reached: false,
      sentence: expect.stringMatching(/^nothing reaches/),
    });
  });
});

describe('the command line', () => {
  let folder: string;
  const STUDY = [
    ...['whatif', '--host', 'pc3000', '--scenario', 'pairs-100mbit', '--quiet'],
    ...['--set', 'scenario.workload.duration=100ms', '--set', 'scenario.link.up=400Mbit/s'],
    ...['--scan', 'host.cores=1,2,3', '--scan', 'range.pairs=2,50'],
  ];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rangefit-whatif-'));
    expect(await rangefit([...STUDY, '--workers', '0', '--out', join(folder, 'whole')])).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sweep = (run: string) => readFileSync(join(folder, run, 'sweep.json'), 'utf8');
  const lines = (...path: string[]): string[] => {
    try {
      return readFileSync(join(folder, ...path, 'records.jsonl'), 'utf8')
        .trimEnd()
        .split('\n');
    } catch {
      return [];
    }
  };
  const jobs = (told: readonly string[]): string[] => told.map((line) => JSON.parse(line).job);

  it('gives the same bytes after a kill, on other threads, without asking again for what was finished', async () => {
    const words = [...STUDY, '--workers', '3', '--out', join(folder, 'killed')];
    const child = spawn(process.execPath, [built('experiments/cli.js'), ...words]);
    while (lines('killed').length < 2 && child.exitCode === null) await new Promise((wake) => setTimeout(wake, 10));
    child.kill('SIGKILL');
    await new Promise((gone) => child.once('close', gone));
    const before = lines('killed').filter((line) => line.endsWith('}'));
    expect(await rangefit(['whatif', '--quiet', '--resume', join(folder, 'killed')])).toMatchObject({ code: 0 });
    expect(sweep('killed')).toBe(sweep('whole'));
    const after = lines('killed');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(new Set(jobs(after)).size).toBe(after.length);
  });

  it('gives the same bytes as a Slurm array, a task of which was lost', async () => {
    const at = join(folder, 'array');
    const told = await rangefit([...STUDY, '--slurm', at, '--parts', '3']);
    expect(told).toEqual({ code: 0, err: '', out: `sbatch ${at}/array.sh\nrangefit whatif --resume ${at}\n` });
    const script = join(at, 'array.sh');
    expect(readFileSync(script, 'utf8')).toContain('#SBATCH --array=1-3\n');
    const task = (id: number): string => {
      const env = { ...process.env, SLURM_ARRAY_TASK_ID: String(id), SLURM_CPUS_PER_TASK: '1' };
      // As Slurm does: from a copy, in a folder of its own.
      return execFileSync('bash', ['-s'], {
        ...{ input: readFileSync(script), env, cwd: tmpdir(), encoding: 'utf8' },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
    };
    expect(task(1)).toMatch(/^part 1\/3: \d points are answered\n$/);
    const first = lines('array', 'parts', '1-of-3');
    expect(first.length).toBeGreaterThan(1);
    task(3);
    task(1);
    expect(lines('array', 'parts', '1-of-3')).toEqual(first);
    expect(await rangefit(['whatif', '--quiet', '--resume', at])).toMatchObject({ code: 0 });
    expect(sweep('array')).toBe(sweep('whole'));
    // Here only what the lost task had was run.
    const known = new Set([...jobs(first), ...jobs(lines('array', 'parts', '3-of-3'))]);
    expect(jobs(lines('array')).filter((job) => known.has(job))).toEqual([]);
    expect(new Set([...known, ...jobs(lines('array'))]).size).toBe(lines('whole').length);
  });

  it('names the cheapest change of three parameters, with which a plan reaches the target', async () => {
    const short = ['--host', 'pc3000', '--scenario', 'pairs-100mbit', '--set', 'scenario.workload.duration=100ms'];
    const pairsOf = async (words: readonly string[]) =>
      JSON.parse((await rangefit(['plan', ...short, ...words, '--json', '--quiet'])).out).answer;
    const before = (await pairsOf([])).pairsPerHost.value;
    const wanted = before + 2;
    const scans = ['host.cores=1,2,4', 'host.memory=1GiB,2GiB', 'scenario.link.up=50Mbit/s,100Mbit/s'];
    const asIs = [2, '2GiB', '100Mbit/s'];
    const words = [...short, ...scans.flatMap((scan) => ['--scan', scan]), '--target-per-host', String(wanted)];
    const at = join(folder, 'target');
    expect(await rangefit(['whatif', ...words, '--quiet', '--out', at])).toMatchObject({ code: 0, err: '' });
    const { target, points, base } = sweepSchema.parse(JSON.parse(sweep('target')));
    if (!target) throw new Error('no target');
    expect([target.reached, base.pairsPerHost]).toEqual([true, before]);
    const change = target.change.flatMap(({ path, value }) => ['--set', `${path}=${value}`]);
    const answer = await pairsOf(change);
    expect(answer.vnodesPerHost).toEqual(target.after);
    expect(answer.pairsPerHost.value).toBeGreaterThanOrEqual(wanted);
    expect(target.sentence).toBe(
      `set ${target.change.map(({ path, value }) => `${path}=${value}`).join(' and ')}: from ${before} to ${answer.pairsPerHost.value} pairs per host`,
    );
    // No fewer changes are enough.
    const differs = (values: readonly unknown[]) => values.filter((value, axis) => value !== asIs[axis]).length;
    const fewer = points.filter(({ values }) => differs(values) < target.change.length);
    expect(fewer.length).toBeGreaterThan(0);
    expect(fewer.filter((point) => point.answer.vnodesPerHost >= 2 * wanted)).toEqual([]);
  });

  it.each([
    [[], /whatif: expected --scan/],
    [['--scan', 'host.memry=1GiB,2GiB'], /--scan host\.memry=1GiB: expected one of .*did you mean "memory"/],
    [['--scan', 'host.memory=2,3'], /--scan host\.memory=2: expected a size with its unit/],
    [['--scan', 'host.cores=1..4'], /expected a step/],
    [['--scan', 'host.cores=1,2', '--scan', 'host.cores=3,4'], /each path once/],
    [['--points', '5', '--target-per-host', '9'], /--points: expected a --scan to sample/],
    [['--target-per-host', '9', '--target-hosts', '9'], /no --target-per-host beside it/],
    [['--price', 'pc3000'], /--price: expected HOST=PRICE/],
    [['--price', 't7500=4'], /--price: expected one of pc3000, found t7500/],
    [['--resume', 'nowhere'], /no --host beside it/],
    [['--part', '1/2'], /--part: expected --resume beside it/],
    [['--slurm', 'nowhere', '--json'], /--slurm: expected no --json beside it/],
    [['--slurm', 'nowhere', '--target-per-host', '9'], /--slurm: expected a --scan to share out/],
  ])('refuses %j in one line', async (words, message) => {
    const { code, err } = await rangefit(['whatif', '--host', 'pc3000', ...words]);
    expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(err).toMatch(message);
  });
});
