// ModelNet's phases (OSDI 2002): distillation, assignment, binding, and what an emulation core does. Rows M1 to M10.

import {
  attachVnodes,
  bind,
  type Distillation,
  type DistilledSize,
  distilledSize,
  generate,
  generatorSchema,
  idealHost,
  inlineNetwork,
  type RunRecord,
  type Scenario,
  type ScenarioDocument,
  scenarioSchema,
  type TargetNetwork,
} from '../../models/index.js';
import { randomStream } from '../../sim/index.js';
import { compareAssignments } from '../core-assignment.js';
import { exactly, figure, near, shape } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';
import { mean } from './trend.js';

const ACCESS = { rate: 2e6, delay: 1_000_000, loss: 0, queue: undefined };

function network(description: object, vnodes: number, seed = '1'): TargetNetwork {
  const routers = generate(generatorSchema.parse(description), randomStream(seed, 'topology'));
  return attachVnodes(routers, vnodes, ACCESS, ACCESS);
}

const ringOf20 = (distillation: Distillation, closed = true): DistilledSize =>
  distilledSize(network({ kind: 'ring', routers: 20, rate: '20Mbit/s', closed }, 400), distillation);

/** One of each kind, for what must hold whatever the network. */
const KINDS = [
  { kind: 'ring', routers: 15 },
  { kind: 'transit-stub' },
  { kind: 'waxman', routers: 30 },
  { kind: 'preferential', routers: 30 },
];

/** Vnodes on each edge host: six of them share 120 flows, so that none is short of its own NIC. */
const PER_HOST = 40;
const FLOWS = 120;

interface Flows {
  readonly network: TargetNetwork;
  /** All of them as one. */
  readonly collapsed?: boolean;
  readonly cores?: object;
  readonly workload: Partial<Extract<ScenarioDocument['workload'], { kind: 'pairs' }>>;
}

const bare = (description: object): TargetNetwork =>
  generate(generatorSchema.parse({ rate: '10Gbit/s', delay: '1ms', ...description }), randomStream('1', 'topology'));

/**
 * Routers in a row with vnodes at both ends, so that clients and servers, attached in turn, have it between them.
 * @param length pipes from vnode to vnode, two of them the vnodes' own links; from 4 on.
 */
function chain(length: number): TargetNetwork {
  const routers = length - 1;
  const { places, pipes } = bare({ kind: 'ring', routers, closed: false });
  const ends = places.map((place, i) => (i === 0 || i === routers - 1 ? { ...place, kind: 'stub' as const } : place));
  return { places: ends, pipes };
}

/** 120 flows of 10 Mbit/s through emulation cores, the edge hosts without costs. */
function throughCores(context: StudyContext, { network: target, collapsed = false, cores = {}, workload }: Flows) {
  const scenario = scenarioSchema.parse({
    name: 'study-cores',
    workload: { kind: 'pairs', pairs: FLOWS, duration: '1s', ...workload },
    link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
    network: {
      attach: 'two-port-bridge',
      topology: { generate: { kind: 'ring' }, distill: collapsed ? 'end-to-end' : 'hop-by-hop', cores },
    },
  });
  const { generate: _, ...topology } = scenario.network.topology ?? {};
  const network = { ...scenario.network, topology: { ...topology, inline: inlineNetwork(target) } };
  const host = idealHost(context.host('pc3000', 'lxc'));
  return context.run({ ...scenario, network } as Scenario, host, { perHost: PER_HOST });
}

const UDP = { transport: 'udp', rate: '8Mbit/s', packet: '1000B' } as const;
const first = ({ cores = [] }: RunRecord) => {
  const [core] = cores;
  if (!core) throw new Error('a record without cores');
  return core;
};
const micro = (seconds: number): string => `${figure(seconds * 1e6)} us`;
/** Departures fall on ticks of this many seconds. */
const TICK = 100e-6;

