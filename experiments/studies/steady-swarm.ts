// A swarm that peers join and leave at constant rates, packet by packet, against the fluid of Qiu and Srikant.

import { fluidSteadyState, idealHost, type RunRecord, type Scenario, scenarioSchema } from '../../models/index.js';
import { figure, within } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';

/** Rates of the published figures, files a second. */
const UPLOAD = 0.00125;
const DOWNLOAD = 0.002;
/** 1/s: rates of leaving at which uploads, and at which downloads, are what the fluid says the swarm waits for. */
const FEW_SEEDERS = 0.005;
const MANY_SEEDERS = 0.001;
/** 1/s: of the swarm that eta is taken from, which is none of those that are predicted with it. */
const FEWER_SEEDERS = 0.01;
/**
 * A tenth of the published rate of giving up: what those peers have by then is lost on a file of one size, and not on the
 * fluid's, whose sizes are exponential. At the published rate and a download of 500 s that alone is 18 % of the time.
 */
const ABORT = 0.0001;
/** Peers that come in a second. */
const ARRIVALS = 0.03;
/** Of a smaller one a dozen TCP connections share so narrow a link that each has less than a packet on its way. */
const FILE = 64_000_000;
/** Seconds: until the swarm is steady, some times that seeders stay, and until it is over. */
const STEADY = 3000;
const END = 9000;
const SEEDS = ['1', '2'];
/** Seconds in which a peer that came is done: three download times. */
const LONGEST = 2000;
/** Bytes of a frame that carry 1448 of the file. */
const FRAME = 1514 / 1448;

function swarm(leave: number): Scenario {
  const rate = (filesPerSecond: number) => `${Math.round(filesPerSecond * FILE * 8 * FRAME)}bit/s`;
  return scenarioSchema.parse({
    name: 'steady-swarm',
    workload: {
      kind: 'swarm',
      peers: 1 + ARRIVALS * END,
      seeders: 1,
      file: `${FILE}B`,
      piece: '512KiB',
      client: 'libtorrent',
      start: `${END}s`,
      churn: { arrivals: 'poisson', seeding: `${1 / leave}s`, patience: `${1 / ABORT}s` },
    },
    link: { up: rate(UPLOAD), down: rate(DOWNLOAD) },
    deadline: `${END}s`,
  });
}

/** Peers there on average from one time to another, of those that are there in these spans; seconds. */
const present = (spans: readonly (readonly [number, number])[], from: number, to: number): number =>
  spans.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0) / (to - from);

/** Of a run between the time at which it is steady and its end, or of several the mean. */
interface Steady {
  /** Peers that came in a second, of the whole run. */
  readonly arrivals: number;
  /** Seconds that a leecher stays. */
  readonly time: number;
  readonly leechers: number;
  readonly seeders: number;
  /** Downloads a second. */
  readonly finished: number;
}

function steadyState({ vnodes }: RunRecord): Steady {
  const leeching: [number, number][] = [];
  const seeding: [number, number][] = [];
  for (const { role, startedAt, completedAt, leftAt = END } of vnodes) {
    if (role !== 'leecher' || startedAt === null) continue;
    leeching.push([startedAt, completedAt ?? leftAt]);
    if (completedAt !== null) seeding.push([completedAt, leftAt]);
  }
  // Those that came late had no time to be done.
  const settled = leeching.filter(([start]) => start >= STEADY && start < END - LONGEST);
  return {
    arrivals: leeching.length / END,
    time: settled.reduce((sum, [start, end]) => sum + end - start, 0) / settled.length,
    leechers: present(leeching, STEADY, END),
    seeders: present(seeding, STEADY, END),
    finished: seeding.filter(([start]) => start >= STEADY).length / (END - STEADY),
  };
}

async function meanSteadyState(context: StudyContext, leave: number): Promise<Steady> {
  const host = idealHost(context.host('pc3000', 'lxc'));
  const runs = await Promise.all(
    SEEDS.map(async (seed) => steadyState(await context.run(swarm(leave), host, { seed: `${context.seed}/${seed}` }))),
  );
  const mean = (of: (run: Steady) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    arrivals: mean((run) => run.arrivals),
    time: mean((run) => run.time),
    leechers: mean((run) => run.leechers),
    seeders: mean((run) => run.seeders),
    finished: mean((run) => run.finished),
  };
}

/** Of what leechers could serve, the share that they did: files finished beyond those that seeders served. */
const effectivenessOf = ({ finished, seeders, leechers }: Steady): number =>
  (finished - UPLOAD * seeders) / (UPLOAD * leechers);

const words = (time: number, leechers: number, seeders: number): string =>
  `T ${figure(time)} s, x* ${figure(leechers)}, y* ${figure(seeders)}`;

export const steadySwarm: CoveredRow = {
  id: 'Q4',
  use: 'C',
  claim: 'Qiu-Srikant steady state in the packet simulator, with churn, gamma = .005 and .001',
  expected: 'T, x*, y* of the fluid',
  tolerance: '15 %',
  method: `peers come as a Poisson stream, ${ARRIVALS} a second; eta from a swarm of gamma = ${FEWER_SEEDERS}: files finished beyond what seeders served, of what leechers could serve`,
  async run(context: StudyContext) {
    const [source, ...predicted] = await Promise.all(
      [FEWER_SEEDERS, FEW_SEEDERS, MANY_SEEDERS].map((leave) => meanSteadyState(context, leave)),
    );
    const effectiveness = effectivenessOf(source as Steady);
    const cases = [FEW_SEEDERS, MANY_SEEDERS].map((leave, i) => {
      const { arrivals, time, leechers, seeders } = predicted[i] as Steady;
      const fluid = fluidSteadyState({ upload: UPLOAD, download: DOWNLOAD, effectiveness, abort: ABORT, leave });
      return {
        leave,
        found: [time, leechers, seeders] as const,
        expected: [fluid.downloadTime, arrivals * fluid.leechers, arrivals * fluid.seeders] as const,
      };
    });
    return within(
      `${cases.map(({ leave, found, expected }) => `gamma ${leave}: ${words(...found)}; fluid: ${words(...expected)}`).join('; ')} (eta ${effectiveness.toFixed(2)})`,
      0.15,
      cases.flatMap(({ found, expected }) => found.map((value, i) => [value, expected[i] as number] as const)),
    );
  },
};
