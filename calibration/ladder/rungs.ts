// The ladder: small experiments, each isolating a cost, below and above where this machine saturates. Some of each rung
// are held out: they are never fitted, and tell how good the fit is.

import { type Scenario, type ScenarioDocument, scenarioSchema } from '../../models/index.js';

/** One thing to run, before anything was measured of it. */
export interface PlannedExperiment {
  readonly id: string;
  readonly rung: string;
  readonly scenario: Scenario;
  readonly heldOut: boolean;
  /** Also part of the quick ladder. */
  readonly quick: boolean;
}

/** What a machine lacks: features whose experiments are left out. */
export interface Lacking {
  readonly direct: boolean;
  readonly clients: readonly string[];
}

type Marks = 'fit' | 'held out';
interface Wanted {
  readonly id: string;
  readonly marks: Marks;
  readonly quick?: boolean;
  readonly workload: ScenarioDocument['workload'];
  readonly link?: ScenarioDocument['link'];
  readonly network?: ScenarioDocument['network'];
}

/** Long enough for three seconds' rates, short enough for a hundred of them in a quarter of an hour. */
const DURATION = '3s';
const TWO_PORTS = { attach: 'two-port-bridge' } as const;

const tcp = (pairs: number) => ({ kind: 'pairs' as const, pairs, duration: DURATION });

const idle: readonly Wanted[] = (
  [
    [12, 'fit', true],
    [40, 'held out', false],
    [80, 'fit', true],
  ] as const
).map(([vnodes, marks, quick]) => ({
  ...{ id: `idle-${vnodes}`, marks, quick, workload: { kind: 'idle' as const, vnodes, duration: DURATION } },
}));

const unshaped: readonly Wanted[] = [
  ...(
    [
      [1, 'fit', true],
      [2, 'fit', true],
      [3, 'held out', false],
      [4, 'fit', false],
    ] as const
  ).map(([pairs, marks, quick]) => ({
    id: `unshaped-${pairs}`,
    marks,
    quick,
    workload: tcp(pairs),
    network: TWO_PORTS,
  })),
  ...(
    [
      [1, 'fit', true],
      [2, 'held out', false],
      [4, 'fit', false],
    ] as const
  ).map(([pairs, marks, quick]) => ({
    ...{ id: `segments-${pairs}`, marks, quick, workload: tcp(pairs), network: { ...TWO_PORTS, gso: false } },
  })),
];

/** Rates in Mbit/s with counts of pairs, `h` before those that are held out and `q` before those of the quick ladder. */
const GRID: readonly (readonly [number, readonly string[]])[] = [
  [10, ['8', 'h24']],
  [20, ['q4', 'h12', '24', 'h36']],
  [50, ['2', 'h6', 'q12', 'h18', '24', '36']],
  [100, ['q1', 'h2', 'q4', 'h6', 'q8', 'h10', 'q12', 'h14', '16', '20', 'h24', '28']],
  [200, ['1', 'h2', 'q4', 'h6', '8', '12']],
  [500, ['h1', 'q2', 'h4', '6']],
];

const shaped: readonly Wanted[] = GRID.flatMap(([megabits, counts]) =>
  counts.map((count): Wanted => {
    const pairs = Number(count.replace(/\D/, ''));
    const rate = `${megabits}Mbit/s`;
    return {
      id: `shaped-${megabits}-${pairs}`,
      marks: count.startsWith('h') ? 'held out' : 'fit',
      quick: count.startsWith('q'),
      workload: tcp(pairs),
      link: { up: rate },
      network: TWO_PORTS,
    };
  }),
);

const at100 = (id: string, marks: Marks, pairs: number, rest: Pick<Wanted, 'link' | 'network'>): Wanted => ({
  ...{ id: `${id}-${pairs}`, marks, workload: tcp(pairs) },
  link: { up: '100Mbit/s', ...rest.link },
  network: { ...TWO_PORTS, ...rest.network },
});

