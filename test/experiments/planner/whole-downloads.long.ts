// Windows against whole downloads: a plan that looks at the first five minutes of a swarm finds the same knee.

import { afterAll, describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../../calibration/index.js';
import { type HostSearch, searchHost } from '../../../experiments/planner/host-search.js';
import { hostOf } from '../../../experiments/planner/question.js';
import { openRuns } from '../../../experiments/pool.js';
import { loadScenario } from '../../../experiments/scenarios.js';
import { SharedRuns } from '../../../experiments/shared-runs.js';
import { type HostProfile, hostCatalogue, type Scenario } from '../../../models/index.js';

const runs = openRuns(2);
afterAll(() => runs.stop());

function search(scenario: Scenario, profile: HostProfile, whole: boolean): Promise<HostSearch> {
  const tolerances = defaultTolerances;
  const question = { scenario, profile, technology: 'openvz', vnodes: 100, seed: '1', tolerances, whole } as const;
  const shared = new SharedRuns(runs);
  return searchHost((job) => shared.run(job), question, hostOf(question));
}

/** The knee of both within 5 % of each other, for the same reason; and the window did end before the downloads. */
async function agree(scenario: Scenario, profile: HostProfile): Promise<HostSearch> {
  const [window, whole] = [await search(scenario, profile, false), await search(scenario, profile, true)];
  const complete = ({ atKnee }: HostSearch) =>
    atKnee.twins.every((twin) =>
      twin.vnodes.every(({ role, completedAt }) => role !== 'leecher' || completedAt !== null),
    );
  expect([complete(window), complete(whole)]).toEqual([false, true]);
  expect(window.binding.id).toBe(whole.binding.id);
  expect(Math.abs(window.knee.density / whole.knee.density - 1)).toBeLessThanOrEqual(0.05);
  return whole;
}

describe('the knee of swarm-100', () => {
  const scenario = loadScenario('swarm-100');

  it('is the same on a pc3000, where memory binds', async () => {
    expect((await agree(scenario, hostCatalogue.pc3000 as HostProfile)).binding.id).toBe('memory');
  });

  it('is the same where the CPU binds', async () => {
    const profile = structuredClone(hostCatalogue.pc3000) as HostProfile;
    profile.hardware.memory.value *= 8;
    const { cpu } = profile.platforms.openvz as NonNullable<HostProfile['platforms']['openvz']>;
    for (const cost of [
      ...[cpu.softirqStart, cpu.transmitPerPacket, cpu.forwardPerPacket, cpu.bridgePerPacket, cpu.receivePerPacket],
      ...[cpu.packetPerByte, cpu.copyPerByte, cpu.shaperWake, cpu.shaperPerPacket, cpu.broadcastPerPort],
      ...[cpu.taskWake, cpu.contextSwitch, cpu.refillPerByte, cpu.systemCall],
    ])
      cost.value *= 8;
    const shorter = { ...scenario, workload: { ...scenario.workload, file: 12_000_000 } } as Scenario;
    expect((await agree(shorter, profile)).binding.id).toBe('cpu');
  });
});
