// One vnode's container: LXC's configuration, its small root with the host's base directories mounted read-only, start.

import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../models/index.js';
import type { CgroupLayout } from './cgroup.js';
import type { RunId } from './names.js';
import { cgroupName, containerName, hostInterface, vnodeInterface } from './names.js';
import { insideRange } from './namespace.js';
import { containersFolder, type VnodePlaces, vnodePlaces } from './places.js';
import type { PlannedContainer } from './range-plan.js';
import type { Command } from './shell.js';

/** A file or folder of the host that a vnode sees, read-only. */
export interface SharedPath {
  readonly host: string;
  /** Without the leading slash. */
  readonly vnode: string;
  readonly kind: 'dir' | 'file';
}

/** Directories of the base system: folders are mounted, links (a merged /usr) are repeated in the vnode's root. */
const BASE = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];
/** Where Debian keeps what /usr points to (alternatives) and the loader's cache. */
const SHARED_ETC: readonly SharedPath[] = [
  { host: '/etc/alternatives', vnode: 'etc/alternatives', kind: 'dir' },
  { host: '/etc/ld.so.cache', vnode: 'etc/ld.so.cache', kind: 'file' },
];
const OWN_FOLDERS = ['dev', 'proc', 'sys', 'etc', 'tmp', 'run', 'root', 'data', 'var/log'];
/** Nobody logs in; clients that give up root look for `nobody`. */
const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n';
const GROUP = 'root:x:0:\nnogroup:x:65534:\n';
/** busybox init reads it once; without an entry it would open consoles that a vnode does not have. */
const INITTAB = '::ctrlaltdel:/bin/true\n';

const basePaths = (): { mounts: SharedPath[]; links: { name: string; target: string }[] } => {
  const mounts: SharedPath[] = [];
  const links: { name: string; target: string }[] = [];
  for (const name of BASE) {
    const host = `/${name}`;
    if (!existsSync(host)) continue;
    if (lstatSync(host).isSymbolicLink()) links.push({ name, target: readlinkSync(host) });
    else mounts.push({ host, vnode: name, kind: 'dir' });
  }
  return { mounts: [...mounts, ...SHARED_ETC.filter(({ host }) => existsSync(host))], links };
};

/** Pure but for the list of base directories. Values come from validated names, numbers and our own paths only. */
export function containerConfig(
  run: RunId,
  vnode: PlannedContainer,
  scenario: Scenario,
  places: VnodePlaces,
  shared: readonly SharedPath[],
  cgroups: CgroupLayout,
): string {
  const mount = ({ host, vnode: inside, kind }: SharedPath) =>
    `lxc.mount.entry = ${host} ${inside} none ro,bind,create=${kind} 0 0`;
  return [
    `lxc.uts.name = ${vnode.name}`,
    `lxc.rootfs.path = dir:${places.root}`,
    'lxc.init.cmd = /usr/bin/busybox init',
    'lxc.mount.auto = proc:mixed sys:ro',
    ...[...basePaths().mounts, ...shared].map(mount),
    'lxc.autodev = 1',
    'lxc.tty.max = 0',
    'lxc.pty.max = 4',
    'lxc.net.0.type = veth',
    `lxc.net.0.veth.pair = ${hostInterface(run, vnode.index)}`,
    `lxc.net.0.name = ${vnodeInterface(run, vnode.index)}`,
    `lxc.net.0.mtu = ${scenario.network.mtu}`,
    'lxc.sysctl.net.ipv6.conf.all.disable_ipv6 = 1',
    'lxc.sysctl.net.ipv6.conf.default.disable_ipv6 = 1',
    `lxc.cgroup.dir.container = ${cgroupName(run, vnode.name, 'payload')}`,
    `lxc.cgroup.dir.monitor = ${cgroupName(run, vnode.name, 'monitor')}`,
    `lxc.cgroup.dir.monitor.pivot = ${cgroupName(run, vnode.name, 'pivot')}`,
    ...processorLines(vnode, cgroups),
    ...processLines(vnode, cgroups),
    'lxc.log.level = ERROR',
    `lxc.log.file = ${places.folder}/lxc.log`,
    '',
  ].join('\n');
}

/** Shares of cgroup version 1, or the weight that version 2 computes from them (systemd's and runc's mapping). */
function processorLines({ processor }: PlannedContainer, cgroups: CgroupLayout): string[] {
  if (!processor) return [];
  const old = cgroups.controllers.cpu?.version === 1;
  const weight = Math.max(1, Math.min(10_000, processor.shares));
  return [
    old ? `lxc.cgroup.cpu.shares = ${Math.max(2, processor.shares)}` : `lxc.cgroup2.cpu.weight = ${weight}`,
    `${cgroups.controllers.cpuset?.version === 1 ? 'lxc.cgroup' : 'lxc.cgroup2'}.cpuset.cpus = ${processor.core}`,
  ];
}

function processLines({ processes }: PlannedContainer, { controllers }: CgroupLayout): string[] {
  if (processes === null || !controllers.pids) return [];
  return [`${controllers.pids.version === 1 ? 'lxc.cgroup' : 'lxc.cgroup2'}.pids.max = ${processes}`];
}

/** Writes the vnode's root and configuration; idempotent. */
export function layOutContainer(
  run: RunId,
  vnode: PlannedContainer,
  scenario: Scenario,
  shared: readonly SharedPath[],
  cgroups: CgroupLayout,
): VnodePlaces {
  const places = vnodePlaces(run, containerName(run, vnode.name), vnode.name);
  for (const folder of OWN_FOLDERS) mkdirSync(join(places.root, folder), { recursive: true });
  for (const { name, target } of basePaths().links) symlinkSync(target, join(places.root, name));
  writeFileSync(join(places.root, 'etc/passwd'), PASSWD);
  writeFileSync(join(places.root, 'etc/group'), GROUP);
  writeFileSync(join(places.root, 'etc/inittab'), INITTAB);
  writeFileSync(join(places.root, 'etc/hosts'), `127.0.0.1 localhost\n${vnode.address} ${vnode.name}\n`);
  writeFileSync(places.config, containerConfig(run, vnode, scenario, places, shared, cgroups), { mode: 0o600 });
  return places;
}

/** Returns once the container runs; its monitor goes on in the background. */
export const startContainer = (run: RunId, vnode: string): Command =>
  insideRange(run, { program: 'lxc-start', args: ['-P', containersFolder(run), '-n', containerName(run, vnode)] });

/** A program inside a vnode: same cgroup, namespaces and root as its init. */
export const insideVnode = (run: RunId, vnode: string, command: Command): Command => ({
  ...insideRange(run, {
    program: 'lxc-attach',
    args: [
      ...['-P', containersFolder(run), '-n', containerName(run, vnode), '--clear-env'],
      ...['-v', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', '--', command.program, ...command.args],
    ],
  }),
  ...(command.input === undefined ? {} : { input: command.input }),
  ...(command.output === undefined ? {} : { output: command.output }),
  ...(command.timeout === undefined ? {} : { timeout: command.timeout }),
});

/** The same in the background: the command that starts it ends at once, the program stays. */
export const inBackground = (command: Command): Command => ({
  ...command,
  program: '/usr/bin/setsid',
  args: ['-f', command.program, ...command.args],
});