const buckets: readonly Wanted[] = [
  at100('burst-10kb', 'fit', 2, { link: { burst: '10kB' } }),
  at100('burst-10kb', 'held out', 4, { link: { burst: '10kB' } }),
  at100('burst-20kb', 'fit', 6, { link: { burst: '20kB' } }),
  at100('burst-100kb', 'held out', 4, { link: { burst: '100kB' } }),
  at100('burst-100kb', 'fit', 10, { link: { burst: '100kB' } }),
  at100('down', 'fit', 4, { link: { up: 'unshaped', down: '100Mbit/s' } }),
  at100('down', 'held out', 8, { link: { up: 'unshaped', down: '100Mbit/s' } }),
  at100('segments-100', 'fit', 4, { network: { gso: false } }),
  at100('segments-100', 'held out', 6, { network: { gso: false } }),
  at100('lan', 'held out', 4, { network: { attach: 'bridge' } }),
  at100('lan', 'fit', 8, { network: { attach: 'bridge' } }),
];

const direct: readonly Wanted[] = [
  { id: 'direct-2', marks: 'fit', workload: tcp(2), network: { attach: 'direct' } },
  at100('direct-100', 'fit', 4, { network: { attach: 'direct' } }),
  at100('direct-100', 'held out', 8, { network: { attach: 'direct' } }),
];

const udp = (marks: Marks, bytes: number, megabits: number, pairs: number, quick = false): Wanted => ({
  id: `udp-${bytes}-${megabits}-${pairs}`,
  marks,
  quick,
  workload: {
    ...{ kind: 'pairs' as const, transport: 'udp' as const, duration: DURATION, pairs },
    rate: `${megabits}Mbit/s`,
    packet: `${bytes}B`,
  },
  network: TWO_PORTS,
});

/** Small packets cost by their number, large ones by their bytes, seldom ones by waking. */
const datagrams: readonly Wanted[] = [
  udp('fit', 100, 4, 2, true),
  udp('held out', 100, 8, 2),
  udp('fit', 100, 16, 2, true),
  udp('fit', 500, 40, 2),
  udp('held out', 500, 20, 6),
  udp('held out', 1400, 100, 2),
  udp('fit', 1400, 200, 2, true),
  udp('fit', 200, 0.8, 8, true),
  udp('held out', 200, 1.6, 16),
  udp('fit', 1400, 50, 6),
];

const swarm = (marks: Marks, client: string, peers: number, file: string): Wanted => ({
  id: `swarm-${client}-${peers}`,
  marks,
  workload: { kind: 'swarm', peers, seeders: 2, file, client, start: '1s' },
  link: { up: '4Mbit/s', down: '16Mbit/s' },
});

const swarms: readonly Wanted[] = [
  swarm('fit', 'aria2', 8, '4MB'),
  swarm('held out', 'aria2', 14, '4MB'),
  swarm('fit', 'libtorrent', 8, '4MB'),
  swarm('held out', 'libtorrent', 14, '4MB'),
  swarm('held out', 'aria2', 11, '3MB'),
  swarm('held out', 'libtorrent', 11, '3MB'),
];

/** Swarms first: their times differ most from run to run, and the first ones are repeated first. */
const RUNGS: readonly (readonly [string, readonly Wanted[]])[] = [
  ['swarms', swarms],
  ['containers at rest', idle],
  ['unshaped flows', unshaped],
  ['shaped pairs', shaped],
  ['token buckets and bridges', buckets],
  ['direct paths', direct],
  ['datagrams', datagrams],
];

/** The experiments in the order in which they are run. */
export function ladder({
  quick,
  lacking,
}: {
  readonly quick: boolean;
  readonly lacking: Lacking;
}): PlannedExperiment[] {
  return RUNGS.flatMap(([rung, all]) =>
    all
      .filter(({ workload, network }) => {
        if (network?.attach === 'direct') return !lacking.direct;
        return workload.kind !== 'swarm' || !lacking.clients.includes(workload.client ?? '');
      })
      .filter((wanted) => !quick || wanted.quick === true)
      .map(({ id, marks, quick: short = false, workload, link, network }) => ({
        id,
        rung,
        heldOut: marks === 'held out',
        quick: short,
        scenario: scenarioSchema.parse({
          name: id.replaceAll('.', '-').toLowerCase(),
          workload,
          ...(link ? { link } : {}),
          ...(network ? { network } : {}),
          deadline: '2min',
        }),
      })),
  );
}
