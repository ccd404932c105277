// Studies of a fake host in a world whose constraints are known, for tests.

import { defaultTolerances } from '../../../calibration/index.js';
import type { PlanRequest } from '../../../experiments/planner/index.js';
import { LocalRuns } from '../../../experiments/pool.js';
import type { Setting } from '../../../experiments/settings.js';
import { Study, type StudyEntry, type WhatifRequest, whatif } from '../../../experiments/whatif/index.js';
import { type HostProfile, type Scenario, scenarioSchema } from '../../../models/index.js';
import { type FakeWorld, fakeHost, fakeRun } from '../planner/fake-world.js';

const swarm = (limits: 'raised' | 'stock'): Scenario =>
  scenarioSchema.parse({ name: 'swarm', workload: { kind: 'swarm', file: '2MB' }, link: { up: '32KB/s' }, limits });

/** A request for a fake host, with the settings that these tests make. */
export const requestOf =
  (limits: 'raised' | 'stock' = 'raised') =>
  (settings: readonly Setting[]): PlanRequest => {
    const set = new Map(settings.map(({ group, path, value }) => [[group, ...path].join('.'), value]));
    const profile = fakeHost({
      memory: parseFloat(String(set.get('host.memory') ?? '2GiB')) * 2 ** 30,
      cores: Number(set.get('host.cores') ?? 2),
    });
    const openvz = profile.platforms.openvz as NonNullable<HostProfile['platforms']['openvz']>;
    const gcThresh3 = set.get('host.gcThresh3');
    if (gcThresh3 !== undefined) openvz.gcThresh3 = { value: Number(gcThresh3), source: 'assumed', note: 'set' };
    return {
      scenario: swarm(limits),
      hosts: [{ profile }],
      vnodes: Number(set.get('range.peers') ?? 1000),
      seed: '1',
      tolerances: defaultTolerances,
    };
  };

const MIB = 2 ** 20;
// Two cores at 1 % a vnode: 5 % slower at 189. Memory for 100.
export const WORLD: FakeWorld = { cpuPerVnode: 0.01, memoryPerVnode: (2048 * MIB) / 100, entriesPerVnode: 20 };

export const request = (differs: Partial<WhatifRequest> = {}): WhatifRequest => ({
  requestOf: requestOf(),
  scans: [],
  sample: null,
  target: null,
  fleet: null,
  ...differs,
});

/** What a run folder would keep of a study. */
export const kept = (entries: StudyEntry[]) => ({
  *entries() {
    yield* [...entries];
  },
  add: (entry: StudyEntry) => {
    entries.push(entry);
  },
});

/** A study on simulated hosts of this world; `entries` are what a run folder would keep. */
export async function ask(asked: WhatifRequest, entries: StudyEntry[] = [], world = WORLD) {
  const runs = new LocalRuns(fakeRun(world));
  const document = await whatif(asked, new Study(runs, kept(entries), () => undefined));
  return { document, asked: runs.asked, entries };
}
