// Before anything is created: can this machine run the scenario at all, and at this size?

import { formatSize, type Scenario, vnodeCount } from '../models/index.js';
import { CannotRun } from './cannot-run.js';
import { type Capabilities, type Feature, PROGRAMS, type Program } from './capabilities.js';
import { swarmClient } from './clients/index.js';
import type { RangePlan } from './range-plan.js';

/** What one container takes with nothing in it, bytes, measured here with 400 idle ones: init, LXC's monitor, slab. */
const CONTAINER_MEMORY = 3.2e6;
/** An iperf3 with its buffers. */
const IPERF_MEMORY = 4e6;
/** What the greediest stress takes, all of it. */
const STRESS_MEMORY = 160e6;
/** Its part of the run's folder: configuration, root, logs. */
const CONTAINER_DISK = 120e3;
/** LXC's monitor, init, and what runs in it with its threads. */
const TASKS = {
  idle: 2,
  busy: 3,
  pairs: 3,
  swarm: 6,
  latency: 3,
  interference: 12,
  web: 3,
  flood: 2,
  ring: 3,
} as const;
const SECOND = 1_000_000_000;
/** Left to everybody else: a machine that swaps or kills measures nothing. */
const RESERVED_SHARE = 0.1;
/** net/bridge/br_private.h: BR_MAX_PORTS, port 0 unused; no sysctl moves it. */
const BRIDGE_PORTS = 1023;

/** The command that installs packages on Debian and Ubuntu. */
export const installCommand = (packages: readonly string[]): string =>
  `apt-get install --no-install-recommends -y ${[...new Set(packages)].sort().join(' ')}`;

function neededPrograms(scenario: Scenario, soak: boolean): Program[] {
  const always: Program[] = ['lxc-start', 'ip', 'tc', 'nsenter', 'unshare', 'setsid', 'busybox', 'sysctl'];
  const { workload } = scenario;
  const own: Program[] =
    workload.kind === 'latency'
      ? ['ping', 'bpftrace']
      : workload.kind === 'pairs'
        ? ['iperf3', 'chrt']
        : workload.kind === 'interference'
          ? ['stress-ng', 'iperf3']
          : workload.kind === 'swarm'
            ? ['opentracker', ...swarmClient(workload.client).programs]
            : [];
  return [
    ...always,
    ...own,
    ...(scenario.network.gso ? [] : (['ethtool'] as const)),
    ...(soak ? (['taskset', 'chrt', 'bpftrace'] as const) : []),
  ];
}

/** Kernel features without which the scenario would be another one, with what asks for each. */
function neededFeatures(scenario: Scenario, plan: RangePlan): [Feature, string][] {
  const { link, network } = scenario;
  return [
    ['veth', 'every link'],
    ...(network.attach === 'direct' && !plan.routed
      ? ([['mirred', 'network.attach: direct']] as [Feature, string][])
      : ([['bridge', `network.attach: ${network.attach}`]] as [Feature, string][])),
    ...(link.up !== 'unshaped' || link.down !== 'unshaped'
      ? ([['tbf', 'link.up and link.down']] as [Feature, string][])
      : []),
    ...(plan.routed?.pipes.some(({ netem }) => netem)
      ? ([['netem', 'delay or loss between routers']] as [Feature, string][])
      : []),
    ...(plan.routed?.pipes.some(({ quality }) => Number.isFinite(quality.rate))
      ? ([['tbf', 'rates between routers']] as [Feature, string][])
      : []),
    ...(link.delay > 0 ? ([['netem', 'link.delay']] as [Feature, string][]) : []),
    ...(link.loss > 0 ? ([['netem', 'link.loss']] as [Feature, string][]) : []),
  ];
}

/** Bytes of memory and disk of one vnode, the base system apart. */
export function demandOf(scenario: Scenario): { memory: number; disk: number; tasks: number } {
  const { workload } = scenario;
  const client =
    workload.kind === 'swarm'
      ? swarmClient(workload.client).memory(workload.file)
      : workload.kind === 'pairs'
        ? IPERF_MEMORY
        : workload.kind === 'interference'
          ? STRESS_MEMORY
          : 0;
  return {
    memory: CONTAINER_MEMORY + client,
    disk: CONTAINER_DISK + (workload.kind === 'swarm' ? workload.file : 0),
    tasks: TASKS[workload.kind],
  };
}

