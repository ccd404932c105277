// Jobs made alike: what a run cannot depend on is the same in each, so that equal runs on different hosts are run once.

import { type Host, memoryUse, type RunRecord, vnodeCount } from '../../models/index.js';
import type { SimulationJob } from '../simulation-job.js';

/** Runs a job, each different one once. */
export type RunJob = (job: SimulationJob) => Promise<RunRecord>;

/** Bytes that no range fills. */
const PLENTY = 2 ** 50;

/** `run` for jobs of which only what matters counts: costs do not on ideal hosts, nor memory until it is short. */
export function alike(run: RunJob): RunJob {
  return async (job) => {
    const { host, scenario, options } = job;
    if (host.ideal) return run({ ...job, host: bare(host) });
    const containers = options.perHost ?? vnodeCount(scenario.workload);
    if (memoryUse(host, containers, 0).total > host.memoryBytes) return run(job);
    const roomy = await run({ ...job, host: { ...host, memoryBytes: PLENTY, diskBytes: PLENTY } });
    if (roomy.hosts.some(({ memory }) => memory.used > host.memoryBytes)) return run(job);
    const hosts = roomy.hosts.map((seen) => ({ ...seen, memory: { ...seen.memory, total: host.memoryBytes } }));
    return { ...roomy, hosts };
  };
}

/** An ideal host is its kernel's protocols and its distance from others: the rest is never read. */
function bare(host: Host): Host {
  const none = <T extends object>(group: T): T =>
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => [name, typeof value === 'number' ? 1 : value]),
    ) as T;
  return {
    ...host,
    name: 'ideal',
    technology: 'lxc',
    source: 'assumed',
    cores: 1,
    cpu: none(host.cpu),
    memory: none(host.memory),
    disk: { ...none(host.disk), sharedBase: true },
    memoryBytes: PLENTY,
    diskBytes: PLENTY,
    nicRate: PLENTY,
    setupPerContainer: 1,
    parallelSetup: 1,
    processesPerContainer: 1,
  };
}
