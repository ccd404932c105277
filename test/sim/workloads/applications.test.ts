// Applications that talk in messages: web, flood and ring. What is asked is answered, no sooner than physics allows; what
// is flooded reaches everybody once; what is looked up is found in logarithmically many hops.

import { describe, expect, it } from 'vitest';
import {
  type HostProfile,
  hostCatalogue,
  idealHost,
  type OverlayRecord,
  type RunRecord,
  resolveHost,
  type ScenarioDocument,
  scenarioSchema,
} from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

const real = resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', 'raised');
const ideal = idealHost(real);
const run = (document: Omit<ScenarioDocument, 'name'>, host = ideal, seed = '1'): RunRecord =>
  simulate(scenarioSchema.parse({ name: 'test', ...document }), host, seed);

const conserves = ({ totals }: RunRecord) =>
  expect(totals.packetsSent).toBe(totals.packetsDelivered + totals.packetsDropped + totals.packetsInFlight);

describe('web', () => {
  const link = { up: '8Mbit/s', down: '8Mbit/s', delay: '10ms' } as const;
  const seldom = { kind: 'web' as const, clients: 3, interval: '2s', duration: '20s', trace: ['100KB'] };

  it('answers no sooner than the links allow, and soon after that when nobody competes', () => {
    const record = run({ workload: seldom, link });
    conserves(record);
    const asked = record.vnodes.filter(({ role }) => role === 'client');
    expect(asked).toHaveLength(3);
    for (const { responses } of asked) {
      expect(responses?.count).toBeGreaterThan(3);
      // A request there and the answer back, four pipes of 10 ms, and 100 kB at 8 Mbit/s.
      expect(responses?.p50).toBeGreaterThan(0.04 + 0.1);
      expect(responses?.p50).toBeLessThan(0.5);
    }
    expect(record.totals.completed).toBe(asked.reduce((sum, { responses }) => sum + (responses?.count ?? 0), 0));
  });

  it('costs a host what it says: work of the replica delays answers', () => {
    const wait = (work: string) =>
      run({ workload: { ...seldom, work }, link }, real).vnodes.find(({ role }) => role === 'client')?.responses?.p50;
    expect((wait('50ms') as number) - (wait('0ns') as number)).toBeGreaterThan(0.045);
  });

  it('is asked of the nearest replica', () => {
    const places = ['a', 'b', 'c'].map((name) => ({ name, kind: 'router' as const }));
    const vnodes = ['far', 'near', 'client'].map((name) => ({ name, kind: 'vnode' as const }));
    const pipe = (from: number, to: number, link: number, delay: string) => [
      { from, to, link, rate: '10Mbit/s', delay },
      { from: to, to: from, link, rate: '10Mbit/s', delay },
    ];
    const pipes = [
      ...[...pipe(0, 1, 0, '20ms'), ...pipe(1, 2, 1, '20ms')],
      ...[...pipe(3, 0, 2, '1ms'), ...pipe(4, 2, 3, '1ms'), ...pipe(5, 2, 4, '1ms')],
    ];
    const record = run({
      workload: { kind: 'web', clients: 1, replicas: 2, interval: '500ms', duration: '10s', trace: ['1KB'] },
      network: { topology: { inline: { places: [...places, ...vnodes], pipes } } },
    });
    const [far, near] = record.vnodes;
    expect(far?.received).toBe(0);
    expect(near?.received).toBeGreaterThan(0);
  });
});