/** @throws CannotRun with the reason, the demand part by part, and the smaller range that fits. */
export function preflight(scenario: Scenario, plan: RangePlan, machine: Capabilities, soak = false): void {
  if (!machine.root) throw new CannotRun('an emulation needs root: containers, namespaces and kernel settings');
  const { kind } = scenario.workload;
  if (kind === 'web' || kind === 'flood' || kind === 'ring')
    throw new CannotRun(`no real client is known for the workload ${kind}; it can be simulated`);
  const missing = neededPrograms(scenario, soak).filter((program) => !machine.programs[program]);
  const packages: string[] = missing.map((program) => PROGRAMS[program]);
  if (
    scenario.workload.kind === 'swarm' &&
    swarmClient(scenario.workload.client).libtorrent &&
    machine.libtorrent === null
  )
    packages.push('python3-libtorrent');
  if (packages.length > 0) throw new CannotRun('programs are missing', [installCommand(packages)]);
  if (machine.cgroups.kind === 'none') throw new CannotRun('no cgroup hierarchy is mounted');
  const unable = neededFeatures(scenario, plan).filter(([feature]) => machine.features[feature] === false);
  if (unable.length > 0)
    throw new CannotRun(
      'this kernel lacks what the scenario asks for',
      unable.map(([feature, asks]) => `${feature}, for ${asks}`),
    );
  if (scenario.workload.kind === 'latency' && !machine.tracepoints)
    throw new CannotRun('this kernel has no tracepoints, without which the containers have no share of the latency');
  if (soak && !machine.tracepoints)
    throw new CannotRun(
      'this kernel has no tracepoints, without which interrupts cannot be told from what soakers get',
    );
  if (scenario.workload.kind === 'interference' && !machine.cgroups.controllers.pids)
    throw new CannotRun('no cgroup bounds processes here (pids), without which a fork bomb is not harmless');
  const { topology } = scenario.network;
  if (topology?.cores) throw new CannotRun('machines for the pipes are simulated: here the kernel has them itself');
  if (topology && topology.distill !== 'hop-by-hop')
    throw new CannotRun('routers are containers, so a network is emulated hop by hop; others can be simulated', [
      'network.topology.distill: hop-by-hop',
    ]);
  if (scenario.changes?.some(({ host = 1 }) => host > 1))
    throw new CannotRun('an emulation has one host, and changes name others', ['scenario.changes: host: 1']);
  if (scenario.workload.kind === 'swarm' && scenario.workload.churn)
    throw new CannotRun('peers that come and go are simulated; real clients stay', ['workload.churn: leave it out']);
  if (
    scenario.workload.kind === 'pairs' &&
    scenario.workload.bytes === undefined &&
    scenario.workload.duration % SECOND !== 0
  )
    throw new CannotRun('iperf3 sends for whole seconds', [
      `scenario.workload.duration: ${Math.ceil(scenario.workload.duration / SECOND)}s`,
    ]);
  if (scenario.network.core)
    throw new CannotRun('a core of several hops cannot be emulated on one machine; it can be simulated');
  if (!machine.congestionControl.includes(scenario.tcp))
    throw new CannotRun(`this kernel has no ${scenario.tcp}`, [`it has ${machine.congestionControl.join(', ')}`]);
  fits(scenario, plan, machine);
}

function fits(scenario: Scenario, plan: RangePlan, machine: Capabilities): void {
  const containers = plan.vnodes.length + (plan.routed?.routers.length ?? 0);
  const each = demandOf(scenario);
  const extra = containers - vnodeCount(scenario.workload);
  const parts = [
    {
      what: 'memory',
      each: each.memory,
      free: machine.memoryAvailable - machine.memoryTotal * RESERVED_SHARE,
      show: formatBytes,
    },
    { what: 'disk', each: each.disk, free: machine.diskAvailable * (1 - RESERVED_SHARE), show: formatBytes },
    {
      what: 'tasks',
      each: each.tasks,
      free: Math.min(machine.limits.pidMax, machine.limits.threadsMax) - 1000,
      show: String,
    },
    ...(scenario.network.attach === 'bridge'
      ? [{ what: 'ports of a bridge', each: 1, free: BRIDGE_PORTS, show: String }]
      : []),
  ];
  const short = parts.filter((part) => part.each * containers > part.free);
  if (short.length === 0) return;
  const most = Math.min(...parts.map((part) => Math.floor(Math.max(0, part.free) / part.each)));
  throw new CannotRun(
    `${containers} containers do not fit on this machine: ${short.map(({ what }) => what).join(' and ')}`,
    parts.map(
      (part) =>
        `${part.what}: ${containers} x ${part.show(part.each)} = ${part.show(part.each * containers)}, ${part.show(Math.max(0, part.free))} can be used`,
    ),
    Math.max(0, most - extra),
  );
}

/** Rounded: a demand is an estimate. */
const formatBytes = (bytes: number): string => formatSize(Number(bytes.toPrecision(3)));
