// P2P paper (RoEduNet 2010): what a laptop switches between containers, and at what CPU. Rows P1 to P3 and P6.

import { byCount, figure, inBand, near, within } from './finding.js';
import { pairsScenario, WARM_UP, wireRate } from './pairs.js';
import type { CoveredRow, StudyContext } from './row.js';
import { type Steady, steady } from './steady.js';
import { firstReach, mean } from './trend.js';

const MB = 1e6;

interface Switching {
  /** Bytes a second that the pair's link lets through; absent: unshaped. */
  readonly payload?: number;
  /** s of virtual time of each run, and how many runs: a governor may settle at one clock or at another. */
  readonly seconds: number;
  readonly runs: number;
}

/** One pair of containers on the laptop's bridge: the mean of all runs. */
async function switching(context: StudyContext, { payload, seconds, runs }: Switching): Promise<Steady> {
  const rate = payload === undefined ? {} : { rate: wireRate(payload) };
  const scenario = pairsScenario({ pairs: 1, attach: 'bridge', seconds, ...rate });
  const host = context.host('t7500', 'lxc');
  const seeds = Array.from({ length: runs }, (_, run) => (run === 0 ? context.seed : `${context.seed}/${run + 1}`));
  const records = await Promise.all(seeds.map((seed) => context.run(scenario, host, { seed })));
  const found = records.map((record) => steady(record, WARM_UP));
  return { payload: mean(found.map((one) => one.payload)), reported: mean(found.map((one) => one.reported)) };
}

const UNSHAPED: Switching = { seconds: 2, runs: 1 };
const shapedTo = (payload: number): Switching => ({ payload, seconds: 5, runs: 12 });
const sweptAt = (payload: number): Switching => ({ payload, seconds: 2, runs: 3 });

const told = ({ payload, reported }: Steady): string => `${figure(payload / MB)} MB/s at ${figure(reported)} % CPU`;
const valuesOf = ({ payload, reported }: Steady) => ({ payload: payload / MB, cpu: reported });

/** MB/s at which P6 looks for its level of CPU. */
const STEPS = [10, 20, 30, 40, 50, 60, 80, 100];

export const switchingRows: readonly CoveredRow[] = [
  {
    id: 'P1',
    use: 'F',
    claim: 'bulk switching peak',
    expected: '123 MB/s at 172 % CPU',
    tolerance: '5 %',
    method: 'one unshaped pair',
    async run(context) {
      const found = await switching(context, UNSHAPED);
      return within(
        told(found),
        0.05,
        [
          [found.payload, 123 * MB],
          [found.reported, 172],
        ],
        valuesOf(found),
      );
    },
  },
  {
    id: 'P2',
    use: 'F',
    claim: 'switching at low load',
    expected: '9.83 MB/s at 90 % CPU',
    tolerance: '5 %',
    method: 'one pair, its link shaped to that payload; 12 runs of 5 s',
    async run(context) {
      const found = await switching(context, shapedTo(9.83 * MB));
      return within(
        told(found),
        0.05,
        [
          [found.payload, 9.83 * MB],
          [found.reported, 90],
        ],
        valuesOf(found),
      );
    },
  },
  {
    id: 'P3',
    use: 'C',
    claim: "switching 2.62 MB/s without the processes' overhead",
    expected: 'about 60 % CPU',
    tolerance: '10 points',
    method: 'one pair, its link shaped to that payload; 12 runs of 5 s',
    async run(context) {
      const found = await switching(context, shapedTo(2.62 * MB));
      return near(told(found), found.reported, 60, 10, 'points', valuesOf(found));
    },
  },
  {
    id: 'P6',
    use: 'C',
    claim: '172 % less the same share (x 0.7) is about 120 %: what that can switch',
    expected: '30 to 60 MB/s',
    tolerance: 'band',
    method:
      'the payload rate at which one shaped pair first takes 120 % CPU, between rates 10 to 20 MB/s apart; 3 runs of 2 s',
    async run(context) {
      const found = await Promise.all(STEPS.map((step) => switching(context, sweptAt(step * MB))));
      const cpu = found.map(({ reported }) => reported);
      const reached = firstReach(STEPS, cpu, 120);
      const values = byCount('cpuAt', STEPS, cpu);
      if (reached === undefined)
        return inBand(`not up to ${STEPS.at(-1)} MB/s`, Number.POSITIVE_INFINITY, 30, 60, values);
      return inBand(`${figure(reached)} MB/s`, reached, 30, 60, values);
    },
  },
];
