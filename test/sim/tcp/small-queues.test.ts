// Small queues behind a slow shaper: a packet may go while at most twice its size is queued, so that packets grow to
// about a third of the window instead of following each acknowledgement.

import { describe, expect, it } from 'vitest';
import {
  type HostProfile,
  hostCatalogue,
  idealHost,
  kernels,
  resolveHost,
  scenarioSchema,
} from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

/** Payloads of the data packets that one sender hands to its qdisc after the first second. */
function payloads(up: string): number[] {
  const scenario = scenarioSchema.parse({
    name: 'small-queues',
    workload: { kind: 'pairs', pairs: 1, duration: '3s' },
    link: { up },
    network: { attach: 'two-port-bridge' },
  });
  const ideal = idealHost(resolveHost(hostCatalogue.t7500 as HostProfile, 'lxc', 'raised'));
  const seen: number[] = [];
  const trace = {
    packet: (time: number, _from: number, _to: number, { payload }: { readonly payload: number }) => {
      if (time > 1e9 && payload > 0) seen.push(payload);
    },
  };
  simulate(scenario, { ...ideal, kernel: kernels['linux-6.1'] }, '1', { trace });
  return seen;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

describe('packets that a slow link is given', () => {
  // Linux 6.18 with two pairs, net:net_dev_queue: 97 % of the bytes in packets of 13 to 22 kB.
  it('at 20 Mbit/s hold 9 to 15 segments, as measured', () => {
    const seen = payloads('20Mbit/s');
    const within = seen.filter((payload) => payload >= 8 * 1448 && payload <= 16 * 1448);
    expect(within.length / seen.length).toBeGreaterThan(0.9);
    expect(median(seen)).toBeGreaterThan(9 * 1448);
    expect(median(seen)).toBeLessThan(15 * 1448);
  });

  it('at 500 Mbit/s are as large as they may be, as measured', () => {
    expect(median(payloads('500Mbit/s'))).toBe(45 * 1448);
  });
});
