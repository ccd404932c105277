// What a search says before it is over: bounds that only close in, around the knee that it finds in the end.

import { describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../../calibration/index.js';
import { searchHost } from '../../../experiments/planner/host-search.js';
import { hostOf, type Question } from '../../../experiments/planner/question.js';
import type { SoFar } from '../../../experiments/planner/so-far.js';
import { LocalRuns } from '../../../experiments/pool.js';
import { SharedRuns } from '../../../experiments/shared-runs.js';
import { type HostProfile, hostCatalogue, scenarioSchema } from '../../../models/index.js';

describe('what is known so far', () => {
  it.each([
    ['of a host whose CPU binds', 'pairs', { kind: 'pairs', pairs: 10, duration: '20ms' }, 40],
    ['of a host whose memory binds', 'idle', { kind: 'idle', vnodes: 60, duration: '1s' }, 400],
  ])('%s closes in on the knee', async (_what, name, workload, vnodes) => {
    const scenario = scenarioSchema.parse({ name, workload, link: { up: '100Mbit/s' } });
    const profile = hostCatalogue.pc3000 as HostProfile;
    const technology = profile.defaultTechnology;
    const question: Question = {
      ...{ scenario, profile, technology, vnodes, seed: '1', tolerances: defaultTolerances },
      ...{ whole: false, exact: false },
    };
    const shared = new SharedRuns(new LocalRuns());
    const told: SoFar[] = [];
    const { knee, binding } = await searchHost((job) => shared.run(job), question, hostOf(question), {
      behind: false,
      tested: (_observation, known) => told.push(known),
    });
    expect(told.length).toBeGreaterThan(0);
    for (const { low, high, binding: first, next } of told) {
      expect(low).toBeLessThanOrEqual(high);
      expect(first.vnodesPerHost).toBeLessThanOrEqual(next.vnodesPerHost);
    }
    for (const [i, { low, high }] of told.slice(1).entries()) {
      expect(low).toBeGreaterThanOrEqual((told[i] as SoFar).low);
      expect(high).toBeLessThanOrEqual((told[i] as SoFar).high);
    }
    const last = told.at(-1) as SoFar;
    expect(last.low).toBe(knee.density);
    expect(last.binding.id).toBe(binding.id);
  });
});
