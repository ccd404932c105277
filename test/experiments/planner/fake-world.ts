// A world in closed form instead of the simulator: what a host does follows from a few known costs.

import type { SimulationJob } from '../../../experiments/simulation-job.js';
import {
  type HostProfile,
  hostCatalogue,
  hostProfileSchema,
  type RunRecord,
  scenarioSchema,
} from '../../../models/index.js';
import { randomStream } from '../../../sim/index.js';
import { host as hostRecord, record, vnode } from '../../calibration/records.js';

export interface FakeWorld {
  /** Share of one core that a vnode takes on a host whose `taskWake` is 1000 ns; it grows with that. */
  readonly cpuPerVnode: number;
  /** Bytes; absent: memory never ends. */
  readonly memoryPerVnode?: number;
  readonly entriesPerVnode?: number;
  /** Relative noise of goodput from seed to seed, on the host and, with `ideal`, on its twin as well. */
  readonly noise?: number;
  readonly idealNoise?: number;
}

const RATE = 100e6;

/** A run of this world. Past 90 % of the cores goodput falls as the share that each vnode still gets. */
export function fakeRun(world: FakeWorld): (job: SimulationJob) => RunRecord {
  const { cpuPerVnode, memoryPerVnode = 0, entriesPerVnode = 0, noise = 0, idealNoise = 0 } = world;
  return ({ scenario, host, seed, options }) => {
    const { workload } = scenario;
    const all = workload.kind === 'swarm' ? workload.peers : workload.kind === 'pairs' ? 2 * workload.pairs : 0;
    const here = options.perHost ?? all;
    const random = randomStream(seed, `${host.ideal ? 'ideal' : 'host'}/${here}`);
    const used = memoryPerVnode * here;
    const alive = host.ideal || used <= host.memoryBytes ? here : Math.floor(host.memoryBytes / memoryPerVnode);
    const asked = (alive * cpuPerVnode * host.cpu.taskWake) / 1000 / host.cores;
    const shareLeft = host.ideal ? 1 : Math.min(1, 0.9 / asked);
    const wobble = 1 + (host.ideal ? idealNoise : noise) * (2 * random.uniform() - 1);
    const entries = entriesPerVnode * here;
    const threshold = host.limits.neighbours.gcThresh3;
    const role = workload.kind === 'swarm' ? 'leecher' : 'server';
    return record({
      scenario: scenarioSchema.encode(scenario),
      seed,
      vnodes: Array.from({ length: here }, (_, i) =>
        vnode({ role, alive: i < alive, goodput: i < alive ? RATE * shareLeft * wobble : null }),
      ),
      hosts: [
        hostRecord({
          cores: host.cores,
          vnodes: here,
          cpu: {
            ...hostRecord().cpu,
            takenPercent: host.ideal ? 0 : Math.min(1, asked) * 100 * host.cores,
          },
          memory: {
            total: host.memoryBytes,
            used: Math.min(used, host.memoryBytes),
            host: 0,
            kernel: 0,
            containers: used,
          },
          neighbours: {
            peakEntries: Math.min(entries, threshold),
            threshold,
            refused: host.ideal ? 0 : Math.max(0, entries - threshold),
            overflows: 0,
          },
        }),
      ],
    });
  };
}

/** A pc3000 in which nothing is uncertain but the cost of waking a task, and that only if asked for. */
export function fakeHost(
  differs: { name?: string; memory?: number; cores?: number; wake?: [number, number] } = {},
): HostProfile {
  const catalogued = hostCatalogue.pc3000 as HostProfile;
  const exact = JSON.parse(JSON.stringify(hostProfileSchema.encode(catalogued)), (key, value: unknown) =>
    key === 'low' || key === 'high' ? undefined : value,
  );
  const profile = hostProfileSchema.parse({ ...exact, name: differs.name ?? 'pc3000' });
  const openvz = profile.platforms.openvz as NonNullable<HostProfile['platforms']['openvz']>;
  const [low, high] = differs.wake ?? [1000, 1000];
  // Nothing but what a test is about: a disk image once for all containers.
  openvz.disk.sharedBase = true;
  openvz.cpu.taskWake = { ...openvz.cpu.taskWake, value: 1000, low, high };
  if (differs.cores !== undefined) openvz.cores = { ...openvz.cores, value: differs.cores };
  if (differs.memory !== undefined) profile.hardware.memory = { ...profile.hardware.memory, value: differs.memory };
  return profile;
}