describe('flood', () => {
  const flood = (differs: object = {}): ScenarioDocument['workload'] => ({
    ...{ kind: 'flood', vnodes: 40, degree: 3, join: '4s', queries: 5, searching: '5s', duration: '15s', ttl: 12 },
    ...differs,
  });
  const overlay = (record: RunRecord): OverlayRecord => record.overlay as OverlayRecord;

  it('reaches every vnode once, and is answered', () => {
    const record = run({ workload: flood(), link: { delay: '5ms' } });
    conserves(record);
    const { reached, queries, hits, duplicates } = overlay(record);
    expect(queries).toBe(5);
    expect(reached.reduce((sum, count) => sum + count, 0)).toBe(5 * 39);
    expect(reached[0]).toBe(0);
    expect(hits).toBe(5);
    // Each link carries a query at most twice: both ends may send it before they hear it.
    expect(duplicates).toBeGreaterThan(0);
    expect(record.totals.completed).toBe(5);
  });

  it('goes no further than it may live', () => {
    const near = overlay(run({ workload: flood({ ttl: 2, pingTtl: 0 }) }));
    expect(near.reached).toHaveLength(3);
    const far = overlay(run({ workload: flood({ ttl: 4, pingTtl: 0 }) }));
    expect(far.reached.slice(0, 3)).toEqual(near.reached);
    expect(far.reached.length).toBeGreaterThan(3);
  });

  it('finds a key in at most as many hops as the overlay has doublings', () => {
    const { reached, queries, hits } = overlay(
      run({ workload: flood({ vnodes: 64, search: 'key', queries: 12, block: '8KB' }) }),
    );
    expect(hits).toBe(queries);
    expect(reached.length).toBeLessThanOrEqual(7);
  });

  it('adapts towards near neighbours', () => {
    const { linkRtts } = overlay(
      run({
        workload: flood({ adapt: '1s', duration: '40s', pingTtl: 0, queries: 1 }),
        network: {
          topology: { generate: { kind: 'ring', routers: 10, rate: '100Mbit/s', delay: '10ms' }, spread: 'shuffled' },
        },
      }),
    );
    const known = linkRtts.filter(({ rtt }) => rtt > 0);
    expect(known.length).toBeGreaterThan(10);
    expect(known.at(-1)?.rtt).toBeLessThan(0.8 * (known[0]?.rtt as number));
  });

  it('gives the same record again, with either event queue', () => {
    const scenario = scenarioSchema.parse({ name: 'test', workload: flood({ adapt: '2s' }) });
    const first = simulate(scenario, real, '7');
    expect(simulate(scenario, real, '7')).toEqual(first);
    expect(simulate(scenario, real, '7', { queue: 'reference' }).digest).toBe(first.digest);
  });
});

describe('ring', () => {
  it('fills the links of the receivers that were picked, and no more', () => {
    const record = run({
      workload: { kind: 'ring', vnodes: 20, duration: '6s' },
      link: { up: '4Mbit/s', down: '8Mbit/s' },
    });
    conserves(record);
    const generators = record.vnodes.filter(({ role }) => role === 'client');
    expect(generators).toHaveLength(10);
    for (const { sent } of generators) expect(sent).toBeGreaterThan(0);
    let streams = 0;
    for (const { goodput, role } of record.vnodes) {
      if (role !== 'server' || !goodput) continue;
      expect(goodput).toBeLessThan(8e6);
      streams += goodput / 4e6;
    }
    expect(streams).toBeGreaterThan(4);
    expect(streams).toBeLessThanOrEqual(10);
  });
});

describe('interference', () => {
  const beside = (stress: string, host = real) =>
    run({ workload: { kind: 'interference', stress, duration: '2s' } as never }, host).vnodes[0]?.workPerSecond ?? 0;

  it('takes the share of the speed that the technology says', () => {
    const alone = beside('none');
    expect(alone).toBeGreaterThan(900);
    expect(1 - beside('memory') / alone).toBeCloseTo(0.882, 2);
    expect(1 - beside('send') / alone).toBeCloseTo(0.103, 2);
    expect(1 - beside('cpu') / alone).toBeCloseTo(0, 2);
    expect(beside('fork')).toBe(0);
  });

  it('is not made up where nobody published it', () => {
    expect(() => beside('memory', { ...real, technology: 'jail', interference: undefined })).toThrow(
      /--tech: expected a technology whose interference is known, found jail/,
    );
  });
});
