// Parts that never meet: a run that is followed part by part gives what one order of all events gives.

import { describe, expect, it } from 'vitest';
import {
  type Host,
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

const modern = { ...ideal, kernel: kernels['linux-6.1'] };
const even = { up: '10Mbit/s', down: '10Mbit/s', delay: '3ms' } as const;
/** The second link is as fast as the first: what comes out of both is known when it goes into the first. */
const joined: Record<string, readonly [Partial<ScenarioDocument>, Host]> = {
  'of given size': [{ workload: pairs({ bytes: '700KB', duration: '20s' }), link: even }, ideal],
  'cut off in the midst': [{ workload: pairs({ duration: '1234567us' }), link: even }, ideal],
  'that go on to a faster link, out of a larger bucket': [
    { link: { ...even, down: '25Mbit/s', burst: '40KB', queue: '150KB' } },
    ideal,
  ],
  'on unshaped links': [{ workload: pairs({ duration: '200ms' }), link: { delay: '1ms' } }, ideal],
  'with small queues, and a delay behind the link': [{ link: even }, modern],
};

const inOne: Record<string, Partial<ScenarioDocument>> = {
  'through a core': { network: { core: { hops: 2, rate: '50Mbit/s', delay: '1ms', tick: '100us' } } },
  'whose links change': { changes: [{ at: '1s', vnode: 'client-1', up: '2Mbit/s' }] },
};

it('pairs under bbr are followed in one order: they draw from one stream', () => {
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

  it.each(Object.entries(joined))(
    '%s give the same record over joined links, with fewer events',
    (_, [scenario, host]) => {
      const { digest: _ofParts, totals: of, ...divided } = run(scenario, host);
      const { digest: _ofOneOrder, totals: whole, ...together } = run(scenario, host, { together: true });
      expect(divided).toEqual(together);
      expect({ ...of, events: 0 }).toEqual({ ...whole, events: 0 });
      expect(of.events).toBeLessThan(0.8 * whole.events);
    },
  );

  it('do not join links of which the second might lose a packet', () => {
    const narrow = { ...even, queue: '12KB' };
    expect(run({ link: narrow }).totals.events).toBe(run({ link: narrow }, ideal, { together: true }).totals.events);
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
