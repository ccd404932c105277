// Peers that come and go: at the times of a trace, as chance has it, and what that does to those that stay.

import { describe, expect, it } from 'vitest';
import {
  hostCatalogue,
  idealHost,
  type RunRecord,
  resolveHost,
  type ScenarioDocument,
  scenarioSchema,
} from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

const host = resolveHost(hostCatalogue.t7500!, undefined, 'raised');
type Churn = Extract<ScenarioDocument['workload'], { kind: 'swarm' }>['churn'];

function run(churn: Churn, more: object = {}, ideal = true): RunRecord {
  const scenario = scenarioSchema.parse({
    name: 'churn',
    workload: {
      kind: 'swarm',
      peers: 20,
      seeders: 1,
      file: '2MB',
      piece: '64KiB',
      client: 'aria2',
      start: '10s',
      churn,
      ...more,
    },
    link: { up: '64KB/s', down: '256KB/s' },
    deadline: '10min',
  });
  return simulate(scenario, ideal ? idealHost(host) : host, '1', { seriesInterval: 1e9 });
}

const leechers = ({ vnodes }: RunRecord) => vnodes.filter(({ role }) => role === 'leecher');
const named = ({ vnodes }: RunRecord, name: string) => vnodes.find(({ vnode }) => vnode === name)!;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const times = (record: RunRecord) =>
  leechers(record).flatMap(({ startedAt, completedAt }) => (completedAt === null ? [] : [completedAt - startedAt!]));

describe('peers that come and go', () => {
  it.each([
    ['ideal', true],
    ['with costs', false],
  ])('come and leave when their session says, on a host %s', (_, ideal) => {
    const sessions = [
      { peer: 'peer-3', from: '30s', until: '33s' },
      { peer: 'peer-4', from: '2s' },
    ];
    const record = run({ sessions }, {}, ideal);
    const [gone, came] = [named(record, 'peer-3'), named(record, 'peer-4')];
    expect(gone.startedAt).toBeGreaterThanOrEqual(30);
    expect(gone.startedAt).toBeLessThan(30.1);
    expect(came.startedAt).toBeGreaterThanOrEqual(2);
    expect(came.startedAt).toBeLessThan(2.1);
    expect(gone).toMatchObject({ completedAt: null });
    expect(gone.leftAt).toBeGreaterThanOrEqual(33);
    expect(gone.leftAt).toBeLessThan(33.1);
    expect(came).not.toHaveProperty('leftAt');
    // Three seconds of its uplink, and what TCP had in hand.
    expect(gone.wireSent).toBeLessThan(64e3 * 3 + 64e3);
    expect(record.totals).toMatchObject({ completed: 18, unfinished: 1 });
    expect(record.totals.virtualSeconds).toBeLessThan(600);
  });

  it('leave the file behind, where the only seeder goes before anybody has it', () => {
    const sessions = [{ peer: 'peer-20', from: '0s', until: '5s' }];
    const record = run({ sessions });
    const seeder = record.vnodes.find(({ role }) => role === 'seeder')!;
    expect(seeder.vnode).toBe('peer-20');
    expect(record.totals.completed).toBe(0);
    expect(record.totals.virtualSeconds).toBeCloseTo(600, 0);
  });

  it('take longer when nobody stays to seed', () => {
    const [stay, go] = [run(undefined), run({ seeding: '1s' })];
    expect(stay.totals).toMatchObject({ completed: 19, unfinished: 0 });
    expect(go.totals).toMatchObject({ completed: 19, unfinished: 0 });
    expect(mean(times(go))).toBeGreaterThan(mean(times(stay)));
  });

  it('give up in part when they are impatient, and nobody waits for those', () => {
    const record = run({ patience: '40s' });
    const { completed, unfinished, virtualSeconds } = record.totals;
    expect(completed).toBeGreaterThan(0);
    expect(unfinished).toBeGreaterThan(3);
    expect(completed + unfinished).toBe(19);
    expect(virtualSeconds).toBeLessThan(600);
  });

  it('come at exponential gaps when arrivals are Poisson: as many a second, and as scattered', () => {
    const starts = (arrivals: 'even' | 'poisson') =>
      leechers(run({ arrivals }, { peers: 150, file: '64KiB', start: '150s' })).map(({ startedAt }) => startedAt!);
    const gaps = (list: readonly number[]) => list.slice(1).map((at, i) => at - list[i]!);
    const [even, poisson] = [gaps(starts('even')), gaps(starts('poisson'))];
    const deviation = (list: readonly number[]) => Math.sqrt(mean(list.map((gap) => (gap - mean(list)) ** 2)));
    expect(Math.min(...poisson)).toBeGreaterThanOrEqual(0);
    // 148 gaps: the mean's standard error is 8 %, the deviation's about 12 %.
    expect(Math.abs(mean(poisson) / mean(even) - 1)).toBeLessThan(3 * 0.082);
    expect(deviation(poisson)).toBeGreaterThan(0.6);
    expect(deviation(even)).toBeLessThan(0.1);
  });
});
