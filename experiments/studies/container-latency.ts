// MACE ("Can we containerize Internet measurements?"): the latency that containers add, measured here. Rows A1 to A6.

import type { LatencyPhase, LatencyRecord } from '../../models/index.js';
import { scenarioSchema } from '../../models/index.js';
import { type RandomStream, randomStream } from '../../sim/index.js';
import { byCount, figure, shape, within } from './finding.js';
import { type CoveredRow, NotHere, type StudyContext } from './row.js';

const US = 1e-6;
const scenario = scenarioSchema.parse({
  name: 'study-latency',
  workload: { kind: 'latency', floods: 2, duration: '4s', interval: '10ms' },
});

async function measured(context: StudyContext): Promise<LatencyRecord> {
  const { latency } = await context.emulate(scenario);
  if (!latency) throw new NotHere('this machine cannot probe latencies');
  return latency;
}

const phase = ({ phases }: LatencyRecord, flood: boolean, probed: boolean): LatencyPhase => {
  const found = phases.find((one) => one.flood === flood && (one.probed !== null) === probed);
  if (!found) throw new Error('a latency run without one of its phases');
  return found;
};

const probedPhase = (record: LatencyRecord, flood: boolean) =>
  phase(record, flood, true).probed as NonNullable<LatencyPhase['probed']>;

/** Seconds of a round trip in the measuring container itself: out and in. */
const added = (record: LatencyRecord, flood: boolean, of: 'p50' | 'p95'): number => {
  const { egress, ingress } = probedPhase(record, flood);
  return egress[of] + ingress[of];
};

const us = (seconds: number): string => `${figure(seconds / US)} us`;

const PACKETS = 20_000;
/** Of a packet: a mean time in the container of 60 us, by MACE's own example between 14 and 80 us, one sent every 20 us. */
const RESIDENCE = 60;
const INTERVAL = 20;
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

/**
 * Share of packets whose entry in a table of `size` slots, one entry a slot and the last one wins, is still there when
 * they leave. Sequence numbers pick slots, as MACE's hash of an ICMP sequence does.
 */
function coverage(size: number, random: RandomStream): number {
  const leaves: { readonly at: number; readonly packet: number }[] = [];
  for (let packet = 0; packet < PACKETS; packet++) {
    // A sum of two uniform times: a hump with the mean asked for.
    const residence = RESIDENCE * (random.uniform() + random.uniform());
    leaves.push({ at: packet * INTERVAL + residence, packet });
  }
  const slots = new Int32Array(size).fill(-1);
  leaves.sort((a, b) => a.at - b.at);
  let next = 0;
  let covered = 0;
  for (const { at, packet } of leaves) {
    for (; next * INTERVAL <= at && next < PACKETS; next++) slots[next % size] = next;
    if (slots[packet % size] === packet) covered++;
  }
  return covered / PACKETS;
}

export const latencyRows: readonly CoveredRow[] = [
  {
    id: 'A1',
    use: 'F',
    claim: 'added latency of a container at rest',
    expected: 'about 50 us RTT',
    tolerance: '20 %',
    method: "measured here: from the sender's system call to the host's end of its veth and back, median",
    cause: "this machine's kernel and processor, not the source's: what a container adds is a matter of both",
    emulated: true,
    async run(context) {
      const rest = added(await measured(context), false, 'p50');
      return within(us(rest), 0.2, [[rest, 50 * US]], { rest });
    },
  },
  {
    id: 'A2',
    use: 'C',
    claim: 'with co-located flood traffic',
    expected: 'up to 300 us',
    tolerance: 'bound',
    method: 'measured here, the same under floods: the median, and 95 % of all',
    emulated: true,
    async run(context) {
      const record = await measured(context);
      const [median, most] = [added(record, true, 'p50'), added(record, true, 'p95')];
      return shape(`${us(median)}, 95 % up to ${us(most)}`, most <= 300 * US, { median, most });
    },
  },
  {
    id: 'A3',
    use: 'C',
    claim: "RTT corrected by the measured overhead against the hardware's",
    expected: 'within 20 us in the worst case',
    tolerance: 'bound',
    method:
      "measured here: the way between the containers' veths under floods, beside the same at rest, which is what the bridge takes; medians",
    emulated: true,
    async run(context) {
      const record = await measured(context);
      const [rest, flood] = [probedPhase(record, false).corrected.p50, probedPhase(record, true).corrected.p50];
      const apart = Math.abs(flood - rest);
      return shape(`${us(apart)} apart: ${us(rest)} at rest, ${us(flood)} under floods`, apart <= 20 * US, { apart });
    },
  },
  {
    id: 'A4',
    use: 'C',
    claim: 'traffic delays every software RTT',
    expected: 'up to 100 us',
    tolerance: 'bound',
    method:
      'measured here, without probes: under floods less at rest; below zero where cores at rest have to be woken for each packet',
    emulated: true,
    async run(context) {
      const record = await measured(context);
      const [rest, flood] = [phase(record, false, false).raw, phase(record, true, false).raw];
      const [median, most] = [flood.p50 - rest.p50, flood.p95 - rest.p95];
      const got = `${us(median)} in the median, ${us(most)} at the 95th percentile`;
      return shape(got, Math.max(median, most) <= 100 * US, { median, most });
    },
  },
  {
    id: 'A5',
    use: 'C',
    claim: 'single-slot hash table: coverage grows to 100 % with its size',
    expected: 'monotone to 100 %',
    tolerance: 'shape',
    method: `tables of ${SIZES.join(', ')} slots, ${PACKETS} packets under way at the same time as under a flood`,
    run(context) {
      const found = SIZES.map((size) => coverage(size, randomStream(context.seed, 'A5')));
      const grows = found.every((share, i) => i === 0 || share >= (found[i - 1] as number));
      const got = `${found.map((share) => figure(100 * share)).join(', ')} %`;
      return shape(got, grows && (found[0] as number) < 1 && found.at(-1) === 1, byCount('size', SIZES, found));
    },
  },
  {
    id: 'A6',
    use: 'C',
    claim: 'perturbation by the measurement itself',
    expected: "below ftrace's, and below 25 us",
    tolerance: 'bound',
    method: 'measured here: medians with probes less medians without, at rest; ftrace itself is not run',
    emulated: true,
    async run(context) {
      const { perturbation } = await measured(context);
      return shape(us(perturbation.rest), perturbation.rest < 25 * US, { ...perturbation });
    },
  },
];
