// TCP small queues in front of a token bucket: what a sender keeps in its own qdisc, told by the round trip.

import { expect, it } from 'vitest';
import {
  type Host,
  type HostProfile,
  hostCatalogue,
  idealHost,
  type RunRecord,
  resolveHost,
  scenarioSchema,
  type VnodeRecord,
} from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

/** Of a TCP segment of 1448 bytes: as a frame, and as an skb. */
const FRAME = 1514;
const SKB = 2280;
/** Segments of the largest super-packet. */
const LARGEST = 45;

function flow(rate: string, gso = true, on = (host: Host) => host) {
  const { t7500 } = hostCatalogue;
  const { lxc } = (t7500 as HostProfile).platforms;
  const profile = { ...t7500, platforms: { lxc: { ...lxc, kernel: 'linux-6.1' } } } as HostProfile;
  const scenario = scenarioSchema.parse({
    name: 'flow',
    workload: { kind: 'pairs', pairs: 1, duration: '4s' },
    link: { up: rate, down: rate },
    network: { gso },
  });
  return simulate(scenario, on(resolveHost(profile, 'lxc', 'raised')), '1');
}

const clientOf = ({ vnodes }: RunRecord) => vnodes.find(({ role }) => role === 'client') as VnodeRecord;
const roundTripOf = (record: RunRecord): number => clientOf(record).rtt?.p50 ?? Number.NaN;
const medianRoundTrip = (rate: string): number => roundTripOf(flow(rate));

it('is two super-packets where the bucket lets them through whole (5.45 ms on Linux 6.18)', () => {
  const expected = (2 * LARGEST * FRAME * 8) / 200e6;
  expect(Math.abs(medianRoundTrip('200Mbit/s') / expected - 1)).toBeLessThan(0.03);
});

it('is the same where the device takes no super-packets: TCP makes them, and they are cut behind the qdisc', () => {
  const ideal = (gso: boolean) => roundTripOf(flow('200Mbit/s', gso, idealHost));
  expect(Math.abs(ideal(false) / ideal(true) - 1)).toBeLessThan(0.03);
  const record = flow('200Mbit/s', false);
  expect((record.hosts[0]?.packets.forwarded ?? 0) / (clientOf(record).sent / 1448)).toBeGreaterThan(0.98);
});

it('is what two super-packets weigh where the bucket cuts them, and the next on top (9.9 ms on Linux 6.18)', () => {
  // Segments weigh more than the packet did: 58 of them make room for the next 45.
  const held = Math.ceil((2 * (LARGEST * 1448 + SKB - 1448)) / SKB);
  const expected = ((held + LARGEST / 2) * FRAME * 8) / 100e6;
  expect(Math.abs(medianRoundTrip('100Mbit/s') / expected - 1)).toBeLessThan(0.05);
});
