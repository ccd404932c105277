// A swarm that peers join and leave at constant rates, packet by packet, against the fluid of Qiu and Srikant.

import { fluidSteadyState, idealHost, type RunRecord, type Scenario, scenarioSchema } from '../../models/index.js';
import { figure, within } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';

/** Rates of the published figures, files a second and 1/s. */
const UPLOAD = 0.00125;
const DOWNLOAD = 0.002;
const LEAVE = 0.005;
/**
 * A tenth of the published rate of giving up: what those peers have by then is lost on a file of one size, and not on the
 * fluid's, whose sizes are exponential.
 */
const ABORT = 0.0001;
/** Peers that come in a second. */
const ARRIVALS = 0.05;
const FILE = 8_000_000;
/** Seconds: until the swarm is steady, some download times, and until it is over. */
const STEADY = 2500;
const END = 7000;
const SEEDS = ['1', '2', '3'];
/** Seconds in which a peer that came is done: three download times. */
const LONGEST = 2000;
/** Bytes of a frame that carry 1448 of the file. */
const FRAME = 1514 / 1448;

function swarm(): Scenario {
  const rate = (filesPerSecond: number) => `${Math.round(filesPerSecond * FILE * 8 * FRAME)}bit/s`;
  return scenarioSchema.parse({
    name: 'steady-swarm',
    workload: {
      kind: 'swarm',
      peers: 1 + ARRIVALS * END,
      seeders: 1,
      file: `${FILE}B`,
      piece: '64KiB',
      client: 'libtorrent',
      start: `${END}s`,
      churn: { arrivals: 'poisson', seeding: `${1 / LEAVE}s`, patience: `${1 / ABORT}s` },
    },
    link: { up: rate(UPLOAD), down: rate(DOWNLOAD) },
    deadline: `${END}s`,
  });
}

/** Peers there on average from one time to another, of those that are there in these spans; seconds. */
const present = (spans: readonly (readonly [number, number])[], from: number, to: number): number =>
  spans.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0) / (to - from);

/** Of a run between the time at which it is steady and its end. */
interface Steady {
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
    time: settled.reduce((sum, [start, end]) => sum + end - start, 0) / settled.length,
    leechers: present(leeching, STEADY, END),
    seeders: present(seeding, STEADY, END),
    finished: seeding.filter(([start]) => start >= STEADY).length / (END - STEADY),
  };
}

export const steadySwarm: CoveredRow = {
  id: 'Q4',
  use: 'C',
  claim: 'Qiu-Srikant steady state in the packet simulator, with churn and with eta from the run',
  expected: 'T, x*, y* of the fluid',
  tolerance: '15 %',
  method: `peers come as a Poisson stream, ${ARRIVALS} a second; eta: files finished beyond what seeders served, of what leechers could serve`,
  async run(context: StudyContext) {
    const host = idealHost(context.host('pc3000', 'lxc'));
    const runs = await Promise.all(
      SEEDS.map(async (seed) => steadyState(await context.run(swarm(), host, { seed: `${context.seed}/${seed}` }))),
    );
    const mean = (of: (run: Steady) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    const [time, leechers, seeders] = [
      mean((run) => run.time),
      mean((run) => run.leechers),
      mean((run) => run.seeders),
    ];
    // What was served, in files that were finished, is by seeders that came as leechers, and by all others in effect.
    const effectiveness = (mean((run) => run.finished) - UPLOAD * seeders) / (UPLOAD * leechers);
    const fluid = fluidSteadyState({ upload: UPLOAD, download: DOWNLOAD, effectiveness, abort: ABORT, leave: LEAVE });
    const words = (T: number, x: number, y: number) => `T ${figure(T)} s, x* ${figure(x)}, y* ${figure(y)}`;
    const expected = [fluid.downloadTime, ARRIVALS * fluid.leechers, ARRIVALS * fluid.seeders] as const;
    return within(
      `${words(time, leechers, seeders)}; fluid with eta ${effectiveness.toFixed(2)}: ${words(...expected)}`,
      0.15,
      [time, leechers, seeders].map((found, i) => [found, expected[i] as number] as const),
    );
  },
};
