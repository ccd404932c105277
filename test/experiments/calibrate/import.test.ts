// Importing: what tables and iperf3 results become, and mistakes told with file and line.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rangefit } from '../session.js';

const MACHINE = ['--name', 'lab', '--processor', 'Xeon', '--cores', '8', '--memory', '16GiB', '--kernel', '5.10.0'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function imported(name: string, content: string, ...more: string[]) {
  const file = join(folder, name);
  writeFileSync(file, content);
  const told = await rangefit(['host', 'import', file, ...MACHINE, ...more], { RANGEFIT_HOME: folder });
  const saved = () => JSON.parse(readFileSync(join(folder, 'observations/lab.json'), 'utf8'));
  return { ...told, file, saved };
}

describe('a table', () => {
  it('gives one experiment for all rows that ran the same, its repeats their mean', async () => {
    const { code, saved } = await imported(
      'runs.csv',
      [
        'pairs,vnodes,up,duration,cpu,rate,memory,held-out',
        '4,,100Mbit/s,10s,41%,382Mbit/s,,',
        '4,,100Mbit/s,10s,43%,384Mbit/s,,',
        '8,,100Mbit/s,10s,80.5%,,,yes',
        ',60,,30s,1%,,90MB,',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
    const { experiments, origin, machine } = saved();
    expect(origin).toBe('import');
    expect(machine).toMatchObject({ processor: 'Xeon', cores: 8, memory: 16 * 2 ** 30 });
    expect(experiments.map((one: { heldOut: boolean }) => one.heldOut)).toEqual([false, true, false]);
    expect(experiments[0].scenario.link.up).toBe('100Mbit/s');
    expect(experiments[0].observations).toMatchObject([
      { metric: 'cpu', value: 42, repeats: [41, 43] },
      { metric: 'rate', value: 383e6, repeats: [382e6, 384e6] },
    ]);
    expect(experiments[2].scenario.workload).toMatchObject({ kind: 'idle', vnodes: 60, duration: '30s' });
    expect(experiments[2].observations[1]).toMatchObject({ metric: 'memory', value: 90e6 });
  });

  it.each([
    ['an unknown column', 'pairs,speed\n1,3', /:1: expected columns of .* found "speed"/],
    ['a measurement without its unit', 'pairs,cpu\n1,40', /:2: expected cpu such as 45.2%, found "40"/],
    ['a row without a measurement', 'pairs,cpu\n1,', /:2: expected a measurement/],
    ['a row that is too long', 'pairs,cpu\n1,40%,7', /:2: expected 2 cells/],
    ['a measurement that its workload has not', 'vnodes,rate\n4,1Mbit/s', /:2: expected .* of idle, found rate/],
    ['both pairs and vnodes', 'pairs,vnodes,cpu\n1,2,40%', /:2: expected a whole number of pairs/],
    ['a link that no scenario may have', 'pairs,up,cpu\n1,100Mbit,40%', /runs.csv:2: expected .*rate/],
  ])('is refused for %s, by line', async (_what, content, says) => {
    const { code, err } = await imported('runs.csv', content);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(says);
  });
});

describe('an iperf3 result', () => {
  const result = (test: object, end: object) => JSON.stringify({ start: { test_start: test }, end });

  it('is a run of as many pairs as it had streams, with the rate at the receiver', async () => {
    const tcp = { protocol: 'TCP', num_streams: 2, blksize: 131072, duration: 10 };
    const { code, saved } = await imported(
      'flow.json',
      result(tcp, { sum_received: { bits_per_second: 9.4e8 } }),
      '--set',
      'scenario.link.up=1Gbit/s',
    );
    expect(code).toBe(0);
    const [experiment] = saved().experiments;
    expect(experiment.scenario).toMatchObject({ workload: { pairs: 2, duration: '10s' }, link: { up: '1Gbit/s' } });
    expect(experiment.observations).toMatchObject([{ metric: 'rate', value: 9.4e8 }]);
  });

  it('is refused in one line when the test failed', async () => {
    const { code, err } = await imported('flow.json', JSON.stringify({ start: {}, end: {}, error: 'no route' }));
    expect(code).toBe(2);
    expect(err).toMatch(/flow.json: start.test_start: expected a result of `iperf3 --json`/);
  });
});

describe('a profile that was fitted to imported runs', () => {
  it('keeps the command that fitted it, which its report shows', async () => {
    await imported('runs.csv', 'vnodes,duration,cpu\n2,1s,1%\n');
    const own = { RANGEFIT_HOME: folder };
    expect((await rangefit(['host', 'fit', 'lab', '--seed', '2', '--quiet', '--workers', '0'], own)).code).toBe(0);
    const profile = join(folder, 'hosts/lab.json');
    const report = JSON.parse((await rangefit(['report', profile, '--json'])).out);
    expect(report.command).toBe('rangefit host fit lab --seed 2');
  });
});
