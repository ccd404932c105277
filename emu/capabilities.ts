// What this machine can do: programs, kernel features, cgroups, memory and disk, and the ceilings of its kernel.

import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { cpus, release } from 'node:os';
import type { CgroupLayout } from './cgroup.js';
import { readCgroupLayout } from './cgroup.js';
import type { Command, Shell } from './shell.js';

/** Programs an emulation may need, and the Debian and Ubuntu package that brings each. */
export const PROGRAMS = {
  'lxc-start': 'lxc',
  ip: 'iproute2',
  tc: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  chrt: 'util-linux',
  taskset: 'util-linux',
  setsid: 'util-linux',
  busybox: 'busybox-static',
  ethtool: 'ethtool',
  sysctl: 'procps',
  iperf3: 'iperf3',
  ping: 'iputils-ping',
  aria2c: 'aria2',
  opentracker: 'opentracker',
  bpftrace: 'bpftrace',
  'stress-ng': 'stress-ng',
} as const;

export type Program = keyof typeof PROGRAMS;

/** Kernel features, each probed by using it in a network namespace that ends with the probe. */
export type Feature =
  | 'veth'
  | 'bridge'
  | 'tbf'
  | 'netem'
  | 'htb'
  | 'fq_codel'
  | 'ingress'
  | 'mirred'
  | 'ifb'
  | 'macvlan'
  | 'vxlan'
  | 'vlan';

/** Pure: the command whose success shows the feature. */
export function featureProbe(feature: Feature): Command {
  const alone = (program: string, words: string, input?: string): Command => ({
    program: 'unshare',
    args: ['--net', '--', program, ...words.split(' ')],
    ...(input === undefined ? {} : { input }),
  });
  switch (feature) {
    case 'veth':
      return alone('ip', 'link add name rf0 type veth peer name rf1');
    case 'bridge':
    case 'ifb':
      return alone('ip', `link add name rf0 type ${feature}`);
    case 'vxlan':
      return alone('ip', 'link add name rf0 type vxlan id 1 dstport 4789 dev lo');
    case 'macvlan':
      return alone(
        'ip',
        '-batch -',
        'link add name rf0 type veth peer name rf1\nlink add link rf0 name rf2 type macvlan mode bridge\n',
      );
    case 'vlan':
      return alone(
        'ip',
        '-batch -',
        'link add name rf0 type veth peer name rf1\nlink add link rf0 name rf2 type vlan id 2\n',
      );
    case 'tbf':
      return alone('tc', 'qdisc add dev lo root tbf rate 1mbit burst 3000 limit 30000');
    case 'netem':
      return alone('tc', 'qdisc add dev lo root netem delay 1ms');
    case 'htb':
    case 'fq_codel':
      return alone('tc', `qdisc add dev lo root ${feature}`);
    case 'ingress':
      return alone('tc', 'qdisc add dev lo ingress');
    case 'mirred':
      return alone(
        'tc',
        '-batch -',
        'qdisc add dev lo ingress\nfilter add dev lo parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev lo\n',
      );
  }
}

const FEATURES: readonly Feature[] = [
  'veth',
  'bridge',
  'tbf',
  'netem',
  'htb',
  'fq_codel',
  'ingress',
  'mirred',
  'ifb',
  'macvlan',
  'vxlan',
  'vlan',
];

export interface Capabilities {
  readonly root: boolean;
  readonly cores: number;
  readonly kernel: string;
  readonly machine: string;
  readonly programs: Readonly<Record<Program, boolean>>;
  /** Debian's python3-libtorrent: its version, or null. */
  readonly libtorrent: string | null;
  readonly lxc: string | null;
  /** null: could not be probed (no root, or the program for it is missing). */
  readonly features: Readonly<Record<Feature, boolean | null>>;
  readonly congestionControl: readonly string[];
  readonly defaultCongestionControl: string;
  readonly cgroups: CgroupLayout;
  /** Trace events can be had (tracefs exists in this kernel). */
  readonly tracepoints: boolean;
  /** Bytes. */
  readonly memoryTotal: number;
  readonly memoryAvailable: number;
  readonly diskAvailable: number;
  readonly limits: KernelLimits;
}

