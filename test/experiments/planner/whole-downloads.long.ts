// Windows against whole downloads: a plan that looks at the first five minutes of a swarm finds the same knee.

import { afterAll, describe, expect, it } from 'vitest';
import { defaultTolerances, verdictOf } from '../../../calibration/index.js';
import { type Observation, observe } from '../../../experiments/planner/density-runs.js';
import { type HostSearch, searchHost } from '../../../experiments/planner/host-search.js';
import { hostOf, type Question } from '../../../experiments/planner/question.js';
import { openRuns } from '../../../experiments/pool.js';
import { loadScenario } from '../../../experiments/scenarios.js';
import { SharedRuns } from '../../../experiments/shared-runs.js';
import type { SimulationJob } from '../../../experiments/simulation-job.js';
import { type HostProfile, hostCatalogue, resized, type Scenario, vnodeCount } from '../../../models/index.js';

const runs = openRuns(2);
afterAll(() => runs.stop());

const shared = new SharedRuns(runs);
const run = (job: SimulationJob) => shared.run(job);

const ask = (scenario: Scenario, profile: HostProfile, whole: boolean): Question => ({
  ...{ scenario, profile, technology: 'openvz', seed: '1', tolerances: defaultTolerances, whole },
  vnodes: vnodeCount(scenario.workload),
});

const complete = ({ twins }: Observation): boolean =>
  twins.every((twin) => twin.vnodes.every(({ role, completedAt }) => role !== 'leecher' || completedAt !== null));

/** The knee that windows find; they must have ended before the downloads did. */
async function kneeOfWindows(scenario: Scenario, profile: HostProfile): Promise<HostSearch> {
  const question = ask(scenario, profile, false);
  const found = await searchHost(run, question, hostOf(question), { behind: false });
  expect(complete(found.atKnee)).toBe(false);
  return found;
}

describe('the knee of swarm-100', () => {
  const scenario = loadScenario('swarm-100');

  it('is the same on a pc3000, where memory binds', async () => {
    const profile = hostCatalogue.pc3000 as HostProfile;
    const window = await kneeOfWindows(scenario, profile);
    const question = ask(scenario, profile, true);
    const whole = await searchHost(run, question, hostOf(question), { behind: false });
    expect(complete(whole.atKnee)).toBe(true);
    expect([window.binding.id, whole.binding.id]).toEqual(['memory', 'memory']);
    expect(Math.abs(window.knee.density / whole.knee.density - 1)).toBeLessThanOrEqual(0.05);
  });

  // A search by whole downloads would take an hour of CPU: they are run where their knee would be too far off.
  it('lies within 5 % of where whole downloads have it where the CPU binds', async () => {
    const profile = structuredClone(hostCatalogue.pc3000) as HostProfile;
    profile.hardware.memory.value *= 8;
    const { cpu } = profile.platforms.openvz as NonNullable<HostProfile['platforms']['openvz']>;
    for (const cost of [
      ...[cpu.softirqStart, cpu.transmitPerPacket, cpu.forwardPerPacket, cpu.bridgePerPacket, cpu.receivePerPacket],
      ...[cpu.packetPerByte, cpu.copyPerByte, cpu.shaperWake, cpu.shaperPerPacket, cpu.broadcastPerPort],
      ...[cpu.taskWake, cpu.contextSwitch, cpu.refillPerByte, cpu.systemCall],
    ])
      cost.value *= 14;
    const smaller = resized(
      { ...scenario, workload: { ...scenario.workload, seeders: 0.1, file: 12_000_000 } } as Scenario,
      60,
    );
    const window = await kneeOfWindows(smaller, profile);
    expect(window.binding.id).toBe('cpu');
    const question = ask(smaller, profile, true);
    const host = hostOf(question);
    const whole = async (density: number): Promise<boolean> => {
      const observation = await observe(run, question, host, density, 2);
      expect(complete(observation)).toBe(true);
      return verdictOf(density, observation.evaluation).margin >= 0;
    };
    const { density } = window.knee;
    expect(await whole(Math.floor(density / 1.05))).toBe(true);
    expect(await whole(Math.ceil(density / 0.95))).toBe(false);
  });
});
