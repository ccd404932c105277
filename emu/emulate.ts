// emulate(scenario, capabilities, seed) -> run record: real containers, real programs, the real kernel.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { RunRecord, Scenario, TargetNetwork } from '../models/index.js';
import type { Capabilities } from './capabilities.js';
import { cgroupCpuSeconds, cgroupMemory, cgroupProcesses } from './cgroup.js';
import { conductChanges } from './changes.js';
import { clean, takeDown } from './cleanup.js';
import { withoutCollections } from './collections.js';
import { interfaces, segments } from './counters.js';
import { disturbances, foreignSeconds, type LoadAccount, loadAccount } from './disturbance.js';
import { openJournal } from './journal.js';
import { takeLock } from './lock.js';
import { memoryAtRest } from './memory-at-rest.js';
import { trackMilestones } from './milestones.js';
import { kernelBytes, type Look, look, monitorClock, startMonitor } from './monitor.js';
import { cgroupName, newRunId, type RunId, vnodeInterface } from './names.js';
import { type NeighbourTrace, traceNeighbours } from './neighbour-trace.js';
import { runFolder, sharedFolder } from './places.js';
import { preflight } from './preflight.js';
import { identify, type ProcessIdentity } from './process-identity.js';
import { deploy, hostSite, paperSite, type Range, readAllShapers, type Vnode } from './range.js';
import { planRange, type RangePlan } from './range-plan.js';
import { buildRecord, type Seen, shaperNotes, type VnodeAccount } from './record.js';
import { dryShell, hostShell, type Shell } from './shell.js';
import { startSoakers } from './soaker.js';
import { type RunClock, type Workload, workloadFor } from './workloads/index.js';

export interface EmulationProgress {
  readonly phase: 'deploy' | 'run' | 'teardown';
  readonly run: string;
  readonly vnodesUp: number;
  readonly vnodes: number;
  /** Seconds since the run's zero. */
  readonly seconds: number;
  readonly completed: number;
  readonly all: number;
  /** bit/s of payload since the last report. */
  readonly rate: number;
  /** Busy cores x 100 since the last report. */
  readonly cpuPercent: number;
}

export interface EmulationOptions {
  readonly version: string;
  /** The routers between the vnodes, with the vnodes on them; needed where the scenario has a topology. */
  readonly network?: TargetNetwork;
  /** Leave the range up afterwards. */
  readonly keep?: boolean;
  /** Containers started at the same time; 4 a core unless told. */
  readonly atOnce?: number;
  /** Seconds between looks. */
  readonly interval?: number;
  /** Run SCHED_IDLE soakers and measure the capacity that the range leaves over. */
  readonly soak?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EmulationProgress) => void;
  /** Things worth knowing on the way, such as what a dead run had left behind. */
  readonly onMessage?: (line: string) => void;
}

/** Workloads of which memory is asked; runs of pairs are many and short. */
const MEMORY_COUNTS: ReadonlySet<Scenario['workload']['kind']> = new Set(['idle', 'swarm']);
/** Containers started at once, per core: more only wait for each other (measured here). */
const STARTS_PER_CORE = 4;

/**
 * Deploys, runs, measures, takes down. Whatever happens, nothing is left behind (unless `keep`).
 * @throws InputError for a scenario that cannot be emulated as it stands
 * @throws CannotRun when this machine cannot, or another run holds it
 * @throws the signal's reason when aborted, after all is down
 */
export async function emulate(
  scenario: Scenario,
  capabilities: Capabilities,
  seed: string,
  options: EmulationOptions,
): Promise<RunRecord> {
  const plan = planRange(scenario, capabilities.cores - 1, networkOf(scenario, options));
  preflight(scenario, plan, capabilities, options.soak);
  const run = newRunId();
  const release = takeLock(run);
  try {
    for (const remains of await clean(hostShell(), 'dead')) {
      options.onMessage?.(`removed what run ${remains.run} had left`);
      for (const failure of remains.failures) options.onMessage?.(`could not remove: ${failure}`);
    }
    return await conduct(run, scenario, plan, capabilities, seed, options);
  } finally {
    release();
  }
}

function networkOf({ network: { topology } }: Scenario, { network }: Pick<EmulationOptions, 'network'>) {
  if (topology && !network) throw new Error('a scenario over routers comes with its network');
  return topology ? network : undefined;
}