export interface KernelLimits {
  readonly gcThresh1: number;
  readonly gcThresh2: number;
  readonly gcThresh3: number;
  readonly backlog: number;
  readonly pidMax: number;
  readonly threadsMax: number;
  readonly inotifyInstances: number;
  readonly openFiles: number;
  readonly ptys: number;
  readonly rootKeys: number;
}

/** Where an emulation's files go, or the nearest folder above that exists. */
const diskOf = () => (existsSync('/var/lib') ? '/var/lib' : '/');

export function readNumber(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').trim().split(/\s+/)[0]);
  } catch {
    return 0;
  }
}

/** Bytes of a line of /proc/meminfo. */
export function meminfo(content: string, name: string): number {
  const match = content.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'));
  return match ? Number(match[1]) * 1024 : 0;
}

const kernelLimits = (): KernelLimits => ({
  gcThresh1: readNumber('/proc/sys/net/ipv4/neigh/default/gc_thresh1'),
  gcThresh2: readNumber('/proc/sys/net/ipv4/neigh/default/gc_thresh2'),
  gcThresh3: readNumber('/proc/sys/net/ipv4/neigh/default/gc_thresh3'),
  backlog: readNumber('/proc/sys/net/core/netdev_max_backlog'),
  pidMax: readNumber('/proc/sys/kernel/pid_max'),
  threadsMax: readNumber('/proc/sys/kernel/threads-max'),
  inotifyInstances: readNumber('/proc/sys/fs/inotify/max_user_instances'),
  openFiles: readNumber('/proc/sys/fs/file-max'),
  ptys: readNumber('/proc/sys/kernel/pty/max'),
  rootKeys: readNumber('/proc/sys/kernel/keys/root_maxkeys'),
});

/** Looks, and leaves nothing behind. */
export async function probeCapabilities(shell: Shell): Promise<Capabilities> {
  const root = process.getuid?.() === 0;
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const has = (program: string) => folders.some((folder) => existsSync(`${folder}/${program}`));
  const programs = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, has(name)])) as Record<
    Program,
    boolean
  >;
  const features = Object.fromEntries(FEATURES.map((name) => [name, null])) as Record<Feature, boolean | null>;
  for (const feature of FEATURES) {
    const probe = featureProbe(feature);
    if (root && programs.unshare && has(probe.args[2] as string))
      features[feature] = (await shell.attempt(probe)).code === 0;
  }
  const version = programs['lxc-start']
    ? (await shell.attempt({ program: 'lxc-start', args: ['--version'] })).stdout.trim()
    : null;
  const python = has('python3')
    ? await shell.attempt({ program: '/usr/bin/python3', args: ['-c', 'import libtorrent; print(libtorrent.version)'] })
    : undefined;
  const memory = readFileSync('/proc/meminfo', 'utf8');
  const disk = statfsSync(diskOf());
  const words = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/) : []);
  return {
    root,
    cores: cpus().length,
    kernel: release(),
    machine: cpus()[0]?.model ?? 'unknown',
    programs,
    libtorrent: python?.code === 0 ? python.stdout.trim() : null,
    lxc: version,
    features,
    congestionControl: words('/proc/sys/net/ipv4/tcp_available_congestion_control'),
    defaultCongestionControl: words('/proc/sys/net/ipv4/tcp_congestion_control')[0] ?? 'unknown',
    cgroups: readCgroupLayout(),
    tracepoints: words('/proc/filesystems').includes('tracefs'),
    memoryTotal: meminfo(memory, 'MemTotal'),
    memoryAvailable: meminfo(memory, 'MemAvailable'),
    diskAvailable: disk.bavail * disk.bsize,
    limits: kernelLimits(),
  };
}
