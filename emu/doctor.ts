// The doctor's findings: what this machine can emulate, what is missing and how to mend it, what its kernel lacks, noise.

import { type Capabilities, type Feature, PROGRAMS, type Program } from './capabilities.js';
import { type Ceiling, ceilings } from './ceilings.js';
import { swarmClients } from './clients/index.js';
import { listen, type Noise, stolenFromWakers } from './noise.js';
import { installCommand } from './preflight.js';
import { hostShell } from './shell.js';

export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** `mend` installs a `package`; `kernel` is a limit of this kernel, `machine` of this machine; `unknown`: not to be asked yet. */
  readonly kind: 'package' | 'kernel' | 'machine' | 'permission' | 'unknown';
  readonly found: string;
}

/** Whether a scenario can use a feature here. */
export interface Ability {
  readonly feature: string;
  readonly ok: boolean;
  readonly reason: string;
}

export interface Doctor {
  readonly machine: string;
  readonly kernel: string;
  readonly cores: number;
  readonly memoryAvailable: number;
  readonly diskAvailable: number;
  readonly cgroups: string;
  readonly checks: readonly Check[];
  readonly abilities: readonly Ability[];
  readonly ceilings: readonly Ceiling[];
  readonly noise: Noise;
  /** Commands that mend what can be mended; empty: nothing to do. */
  readonly mend: readonly string[];
}

/** What each kernel feature is for. */
const FEATURE_USES: Readonly<Record<Feature, string>> = {
  veth: 'every link',
  bridge: 'LANs and two-port bridges',
  tbf: 'shaped links',
  netem: 'delay and loss on links',
  htb: 'other shapers',
  fq_codel: 'other queues',
  ingress: 'direct paths without a bridge',
  mirred: 'direct paths without a bridge',
  ifb: 'shaping on entry',
  macvlan: 'links without a bridge',
  vxlan: 'ranges over several hosts',
  vlan: 'ranges over several hosts',
};

export function checks(machine: Capabilities): Check[] {
  const found: Check[] = [{ what: 'root', ok: machine.root, kind: 'permission', found: machine.root ? 'yes' : 'no' }];
  for (const program of Object.keys(PROGRAMS) as Program[])
    found.push({
      what: `${program} (${PROGRAMS[program]})`,
      ok: machine.programs[program],
      kind: 'package',
      found: machine.programs[program] ? (program === 'lxc-start' ? (machine.lxc ?? 'yes') : 'yes') : 'missing',
    });
  found.push({
    what: 'libtorrent-rasterbar (python3-libtorrent)',
    ok: machine.libtorrent !== null,
    kind: 'package',
    found: machine.libtorrent ?? 'missing',
  });
  for (const feature of Object.keys(machine.features) as Feature[]) {
    const able = machine.features[feature];
    const state = able === null ? 'not known until root and iproute2 are there' : able ? 'yes' : 'not in this kernel';
    found.push({
      what: `${feature}: ${FEATURE_USES[feature]}`,
      ok: able === true,
      kind: able === null ? 'unknown' : 'kernel',
      found: state,
    });
  }
  found.push(
    { what: 'cgroups', ok: machine.cgroups.kind !== 'none', kind: 'machine', found: machine.cgroups.kind },
    {
      what: 'tracepoints',
      ok: machine.tracepoints,
      kind: 'kernel',
      found: machine.tracepoints ? 'yes' : 'not in this kernel',
    },
  );
  return found;
}

export function abilities(machine: Capabilities): Ability[] {
  const has = (...programs: Program[]) =>
    programs.filter((program) => !machine.programs[program]).map((program) => PROGRAMS[program]);
  const lacks = (...features: Feature[]) => features.filter((feature) => machine.features[feature] === false);
  const containers = [
    ...(machine.root ? [] : ['root']),
    ...has('lxc-start', 'ip', 'tc', 'nsenter', 'unshare', 'busybox'),
    ...lacks('veth'),
  ];
  const ability = (feature: string, missing: readonly string[]): Ability => ({
    feature,
    ok: containers.length + missing.length === 0,
    reason: [...new Set([...containers, ...missing])].join(', '),
  });
  const tracepoints = machine.tracepoints ? [] : ['tracepoints'];
  return [
    ability('workload idle, workload busy', lacks('bridge')),
    ability('workload pairs', [...has('iperf3'), ...lacks('bridge')]),
    ...swarmClients.map((client) =>
      ability(`workload swarm, client ${client.name}`, [
        ...has('opentracker', ...client.programs),
        ...(client.libtorrent && machine.libtorrent === null ? ['python3-libtorrent'] : []),
        ...lacks('bridge'),
      ]),
    ),
    ability('workload interference', [
      ...has('stress-ng', 'iperf3'),
      ...(machine.cgroups.controllers.pids ? [] : ['a cgroup controller of processes']),
    ]),
    ability('workload latency', [...has('ping', 'bpftrace'), ...tracepoints]),
    ability('link.up, link.down', lacks('tbf')),
    ability('link.delay, link.loss', lacks('netem')),
    ability('network.attach: direct', lacks('ingress', 'mirred')),
    ability('network.gso: false', has('ethtool')),
    ability('neighbours refused, by vnode', [...has('bpftrace'), ...tracepoints]),
    ability('emulate --soak', [...has('bpftrace', 'chrt', 'taskset'), ...tracepoints]),
    ...(['cubic', 'reno', 'bbr'] as const).map((name) =>
      ability(`tcp: ${name}`, machine.congestionControl.includes(name) ? [] : [`${name} in this kernel`]),
    ),
  ];
}

/** What a range would be stolen, where that can be seen: next to nothing is from a machine that is idle. */
async function noiseOf({ cores, programs }: Capabilities): Promise<Noise> {
  const idle = await listen(cores);
  if (!programs.taskset) return idle;
  const steal = await stolenFromWakers(hostShell(), cores, 1).catch(() => 0);
  return { ...idle, steal: Math.max(idle.steal, steal) };
}

export async function diagnose(machine: Capabilities): Promise<Doctor> {
  const made = checks(machine);
  const packages = made
    .filter(({ ok, kind }) => !ok && kind === 'package')
    .map(({ what }) => /\(([^)]+)\)$/.exec(what)?.[1] as string);
  const limits = ceilings(machine);
  return {
    machine: machine.machine,
    kernel: machine.kernel,
    cores: machine.cores,
    memoryAvailable: machine.memoryAvailable,
    diskAvailable: machine.diskAvailable,
    cgroups: machine.cgroups.kind,
    checks: made,
    abilities: abilities(machine),
    ceilings: limits,
    noise: await noiseOf(machine),
    mend: [...(packages.length > 0 ? ['apt-get update', installCommand(packages)] : [])],
  };
}
