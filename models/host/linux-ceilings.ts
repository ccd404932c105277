// Ceilings of a Linux host: the table that containers run into, one entry each.

import { type Ceiling, type Load, unmoved } from './ceiling.js';

const PAGE = 4096;
/** Kernels before containers were common: no keyrings, no inotify in their init, other reserves. */
const early = ({ host }: Load): boolean => host.kernel.id.startsWith('linux-2.');
/** A burst to 1,500 peers stops at 1,022: the host and its router know each other already. */
const OWN_NEIGHBOURS = 2;
/** Tasks of a host at rest, its kernel threads included (assumed), and RESERVED_PIDS of kernel/pid.c. */
const OWN_TASKS = 200;
const RESERVED_PIDS = 300;
/** Instances that a host's own udev, systemd and the like hold (assumed). */
const OWN_INOTIFY = 20;
/** Descriptors a manager holds for itself, and for each vnode it watches (assumed). */
const OWN_FILES = 24;
/** Descriptors of a container's process apart from its connections (assumed). */
const FILES_PER_PROCESS = 12;
/** Of all pseudo-terminals those that the host keeps for itself (pty.reserve). */
const OWN_PTYS = 1024;
/** Peers that a vnode transfers with at the same time: unchoke slots, or the other end of a pair (assumed). */
const TRANSFERRING = 8;
/** Default send and receive buffer of a socket (tcp_wmem, tcp_rmem), in pages. */
const SOCKET_PAGES = Math.ceil((16_384 + 87_380) / PAGE);

const pages = ({ host }: Load): number => Math.floor(host.memoryBytes / PAGE);

