// What an emulation could leave on a machine, as text lines, so that before and after can be compared.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'latin1').trim();
  } catch {
    return '';
  }
};

const inode = (file: string): number => {
  try {
    return statSync(file).ino;
  } catch {
    return 0;
  }
};

/** Cgroups by name: others come and go, so only what bears our prefix or LXC's counts. */
function cgroups(): string[] {
  const found: string[] = [];
  for (const line of read('/proc/self/mountinfo').split('\n')) {
    const type = line.split(' - ')[1]?.split(' ')[0];
    const folder = line.split(' ')[4] as string;
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    for (const name of readdirSync(folder))
      if (/^(rangefit|lxc)\b/.test(name)) found.push(`cgroup ${join(folder, name)}`);
  }
  return found;
}

/** Processes that live in another network namespace than the first, belong to a run, or are of LXC; zombies are gone. */
function processes(): string[] {
  const first = inode('/proc/1/ns/net');
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const state = read(`/proc/${pid}/stat`);
    if (state === '' || / [ZX] /.test(state.slice(state.lastIndexOf(')')))) continue;
    const namespace = inode(`/proc/${pid}/ns/net`);
    const marked = read(`/proc/${pid}/environ`).includes('RANGEFIT_RUN=');
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    const elsewhere = namespace !== 0 && first !== 0 && namespace !== first;
    if (elsewhere || marked || command.startsWith('[lxc monitor]')) found.push(`process ${pid} ${command}`);
  }
  return found;
}

const SYSCTLS = ['net/ipv4', 'net/core', 'net/ipv6/conf', 'kernel/pid_max', 'fs/inotify', 'fs/file-max', 'vm'];
/** Counters and clocks that live among the settings, and a value that the kernel itself adapts. */
const RESTLESS =
  /stat_refresh|route\/flush|nr_hugepages|lowmem_reserve|drop_caches|compact_memory|tcp_fastopen_key|stable_secret/;

function sysctls(): string[] {
  const found: string[] = [];
  const walk = (file: string) => {
    if (RESTLESS.test(file)) return;
    if (existsSync(file) && statSync(file).isDirectory()) for (const name of readdirSync(file)) walk(join(file, name));
    else found.push(`sysctl ${file} ${read(file).replaceAll(/\s+/g, ' ')}`);
  };
  for (const key of SYSCTLS) walk(join('/proc/sys', key));
  return found;
}

/** One line for each thing; sorted. */
export function machineState(): string[] {
  const links = execFileSync('ip', ['-br', 'link'], { encoding: 'utf8' }).trim().split('\n');
  const mounts = read('/proc/self/mountinfo')
    .split('\n')
    .map((line) => `mount ${line.split(' ').slice(3, 5).join(' ')} ${line.split(' - ')[1]}`);
  const files = ['/var/lib/rangefit', '/run/rangefit'].filter(existsSync).map((file) => `file ${file}`);
  const links4 = links.map((line) => `link ${line.split(/\s+/)[0]}`);
  return [...cgroups(), ...processes(), ...links4, ...mounts, ...files, ...sysctls()].sort();
}

/** Lines that are only in one of the two, marked + (new) or - (gone). */
export function stateDifference(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
  ];
}