async function conduct(
  run: RunId,
  scenario: Scenario,
  plan: RangePlan,
  capabilities: Capabilities,
  seed: string,
  options: EmulationOptions,
): Promise<RunRecord> {
  const shell = hostShell(run);
  const journal = openJournal(run);
  const owner = identify(process.pid) as ProcessIdentity;
  journal.note({ kind: 'owner', process: owner, scenario: scenario.name, at: new Date().toISOString() });
  let down = false;
  const tearDown = async (): Promise<number> => {
    const begun = performance.now();
    down = true;
    const failures = await takeDown(run, shell);
    for (const failure of failures) options.onMessage?.(`could not remove: ${failure}`);
    return (performance.now() - begun) / 1000;
  };
  try {
    const stage = new Stage(run, scenario, plan, capabilities, seed, options);
    const seen = await withoutCollections(() => stage.play(shell, journal));
    if (options.keep) {
      journal.note({ kind: 'kept' });
      options.onMessage?.(`run ${run} is kept up: \`rangefit clean ${run}\` ends it`);
      down = true;
      return buildRecord(seen, 0);
    }
    options.onProgress?.({ ...stage.latest, phase: 'teardown' });
    return buildRecord(seen, await tearDown());
  } finally {
    if (!down) await tearDown();
  }
}

/** One run between the first container and the last look. */
class Stage {
  latest: EmulationProgress;
  private readonly workload: Workload;
  private readonly signal: AbortSignal;

  constructor(
    private readonly run: RunId,
    private readonly scenario: Scenario,
    private readonly plan: RangePlan,
    private readonly capabilities: Capabilities,
    private readonly seed: string,
    private readonly options: EmulationOptions,
  ) {
    this.workload = workloadFor(scenario, plan, seed);
    this.signal = options.signal ?? new AbortController().signal;
    const vnodes = plan.vnodes.length;
    this.latest = {
      phase: 'deploy',
      run,
      vnodesUp: 0,
      vnodes,
      seconds: 0,
      completed: 0,
      all: 0,
      rate: 0,
      cpuPercent: 0,
    };
  }

  async play(shell: Shell, journal: ReturnType<typeof openJournal>): Promise<Seen> {
    const { scenario, plan, capabilities, options, workload, signal, run } = this;
    const alone = () =>
      look({ holder: process.pid, soakers: undefined, progress: () => ({ payloadBytes: 0, completed: 0 }) });
    if (MEMORY_COUNTS.has(scenario.workload.kind)) await memoryAtRest(() => kernelBytes(alone().memory), signal);
    const before = alone();
    mkdirSync(sharedFolder(run), { recursive: true });
    await workload.prepare(sharedFolder(run));
    const trace = await this.traceIfItMatters(shell, journal);
    const range = await deploy(hostSite(run, shell, journal, capabilities), scenario, plan, {
      atOnce: options.atOnce ?? STARTS_PER_CORE * capabilities.cores,
      shared: (vnode) => workload.shared(vnode),
      onUp: (vnodesUp) => this.report({ vnodesUp }),
      signal,
    });
    await workload.ready(range);
    signal.throwIfAborted();
    const soakers = options.soak ? await startSoakers(shell, journal, capabilities.cores) : undefined;
    const milestones = trackMilestones(scenario.workload.kind === 'swarm' ? scenario.workload.file : 0);
    const interval = options.interval ?? 1;
    const zero = { clock: monitorClock(), unix: Date.now() / 1000 };
    const clock: RunClock = { now: () => monitorClock() - zero.clock, at: (unix) => unix - zero.unix };
    const loadBefore = this.load();
    const cpuBefore = range.vnodes.map((vnode) => this.cpuOf(vnode));
    let all = 0;
    const monitor = startMonitor(
      {
        holder: range.holder.pid,
        soakers,
        progress: (seen) => {
          const progress = workload.progress(seen);
          all = progress.all;
          if (progress.perVnode) milestones.see(clock.now(), progress.perVnode);
          return progress;
        },
      },
      interval,
      (now, first, previous) => this.reportLook(now, first, previous, all),
    );
    let looks: readonly Look[];
    const over = new AbortController();
    const changing = conductChanges(range, clock, AbortSignal.any([signal, over.signal]));
    try {
      await Promise.all([changing, workload.run(range, clock, signal).finally(() => over.abort())]);
    } finally {
      looks = monitor.stop();
    }
    const loadAfter = this.load();
    const accounts = range.vnodes.map((vnode, i) => this.account(vnode, cpuBefore[i] as number));
    await soakers?.stop();
    const refused = await trace?.stop();
    const outcomes = await workload.outcomes(range);
    const shapers = await readAllShapers(range);
    const foreign = foreignSeconds(loadBefore, loadAfter, soakersCharged(looks));
    await range.holder.stop('SIGKILL');
    const { cores } = capabilities;
    return {
      range,
      capabilities,
      seed: this.seed,
      version: options.version,
      before,
      looks,
      interval,
      accounts,
      outcomes,
      milestones: new Map(range.vnodes.map(({ index }) => [index, milestones.of(index)])),
      shapers,
      refused,
      soaked: soakers !== undefined,
      foreignSeconds: foreign,
      diskBytes: await this.diskOf(shell, range),
      all,
      latency: workload.latency?.(),
      disturbed: disturbances(looks, foreign, cores, interval),
      notes: [
        'busy CPU: cores x wall - idle - iowait, less the monitor; its split by kind is sampled by the tick',
        'interface counters see a super-packet and its headers once; wire bytes add the headers of its segments',
        ...range.remarks,
        ...shaperNotes(scenario, range, shapers),
        ...(scenario.limits === 'stock' && !refused ? ['refused neighbour entries could not be traced to vnodes'] : []),
      ],
    };
  }