async function lateness(context: StudyContext) {
  const loads = await Promise.all(
    (['1400B', '1000B', '500B'] as const).map((packet) =>
      throughCores(context, { network: chain(9), cores: { debt: false }, workload: { ...UDP, packet } }),
    ),
  );
  const cores = loads.map(first);
  const worst = Math.max(...cores.map(({ lateness: { most } }) => most));
  const cpu = cores.map(({ cpuPercent }) => Math.round(cpuPercent)).join(' / ');
  return { got: `${micro(worst)} at most, at ${cpu} % CPU`, error: null, ok: worst <= TICK };
}

async function overloaded(context: StudyContext) {
  const record = await throughCores(context, { network: chain(14), workload: UDP });
  const { physicalDrops, received, cpuPercent, lateness: late } = first(record);
  const dropped = record.hosts.flatMap(({ drops }) => Object.entries(drops));
  const inside = dropped.filter(([reason]) => reason !== 'core-nic').reduce((sum, [, count]) => sum + (count ?? 0), 0);
  return shape(
    `${figure((100 * physicalDrops) / (physicalDrops + received))} % lost at the NIC, ${inside} inside, at ${Math.round(cpuPercent)} % CPU; ${micro(late.most)} late at most`,
    physicalDrops > 0 && inside === 0,
  );
}

async function severalCores(context: StudyContext) {
  // The star's only link, over which nothing goes; then one a vnode: half of the pairs on each core, and of those that
  // cross the servers on the other one.
  const assign = (crossed: number): number[] => [
    0,
    ...Array.from({ length: 2 * FLOWS }, (_, vnode) => {
      const core = Number(vnode >= FLOWS);
      return vnode % 2 === 1 && vnode % FLOWS < crossed * FLOWS ? 1 - core : core;
    }),
  ];
  const star = bare({ kind: 'star', stubs: 1 });
  const shares = [0, 0.5, 1];
  const records = await Promise.all(
    shares.map((crossed) =>
      throughCores(context, {
        network: star,
        cores: { count: 2, assign: assign(crossed) },
        workload: { duration: '500ms' },
      }),
    ),
  );
  const crossings = records.map(({ cores = [] }) => cores.reduce((sum, one) => sum + one.crossings + one.detours, 0));
  const rates = records.map(({ totals }) => (totals.payloadBytes * 8) / totals.virtualSeconds / 1e6);
  const falls = rates.every((rate, i) => i === 0 || rate < (rates[i - 1] as number));
  const grows = crossings.every((count, i) => i === 0 || count > (crossings[i - 1] as number));
  return shape(`${rates.map(figure).join(' / ')} Mbit/s with ${crossings.join(' / ')} crossings`, falls && grows);
}

async function clusters(context: StudyContext) {
  const scenario = scenarioSchema.parse({
    name: 'study-assignment',
    workload: { kind: 'pairs', pairs: 40, ...UDP, rate: '500kbit/s', duration: '300ms' },
    link: { up: '10Mbit/s', down: '10Mbit/s', delay: '1ms' },
    network: { attach: 'two-port-bridge', topology: { generate: { kind: 'transit-stub' }, spread: 'shuffled' } },
  });
  const seeds = Array.from({ length: 20 }, (_, i) => `${context.seed}/${i + 1}`);
  const tried = await compareAssignments(scenario, context.host('pc3000', 'lxc'), 4, seeds, context.runs);
  const share = (method: string): number =>
    100 * mean(tried.filter((one) => one.method === method).map(({ crossings, moved }) => crossings / moved));
  const [greedy, random] = [share('k-clusters'), share('random')];
  return shape(`${figure(greedy)} % of hops cross, random ${figure(random)} %`, greedy < random);
}

const CLOCKED = 'edge hosts without costs; the core is a 1.4 GHz Pentium III with a clock of 100 us';

