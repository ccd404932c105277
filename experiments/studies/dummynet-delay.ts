// Delays of dummynet, whose clock packets leave on: a chain without delay, and one pipe with some. Rows E19 and E20.

import { chainSojourns, randomStream } from '../../sim/index.js';
import { byCount, figure, within } from './finding.js';
import type { CoveredRow, StudyContext } from './row.js';
import { mean } from './trend.js';

const MS = 1_000_000;
const PROBES = 500;
/** An echo request with its headers, on links of 100 Mbit/s. */
const PROBE_BYTES = 64 + 14 + 28;
const RATE = 100e6;
/** ns between probes, plus a share of it that is random: ping's clock is not dummynet's. */
const INTERVAL = 2000 * MS;

function probeTimes({ seed }: StudyContext, name: string): number[] {
  const random = randomStream(seed, name);
  return Array.from({ length: PROBES }, (_, i) => i * INTERVAL + random.below(INTERVAL / 2));
}

/** Mean ns there and back through one pipe each way; the answer starts when the request has come, half the base later. */
function roundTrip(times: readonly number[], delay: number, tick: number, base: number): number {
  const pipe = { hops: 1, bitsPerSecond: RATE, delay, tick };
  const there = chainSojourns(pipe, times, PROBE_BYTES);
  const answers = times.map((time, i) => time + (there[i] as number) + Math.round(base / 2));
  const back = chainSojourns(pipe, answers, PROBE_BYTES);
  return mean(there.map((first, i) => first + (back[i] as number)));
}

const DELAYS = [5, 10, 50, 300];
const EXPECTED = [10.183, 20.19, 100.185, 600.126];
/** ms: the round trip with no delay asked for. */
const BASE = 0.177;

export const delayRows: readonly CoveredRow[] = [
  {
    id: 'E19',
    use: 'C',
    claim: 'dummynet delay at 1,000 Hz: 10 hops with 0 ms asked',
    expected: '10 ms',
    tolerance: '10 %',
    method: `${PROBES} probes through a chain of pipes of 100 Mb/s on a clock of 1 ms, mean`,
    run(context) {
      const chain = { hops: 10, bitsPerSecond: RATE, delay: 0, tick: MS };
      const taken = mean(chainSojourns(chain, probeTimes(context, 'E19'), PROBE_BYTES)) / MS;
      return within(`${figure(taken)} ms`, 0.1, [[taken, 10]], { taken });
    },
  },
  {
    id: 'E20',
    use: 'C',
    claim: 'dummynet at 10 kHz: RTT for a one-way delay of 5 / 10 / 50 / 300 ms',
    expected: `${EXPECTED.join(' / ')} ms`,
    tolerance: '0.5 %',
    method: `${PROBES} probes through a pipe each way on a clock of 100 us: what a delay adds to the base of ${BASE} ms, which is the same way with none asked for`,
    run(context) {
      const times = probeTimes(context, 'E20');
      const without = roundTrip(times, 0, MS / 10, BASE * MS);
      const found = DELAYS.map((delay) => BASE + (roundTrip(times, delay * MS, MS / 10, BASE * MS) - without) / MS);
      const pairs = found.map((rtt, i) => [rtt, EXPECTED[i] as number] as const);
      return within(
        `${found.map((rtt) => rtt.toFixed(3)).join(' / ')} ms`,
        0.005,
        pairs,
        byCount('delay', DELAYS, found),
      );
    },
  },
];
