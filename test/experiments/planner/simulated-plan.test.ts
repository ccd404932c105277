// Plans from real simulations: the same on any number of workers, and moved by the right things for the right reasons.

import { afterAll, describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../../calibration/index.js';
import { type HostSearch, searchHost } from '../../../experiments/planner/host-search.js';
import { type PlanRequest, plan } from '../../../experiments/planner/index.js';
import { hostOf, type Question } from '../../../experiments/planner/question.js';
import { openRuns } from '../../../experiments/pool.js';
import { SharedRuns } from '../../../experiments/shared-runs.js';
import {
  type HostProfile,
  hostCatalogue,
  type Scenario,
  scenarioSchema,
  type Technology,
} from '../../../models/index.js';

const runs = openRuns(2);
afterAll(() => runs.stop());

type Edit = (profile: HostProfile) => void;

function pc3000(edit: Edit = () => undefined): HostProfile {
  const profile = structuredClone(hostCatalogue.pc3000) as HostProfile;
  edit(profile);
  return profile;
}

const openvz = (profile: HostProfile) => profile.platforms.openvz as NonNullable<HostProfile['platforms']['openvz']>;
/** One hyper-thread instead of two. */
const halfCpu: Edit = (profile) => {
  openvz(profile).cores = { ...openvz(profile).cores, value: 1, low: 1, high: 1 };
};
const halfMemory: Edit = (profile) => {
  profile.hardware.memory = { ...profile.hardware.memory, value: profile.hardware.memory.value / 2 };
};

const pairs = (up: string, limits: 'raised' | 'stock' = 'raised', duration = '1s'): Scenario =>
  scenarioSchema.parse({
    name: 'pairs',
    workload: { kind: 'pairs', duration },
    link: { up },
    network: { attach: 'two-port-bridge' },
    limits,
  });
const idle = (limits: 'raised' | 'stock' = 'raised'): Scenario =>
  scenarioSchema.parse({ name: 'idle', workload: { kind: 'idle', duration: '3s' }, limits });

function search(scenario: Scenario, edit?: Edit, technology: Technology = 'openvz'): Promise<HostSearch> {
  const profile = pc3000(edit);
  const question: Question = {
    ...{ scenario, profile, technology, vnodes: 30, seed: '1', tolerances: defaultTolerances, whole: false },
  };
  const shared = new SharedRuns(runs);
  return searchHost((job) => shared.run(job), question, hostOf(question));
}
const answer = ({ knee, binding }: HostSearch) => ({ knee: knee.density, binding: binding.id });

describe('pairs at 100 Mbit/s, bound by the CPU', () => {
  it('answer to less CPU, to higher rates and to another technology', async () => {
    const whole = await search(pairs('100Mbit/s'));
    expect(whole.binding.id).toBe('cpu');
    const half = await search(pairs('100Mbit/s'), halfCpu);
    expect(half.binding.id).toBe('cpu');
    expect(half.knee.density).toBeLessThan(0.75 * whole.knee.density);
    const faster = await search(pairs('400Mbit/s'));
    expect(faster.binding.id).toBe('cpu');
    expect(faster.knee.density).toBeLessThan(0.4 * whole.knee.density);
    const jail = await search(pairs('100Mbit/s'), undefined, 'jail');
    expect(jail.binding.id).toBe('cpu');
    expect(jail.knee.density).toBeLessThan(whole.knee.density);
  });

  it('do not answer to less memory or to an untouched kernel, and say that the CPU still binds', async () => {
    const whole = await search(pairs('100Mbit/s'));
    const half = await search(pairs('100Mbit/s'), halfMemory);
    expect(answer(half)).toEqual(answer(whole));
    expect(half.planned).toBe(whole.planned);
    expect(half.next.id).toBe('memory');
    expect(half.next.density).toBeLessThan(0.6 * whole.next.density);
    expect(answer(await search(pairs('100Mbit/s', 'stock')))).toEqual(answer(whole));
  });
});

describe('an idle range, bound by memory', () => {
  it('answers to less memory and to another technology', async () => {
    const whole = await search(idle());
    expect(whole.binding.id).toBe('memory');
    const half = await search(idle(), halfMemory);
    expect(half.binding.id).toBe('memory');
    expect(half.knee.density).toBeLessThan(0.55 * whole.knee.density);
    const jail = await search(idle(), undefined, 'jail');
    expect(jail.binding.id).toBe('memory');
    expect(jail.knee.density).toBeLessThan(whole.knee.density);
  });

  it('does not answer to less CPU or to an untouched kernel, and says that memory still binds', async () => {
    const whole = await search(idle());
    expect(answer(await search(idle(), halfCpu))).toEqual(answer(whole));
    expect(answer(await search(idle('stock')))).toEqual(answer(whole));
  });
});

describe('a swarm on an untouched kernel, bound by the neighbour table', () => {
  const swarm = (limits: 'raised' | 'stock', up = '64KB/s'): Scenario =>
    scenarioSchema.parse({
      name: 'swarm',
      workload: { kind: 'swarm', file: '1MB', piece: '32KiB', start: '1s' },
      link: { up, down: '256KB/s' },
      limits,
    });

  it('holds no more than a full mesh of 32', async () => {
    const stock = await search(swarm('stock'));
    expect(stock.binding.id).toBe('neighbour-table');
    // 33 peers with 32 neighbours each are 1,056 entries; the tracker takes some as well.
    expect(stock.knee.density).toBeLessThan(33);
    expect(stock.knee.density).toBeGreaterThan(28);
  });

  it('does not answer to rates, and is gone once the thresholds are raised', async () => {
    const stock = answer(await search(swarm('stock')));
    expect(answer(await search(swarm('stock', '32KB/s')))).toEqual(stock);
    const raised = await search(swarm('raised'));
    expect(raised.binding.id).not.toBe('neighbour-table');
    expect(raised.knee.density).toBeGreaterThan(2 * stock.knee);
  });
});

describe('a plan', () => {
  const request: PlanRequest = {
    scenario: pairs('400Mbit/s', 'raised', '300ms'),
    hosts: [{ profile: pc3000() }],
    vnodes: 40,
    seed: '1',
    tolerances: defaultTolerances,
  };

  it('is the same, byte for byte, without threads and on 1, 2 and 4 of them', async () => {
    const documents: string[] = [];
    for (const workers of [0, 1, 2, 4]) {
      const own = openRuns(workers);
      documents.push(JSON.stringify(await plan(request, own)));
      await own.stop();
    }
    expect(new Set(documents).size).toBe(1);
  });
});
