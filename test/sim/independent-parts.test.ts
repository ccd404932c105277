// Parts that never meet: a run that is followed part by part gives what one order of all events gives.

import { describe, expect, it } from 'vitest';
import {
  hostCatalogue,
  idealHost,
  kernels,
  resolveHost,
  type ScenarioDocument,
  scenarioSchema,
} from '../../models/index.js';
import { type PacketSummary, type SimulationOptions, simulate } from '../../sim/index.js';

const onHost = resolveHost(hostCatalogue.t7500 as NonNullable<(typeof hostCatalogue)[string]>, undefined, 'raised');
const ideal = idealHost(onHost);

const link = { up: '10Mbit/s', down: '8Mbit/s', delay: '3ms' } as const;
const pairs = (extra: object = {}) => ({ kind: 'pairs', pairs: 5, duration: '3s', ...extra }) as const;

function run(scenario: Partial<ScenarioDocument>, host = ideal, options: SimulationOptions = {}) {
  const parsed = scenarioSchema.parse({ name: 'parts', workload: pairs(), link, ...scenario });
  return simulate(parsed, host, '7', { seriesInterval: 1e8, ...options });
}

const inParts: Record<string, Partial<ScenarioDocument>> = {
  'of given size': { workload: pairs({ bytes: '700KB', duration: '20s' }) },
  'without end': {},
  'with losses': { link: { ...link, loss: '1%' } },
  'of datagrams': { workload: pairs({ transport: 'udp', rate: '9Mbit/s' }) },
  'under reno': { tcp: 'reno' },
};

const inOne: Record<string, Partial<ScenarioDocument>> = {
  'through a core': { network: { core: { hops: 2, rate: '50Mbit/s', delay: '1ms', tick: '100us' } } },
  'whose links change': { changes: [{ at: '1s', vnode: 'client-1', up: '2Mbit/s' }] },
};

it('pairs under bbr are followed in one order: they draw from one stream', () => {
  const modern = { ...ideal, kernel: kernels['linux-6.1'] };
  expect(run({ tcp: 'bbr' }, modern).digest).toBe(run({ tcp: 'bbr' }, modern, { together: true }).digest);
  expect(run({}, modern).digest).not.toBe(run({}, modern, { together: true }).digest);
});

describe('pairs on an ideal host', () => {
  it.each(Object.entries(inParts))('%s give the same record in parts and in one order', (_, scenario) => {
    const { digest, ...divided } = run(scenario);
    const { digest: ofOneOrder, ...together } = run(scenario, ideal, { together: true });
    expect(divided).toEqual(together);
    expect(digest).not.toBe(ofOneOrder);
    expect(run(scenario, ideal, { queue: 'reference' }).digest).toBe(digest);
  });

  it.each(Object.entries(inOne))('%s are followed in one order', (_, scenario) => {
    expect(run(scenario).digest).toBe(run(scenario, ideal, { together: true }).digest);
  });

  it('are traced in order of time, packet for packet as in one order', () => {
    const traced = (together: boolean) => {
      const packets: [number, number, number, number][] = [];
      const packet = (time: number, from: number, to: number, { sequence }: PacketSummary) =>
        void packets.push([time, from, to, sequence]);
      const { digest } = run({ workload: pairs({ duration: '1s' }) }, ideal, { together, trace: { packet } });
      return { digest, packets };
    };
    const { digest, packets } = traced(false);
    const times = packets.map(([time]) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const inTurn = (list: typeof packets) => [...list].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[3] - b[3]);
    expect(inTurn(packets)).toEqual(inTurn(traced(true).packets));
    expect(run({ workload: pairs({ duration: '1s' }) }).digest).toBe(digest);
  });
});

it('pairs on a host with costs are followed in one order: they share its cores', () => {
  expect(run({}, onHost).digest).toBe(run({}, onHost, { together: true }).digest);
});
