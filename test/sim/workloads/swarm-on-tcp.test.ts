// Swarms on the simulator's own TCP and links, on ideal hosts.

import { describe, expect, it } from 'vitest';
import { hostCatalogue, idealHost, resolveHost, scenarioSchema } from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

const profile = hostCatalogue.t7500;
if (!profile) throw new Error('no t7500 in the catalogue');
const host = idealHost(resolveHost(profile, undefined, 'raised'));

const swarm = (peers: number, seeders: number, file: string) =>
  scenarioSchema.parse({
    name: 'swarm-on-tcp',
    workload: { kind: 'swarm', peers, seeders, file, piece: '64KiB' },
    link: { up: '32KB/s', down: '128KB/s' },
  });

describe('a swarm on TCP', () => {
  it('of one seeder and one leecher takes the time computed by hand', () => {
    const record = simulate(swarm(2, 1, '2MB'), host, '1');
    const leecher = record.vnodes.find(({ role }) => role === 'leecher');
    const took = (leecher?.completedAt ?? Number.NaN) - (leecher?.startedAt ?? Number.NaN);
    // 13 bytes of header a block of 16 KiB, and frames of 1514 bytes that carry 1448.
    const expected = (2_000_000 * (1 + 13 / 16_384) * (1514 / 1448)) / 32_000;
    expect(Math.abs(took / expected - 1)).toBeLessThan(0.02);
  });

  it('completes everywhere, no faster than the pipes, and within twice the bound of Kumar and Ross', () => {
    const record = simulate(swarm(12, 2, '2MB'), host, '1');
    expect(record.totals).toMatchObject({ completed: 10, unfinished: 0 });
    const bound = Math.max(2e6 / 64_000, 2e6 / 128_000, (10 * 2e6) / (2 * 32_000 + 10 * 32_000));
    const took = record.vnodes
      .filter(({ role }) => role === 'leecher')
      .map(({ startedAt, completedAt }) => (completedAt ?? Number.NaN) - (startedAt ?? Number.NaN));
    for (const seconds of took) expect(seconds).toBeGreaterThan(2e6 / 128_000);
    expect(Math.max(...took)).toBeGreaterThan(bound);
    expect(Math.max(...took)).toBeLessThan(2 * bound);
  });
});