export const phaseRows: readonly CoveredRow[] = [
  {
    id: 'M1',
    use: 'I',
    claim: 'ring of 20 routers, 400 vnodes, hop by hop: links',
    expected: '419 (420 if the ring is closed)',
    tolerance: 'exact',
    run: () => {
      const found = [ringOf20('hop-by-hop', false).links, ringOf20('hop-by-hop').links];
      return exactly(`${found[0]} open, ${found[1]} closed`, found, [419, 420]);
    },
  },
  {
    id: 'M2',
    use: 'I',
    claim: 'ring of 20 routers, 400 vnodes, end to end: links',
    expected: '79,800',
    tolerance: 'exact',
    run: () => {
      const { links } = ringOf20('end-to-end');
      return exactly(String(links), [links], [79_800]);
    },
  },
  {
    id: 'M3',
    use: 'I',
    claim: 'ring of 20 routers, 400 vnodes, last mile only: links',
    expected: '400 at the edge and 190 inside',
    tolerance: 'exact',
    run: () => {
      const { links, edgeLinks } = ringOf20('last-mile');
      return exactly(
        `${edgeLinks} at the edge and ${links - edgeLinks} inside`,
        [edgeLinks, links - edgeLinks],
        [400, 190],
      );
    },
  },
  {
    id: 'M4',
    use: 'I',
    claim: 'walk-in w: pipes a packet',
    expected: 'at most 2 w + 1',
    tolerance: 'exact',
    method: 'ring, transit-stub, Waxman, preferential attachment; w from 1 to 4',
    run: () => {
      const walks = [1, 2, 3, 4];
      const most = walks.map((walkIn) =>
        Math.max(...KINDS.map((kind) => distilledSize(network(kind, 40), { walkIn, walkOut: 0 }).pipesPerPacket.most)),
      );
      const ok = most.every((pipes, i) => pipes <= 2 * (walks[i] as number) + 1);
      return { got: `${most.join(' / ')} for w = ${walks.join(' / ')}`, error: ok ? 0 : 1, ok };
    },
  },
  {
    id: 'M5',
    use: 'C',
    claim: 'clock of 10 kHz: error of a hop, up to full CPU',
    expected: 'at most 100 us',
    tolerance: 'bound',
    method: `${CLOCKED}, without packet debt; 120 flows of 8 Mbit/s over 9 pipes, in packets of 1400, 1000, 500 bytes`,
    run: lateness,
  },
  {
    id: 'M6',
    use: 'F',
    claim: 'one core, one pipe a flow, 120 flows: link-bound, CPU',
    expected: '1 Gb/s, 50 %',
    tolerance: '10 points',
    method: CLOCKED,
    run: async (context) => {
      const record = await throughCores(context, { network: chain(4), collapsed: true, workload: {} });
      const { cpuPercent } = first(record);
      const rate = (record.vnodes.reduce((sum, { wireReceived }) => sum + wireReceived, 0) * 8) / 1e9;
      return near(`${figure(rate)} Gb/s, ${figure(cpuPercent)} %`, cpuPercent, 50, 10, 'points', { cpu: cpuPercent });
    },
  },
  {
    id: 'M7',
    use: 'C',
    claim: 'an overloaded core drops physically; packets inside keep priority',
    expected: 'losses at the NIC only',
    tolerance: 'behaviour',
    method: `${CLOCKED}; 120 flows of 8 Mbit/s over 14 pipes`,
    run: overloaded,
  },
  {
    id: 'M8',
    use: 'I',
    claim: 'Gnutella: 10,000 vnodes on 100 hosts, each',
    expected: '100',
    tolerance: 'exact (as a placement)',
    run: () => {
      const hosts = Array.from({ length: 100 }, () => ({ room: 100 }));
      const hostOf = bind(10_000, hosts, { kind: 'uniform' }, 'hosts') ?? [];
      const held = hosts.map((_, host) => hostOf.filter((one) => one === host).length);
      const [least, most] = [Math.min(...held), Math.max(...held)];
      return exactly(least === most ? String(most) : `${least} to ${most}`, [least, most], [100, 100]);
    },
  },
  {
    id: 'M9',
    use: 'C',
    claim: 'greedy k-clusters assignment: traffic between cores, below random assignment',
    expected: 'below',
    tolerance: 'sign',
    method: 'transit-stub of 52 routers, 40 pairs, 4 cores, mean of 20 seeds, counted in simulations',
    run: clusters,
  },
  {
    id: 'M10',
    use: 'C',
    claim: 'several cores: throughput as traffic between them grows',
    expected: 'falls',
    tolerance: 'shape',
    method: `${CLOCKED}; two cores, 120 flows of which none, half, all cross`,
    run: severalCores,
  },
];