export const linuxCeilings: readonly Ceiling[] = [
  {
    id: 'neighbour-table',
    title: 'neighbour (ARP) entries of all namespaces together',
    default: '128 / 512 / 1024 (gc_thresh1/2/3)',
    ...unmoved(({ host }) => host.limits.neighbours.gcThresh3),
    fixed: () => OWN_NEIGHBOURS,
    perVnode: ({ degree }) => degree,
    remedy(value) {
      const thresholds = [value / 8, value / 2, value].map((v, i) => `net.ipv4.neigh.default.gc_thresh${i + 1}=${v}`);
      return `sysctl -w ${thresholds.join(' ')}`;
    },
    note: 'one entry for each peer a vnode exchanges packets with; IPv6 has a table of its own',
  },
  {
    id: 'bridge-ports',
    title: 'ports of one bridge, the uplink counted',
    default: '1023',
    ...unmoved(({ host, oneBridge }) => (oneBridge ? host.limits.bridgePorts : Number.POSITIVE_INFINITY)),
    fixed: ({ extraContainers }) => 1 + extraContainers,
    perVnode: ({ oneBridge }) => (oneBridge ? 1 : 0),
    remedy: () => 'no sysctl: BR_MAX_PORTS is compiled in; add a second bridge and join the two',
    note: 'one port for each container',
  },
  {
    id: 'backlog',
    title: 'packets that wait for one core',
    default: '1000 (netdev_max_backlog)',
    ...unmoved(({ host }) => host.limits.backlog),
    fixed: ({ extraContainers }) => extraContainers,
    perVnode: ({ oneBridge }) => (oneBridge ? 1 : 0),
    remedy: (value) => `sysctl -w net.core.netdev_max_backlog=${value}`,
    note: 'a broadcast from the uplink is one packet for every port, all on one core',
  },
  {
    id: 'processes',
    title: 'process ids',
    default: '32768 (pid_max), 4194304 under systemd',
    stock: (load) => (early(load) ? 32_768 : 4_194_304),
    raised: () => 4_194_304,
    fixed: ({ host, extraContainers }) => OWN_TASKS + RESERVED_PIDS + extraContainers * host.processesPerContainer,
    perVnode: ({ host }) => host.processesPerContainer,
    remedy: (value) => `sysctl -w kernel.pid_max=${value}`,
    note: 'tasks of every container count, threads too',
  },
  {
    id: 'inotify',
    title: 'inotify instances of one user',
    default: '128 (max_user_instances)',
    stock: () => 128,
    raised: () => 65_536,
    fixed: (load) => OWN_INOTIFY + (early(load) ? 0 : load.extraContainers),
    perVnode: (load) => (early(load) ? 0 : 1),
    remedy: (value) => `sysctl -w fs.inotify.max_user_instances=${value}`,
    note: 'one for each container whose init uses it; the init of early containers does not',
  },
  {
    id: 'open-files',
    title: 'open files of the process that watches the containers',
    default: '1024 (soft limit of a process)',
    stock: () => 1024,
    raised: () => 1_048_576,
    fixed: ({ extraContainers }) => OWN_FILES + extraContainers,
    perVnode: () => 1,
    remedy: (value) => `ulimit -n ${value}`,
    note: 'one for each container',
  },
  {
    id: 'file-max',
    title: 'open files of the whole host',
    default: 'by memory: a tenth of its KiB (file-max)',
    stock: ({ host }) => Math.floor(host.memoryBytes / 1024 / 10),
    raised: () => 16_777_216,
    fixed: ({ host, extraContainers }) => 1024 + extraContainers * host.processesPerContainer * FILES_PER_PROCESS,
    perVnode: ({ host, degree }) => host.processesPerContainer * FILES_PER_PROCESS + degree,
    remedy: (value) => `sysctl -w fs.file-max=${value}`,
    note: 'files of every process, and a socket for each connection',
  },
  {
    id: 'keys',
    title: 'kernel keys of one user',
    default: '200, and 1000000 for root since Linux 3.18 (maxkeys, root_maxkeys)',
    stock: (load) => (early(load) ? 200 : 1_000_000),
    raised: () => 1_000_000,
    fixed: () => 2,
    perVnode: (load) => (early(load) ? 0 : 1),
    remedy: (value) => `sysctl -w kernel.keys.root_maxkeys=${value}`,
    note: "a session keyring for each of root's containers; unprivileged ones share 200 (kernel.keys.maxkeys)",
  },
  {
    id: 'ptys',
    title: 'pseudo-terminals',
    default: '4096, of which 1024 for the host (pty.max, pty.reserve)',
    stock: (load) => 4096 - (early(load) ? 0 : OWN_PTYS),
    raised: () => 65_536 - OWN_PTYS,
    fixed: ({ extraContainers }) => 8 + extraContainers,
    perVnode: () => 1,
    remedy: (value) => `sysctl -w kernel.pty.max=${value + OWN_PTYS}`,
    note: 'a console for each container',
  },
  {
    id: 'tcp-memory',
    title: 'pages in TCP buffers, all namespaces together',
    default: 'by memory (tcp_mem)',
    stock: (load) => Math.floor((pages(load) / (early(load) ? 8 : 16)) * 1.5),
    raised: (load) => Math.floor(pages(load) / 2),
    fixed: () => 0,
    perVnode: ({ degree }) => Math.min(degree, TRANSFERRING) * SOCKET_PAGES,
    remedy(value) {
      const pressure = Math.floor((value / 4) * 3);
      return `sysctl -w net.ipv4.tcp_mem="${Math.floor(value / 2)} ${pressure} ${value}"`;
    },
    note: `full default buffers on at most ${TRANSFERRING} connections a vnode`,
  },
  {
    id: 'conntrack',
    title: 'tracked connections',
    default: 'by memory (nf_conntrack_max)',
    ...unmoved(({ host }) => Math.min(262_144, Math.floor(host.memoryBytes / 16_384))),
    fixed: () => 0,
    perVnode: () => 0,
    remedy: () => 'nothing to do: connections are tracked only where there is NAT, and the range has none',
    note: 'none without NAT',
  },
];
