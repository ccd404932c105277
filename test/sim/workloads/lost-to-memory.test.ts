// A host out of memory loses vnodes: the swarm goes on without them, and ends when those that are left have everything.

import { expect, it } from 'vitest';
import { hostCatalogue, resolveHost, type ScenarioDocument, scenarioSchema } from '../../../models/index.js';
import { simulate } from '../../../sim/index.js';

const profile = hostCatalogue.t7500 as NonNullable<(typeof hostCatalogue)[string]>;
const host = resolveHost(profile, undefined, 'raised');

function run(memoryBytes: number) {
  const scenario: ScenarioDocument = {
    name: 'small',
    workload: { kind: 'swarm', peers: 12, seeders: 2, file: '2MB', piece: '64KiB', start: '2s' },
    link: { up: '256KB/s', down: '1MB/s', delay: '2ms' },
    deadline: '600s',
  };
  return simulate(scenarioSchema.parse(scenario), { ...host, memoryBytes }, '3');
}

const needed = run(host.memoryBytes).hosts[0]!.memory.used;

it('nobody is lost where there is enough', () => {
  const { totals, vnodes } = run(Math.ceil(needed * 1.01));
  expect([totals.completed, totals.unfinished]).toEqual([10, 0]);
  expect(vnodes.every(({ alive }) => alive)).toBe(true);
});

it('the run ends with the last of those that were not lost, long before its deadline', () => {
  const { totals, vnodes } = run(Math.floor(needed * 0.9));
  const lost = vnodes.filter(({ alive, role }) => !alive && role === 'leecher');
  const done = vnodes.flatMap(({ role, completedAt }) => (role === 'leecher' && completedAt ? [completedAt] : []));
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.every(({ completedAt }) => completedAt === null)).toBe(true);
  expect([totals.completed, totals.unfinished]).toEqual([10 - lost.length, lost.length]);
  expect(done).toHaveLength(totals.completed);
  expect(totals.virtualSeconds).toBe(Math.max(...done));
});