  /** A raised table does not overflow; tracing costs a process of 100 MB. */
  private async traceIfItMatters(
    shell: Shell,
    journal: ReturnType<typeof openJournal>,
  ): Promise<NeighbourTrace | undefined> {
    const { programs, tracepoints } = this.capabilities;
    if (this.scenario.limits !== 'stock' || !programs.bpftrace || !tracepoints) return undefined;
    return traceNeighbours(shell, journal);
  }

  private groupOf = (vnode: Vnode, part: 'payload' | 'monitor') => cgroupName(this.run, vnode.name, part);
  private cpuOf = (vnode: Vnode) => cgroupCpuSeconds(this.capabilities.cgroups, this.groupOf(vnode, 'payload'));

  private load(): LoadAccount {
    const containers = [...this.plan.vnodes, ...(this.plan.routed?.routers ?? [])];
    const groups = containers.flatMap(({ name }) => [
      cgroupName(this.run, name, 'payload'),
      cgroupName(this.run, name, 'monitor'),
    ]);
    return loadAccount(this.capabilities.cgroups, groups);
  }

  private account(vnode: Vnode, cpuBefore: number): VnodeAccount {
    const { cgroups } = this.capabilities;
    const group = this.groupOf(vnode, 'payload');
    const proc = `/proc/${vnode.init}/net`;
    const there = existsSync(`${proc}/dev`);
    const counters = there ? interfaces(readFileSync(`${proc}/dev`, 'utf8')) : undefined;
    return {
      counters: counters?.get(vnodeInterface(this.run, vnode.index)),
      talksToItself: (counters?.get('lo')?.sentPackets ?? 0) > 0,
      segments: there ? segments(readFileSync(`${proc}/snmp`, 'utf8')) : { sent: 0, received: 0, retransmitted: 0 },
      cpuSeconds: this.cpuOf(vnode) - cpuBefore,
      memory: cgroupMemory(cgroups, group),
      processes:
        cgroupProcesses(cgroups, group).length + cgroupProcesses(cgroups, this.groupOf(vnode, 'monitor')).length,
    };
  }

  /** Bytes that the run's folder takes on disk, files of the workload apart. */
  private async diskOf(shell: Shell, { run }: Range): Promise<number> {
    const { stdout } = await shell.attempt({ program: 'du', args: ['-s', '-x', '-B1', `${runFolder(run)}/vnodes`] });
    return Number(stdout.split('\t')[0] ?? 0) || 0;
  }

  private report(change: Partial<EmulationProgress>): void {
    this.latest = { ...this.latest, ...change };
    this.options.onProgress?.(this.latest);
  }

  private reportLook(now: Look, first: Look, previous: Look | undefined, all: number): void {
    const seconds = previous ? now.at - previous.at : 0;
    const idle = previous ? now.cpu.idle + now.cpu.iowait - previous.cpu.idle - previous.cpu.iowait : 0;
    this.report({
      phase: 'run',
      vnodesUp: this.plan.vnodes.length,
      seconds: now.at - first.at,
      completed: now.completed,
      all,
      rate: previous && seconds > 0 ? ((now.payloadBytes - previous.payloadBytes) * 8) / seconds : 0,
      cpuPercent: seconds > 0 ? Math.max(0, ((seconds * this.capabilities.cores - idle) / seconds) * 100) : 0,
    });
  }
}

function soakersCharged(looks: readonly Look[]): number {
  return (looks.at(-1)?.soakersCharged ?? 0) - (looks[0]?.soakersCharged ?? 0);
}

/** What `emulate` would do, as commands, one line each. Nothing is created. */
export async function describeEmulation(
  scenario: Scenario,
  capabilities: Capabilities,
  tell: (line: string) => void,
  network?: TargetNetwork,
): Promise<void> {
  const plan = planRange(scenario, capabilities.cores - 1, networkOf(scenario, network ? { network } : {}));
  preflight(scenario, plan, capabilities);
  const run = 'ffffff' as RunId;
  const site = paperSite(run, dryShell(tell), tell);
  await deploy(site, scenario, plan, {
    atOnce: 1,
    shared: () => [],
    onUp: () => {},
    signal: new AbortController().signal,
  });
}
