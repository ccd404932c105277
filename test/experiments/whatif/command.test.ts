// `whatif` on the command line, with real simulations: resumed, it repeats nothing, and what it names is what plans say.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepSchema } from '../../../experiments/whatif/index.js';
import { built } from '../../built.js';
import { rangefit } from '../session.js';

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

  it('samples stretches, with the report and its pictures', async () => {
    const short = ['--host', 'pc3000', '--scenario', 'pairs-100mbit', '--set', 'scenario.workload.duration=50ms'];
    const scans = ['--scan', 'host.cores=1,4', '--scan', 'scenario.link.up=50Mbit/s..400Mbit/s'];
    const at = join(folder, 'sample');
    const asked = ['whatif', ...short, ...scans, '--points', '8', '--workers', '0', '--quiet', '--out', at];
    const { code, out } = await rangefit(asked);
    expect({ code, told: /as far as 8 points tell: from /.test(out) }).toEqual({ code: 0, told: true });
    const { points, sensitivity } = sweepSchema.parse(JSON.parse(sweep('sample')));
    expect(points).toHaveLength(8);
    expect(sensitivity.every(({ estimate }) => estimate !== null)).toBe(true);
    const page = await rangefit(['report', join(at, 'sweep.json'), '--format', 'md']);
    expect(page.out).toMatch(/\| changes what binds \|/);
    expect(page.out).toMatch(/\| (at no point|(yes|not known): \d+\.\d % likely) \|/);
    for (const { path, levels } of sensitivity) {
      const picture = `parameter-${sensitivity.findIndex((one) => one.path === path) + 1}`;
      const { out: rows } = await rangefit(['report', join(at, 'sweep.json'), '--format', 'csv', '--table', picture]);
      const named = levels.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
      expect(
        rows
          .trim()
          .split('\r\n')
          .slice(1)
          .map((row) => row.split(',')[0]),
      ).toEqual(named);
    }
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

  /** The points of a study of an idle range, each with its values in words. */
  const idlePoints = async (name: string, ...words: string[]) => {
    const idle = ['--scenario', 'idle', '--set', 'scenario.workload.duration=100ms', '--quiet', '--workers', '0'];
    const told = await rangefit(['whatif', '--host', 't7500', ...idle, ...words, '--out', join(folder, name)]);
    expect(told).toMatchObject({ code: 0, err: '' });
    return sweepSchema.parse(JSON.parse(sweep(name))).points;
  };

  it('scans technologies by their names, each as a plan with --tech has it', async () => {
    const names = ['lxc', 'openvz', 'kvm'];
    const points = await idlePoints('tech', '--peers', '600', '--scan', `host.technology=${names.join(',')}`);
    expect(points.map(({ values, answer }) => [values[0], answer.technology])).toEqual(names.map((one) => [one, one]));
    expect(new Set(points.map(({ answer }) => answer.vnodesPerHost)).size).toBeGreaterThan(1);
    const idle = ['--scenario', 'idle', '--peers', '600', '--set', 'scenario.workload.duration=100ms', '--quiet'];
    for (const { answer } of points)
      for (const way of [
        ['--tech', answer.technology],
        ['--set', `host.technology=${answer.technology}`],
      ]) {
        const planned = JSON.parse((await rangefit(['plan', '--host', 't7500', ...idle, ...way, '--json'])).out);
        expect(planned.technology).toBe(answer.technology);
        const { vnodesPerHost, binding } = planned.answer;
        expect(binding.id).toBe(answer.binding.id);
        expect(Math.abs(vnodesPerHost.value - answer.vnodesPerHost)).toBeLessThanOrEqual(0.01 * answer.knee);
      }
  });

  it('scans what a flag is short for, whatever the flag says', async () => {
    const sizes = await idlePoints('sizes', '--peers', '50', '--scan', 'range.peers=20,40');
    expect(sizes.map(({ answer }) => answer.vnodes)).toEqual([20, 40]);
    const limits = await idlePoints(
      'limits',
      '--peers',
      '5000',
      '--limits',
      'stock',
      '--scan',
      'scenario.limits=stock,raised',
      '--set',
      'host.memory=256GiB',
      '--set',
      'host.disk=100TB',
    );
    expect(new Set(limits.map(({ answer }) => answer.knee)).size).toBe(2);
  });

  it('scans tolerances, each as a plan with it has it', async () => {
    const short = ['--host', 'pc3000', '--scenario', 'pairs-100mbit', '--set', 'scenario.workload.duration=100ms'];
    const loose = ['--set', 'tolerance.latency=1s', '--set', 'tolerance.loss=90%', '--quiet', '--workers', '0'];
    const at = join(folder, 'tolerance');
    const scan = ['--scan', 'tolerance.goodput=95%,60%'];
    expect(await rangefit(['whatif', ...short, ...loose, ...scan, '--out', at])).toMatchObject({ code: 0, err: '' });
    const { points } = sweepSchema.parse(JSON.parse(sweep('tolerance')));
    const [strict, lax] = points.map(({ answer }) => answer);
    expect(lax?.knee).toBeGreaterThan(strict?.knee as number);
    for (const { values, answer } of points) {
      const words = ['plan', ...short, ...loose, '--set', `tolerance.goodput=${values[0]}`, '--json'];
      const planned = JSON.parse((await rangefit(words)).out).answer;
      expect(Math.abs(planned.vnodesPerHost.value - answer.vnodesPerHost)).toBeLessThanOrEqual(2);
    }
  });

  it('names the cheapest fleet under prices, on which a plan fits, and not on a host less', async () => {
    const idle = ['--scenario', 'idle', '--peers', '900', '--set', 'scenario.workload.duration=100ms', '--quiet'];
    const asked = ['--host', 't7500,pc3000', '--price', 't7500=500,pc3000=90', '--out', join(folder, 'fleet')];
    expect(await rangefit(['whatif', ...idle, ...asked])).toMatchObject({ code: 0, err: '' });
    const { fleet } = sweepSchema.parse(JSON.parse(sweep('fleet')));
    if (!fleet?.hosts || !fleet.cost) throw new Error('no fleet');
    expect(fleet).toMatchObject({ settled: true, fits: true, vnodes: 900 });
    expect(fleet.hosts.value).toBe(fleet.shares.reduce((sum, { used }) => sum + used, 0));
    expect(fleet.cost.value).toBe(fleet.shares.reduce((sum, { used, price }) => sum + used * (price ?? 0), 0));
    expect(fleet.hosts.low).toBeLessThan(fleet.hosts.high ?? 0);
    const chosen = fleet.shares.filter(({ used }) => used > 0);
    const planOn = (less: number) => {
      const counts = chosen.map(({ host, used }, i) => `${host}:${i === 0 ? used - less : used}`);
      return rangefit(['plan', ...idle, '--fleet', counts.filter((one) => !one.endsWith(':0')).join(',')]);
    };
    expect(await planOn(0)).toMatchObject({ code: 0 });
    expect(await planOn(1)).toMatchObject({ code: 1 });
  });

  it.each([
    [[], /whatif: expected --scan/],
    [['--scan', 'host.memry=1GiB,2GiB'], /--scan host\.memry=1GiB: expected one of .*did you mean "memory"/],
    [['--scan', 'host.memory=2,3'], /--scan host\.memory=2: expected a size with its unit/],
    [['--scan', 'host.cores=1..4'], /expected a step/],
    [
      ['--scan', 'host.technology=openvz,docker'],
      /--scan host\.technology=docker: expected one of lxc, openvz, .*docker/,
    ],
    [['--scan', 'host.cores=1,2', '--scan', 'host.cores=3,4'], /each path once/],
    [['--points', '5', '--target-per-host', '9'], /--points: expected a --scan to sample/],
    [['--points', '3', '--scan', 'host.cores=1..9'], /--points: expected a whole number from 4/],
    [['--target-per-host', '9', '--target-hosts', '9'], /no --target-per-host beside it/],
    [['--price', 'pc3000'], /--price: expected HOST=PRICE/],
    [['--price', 't7500=4'], /--price: expected one of pc3000, found t7500/],
    [['--resume', 'nowhere'], /no --host beside it/],
    [['--part', '1/2'], /--part: expected --resume beside it/],
    [['--slurm', 'nowhere', '--json'], /--slurm: expected no --json beside it/],
    [['--slurm', 'nowhere', '--workers', '2'], /--slurm: expected no --workers beside it: nothing is run here/],
    [['--parts', '3', '--scan', 'host.cores=1,2'], /--parts: expected --slurm beside it/],
    [['--slurm', 'nowhere', '--target-per-host', '9'], /--slurm: expected a --scan to share out/],
  ])('refuses %j in one line', async (words, message) => {
    const { code, err } = await rangefit(['whatif', '--host', 'pc3000', ...words]);
    expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(err).toMatch(message);
  });
});
