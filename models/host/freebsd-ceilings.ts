// Ceilings of a FreeBSD host with jails: processes and files, both sized at boot from kern.maxusers.

import { type Ceiling, containers, type Load } from './ceiling.js';

/** FreeBSD 4 sizes itself to memory: a user for each 2 MB, from 32 to 384 (sys/kern/subr_param.c). */
const maxUsers = ({ host }: Load): number => Math.min(384, Math.max(32, Math.floor(host.memoryBytes / 2_097_152)));
const maxProcesses = (load: Load): number => 20 + 16 * maxUsers(load);
/** Processes and files of a host at rest (assumed), and files of a jail's process (assumed). */
const OWN_PROCESSES = 60;
const OWN_FILES = 400;
const FILES_PER_PROCESS = 12;

export const freebsdCeilings: readonly Ceiling[] = [
  {
    id: 'processes',
    title: 'processes',
    default: '20 + 16 x maxusers, by memory (kern.maxproc)',
    stock: maxProcesses,
    raised: () => 32_768,
    fixed: ({ host, extraContainers }) => OWN_PROCESSES + extraContainers * host.processesPerContainer,
    perVnode: ({ host }) => host.processesPerContainer,
    remedy: (value) => `echo 'kern.maxproc="${value}"' >> /boot/loader.conf (no sysctl; then reboot)`,
    note: 'those of every jail',
  },
  {
    id: 'file-max',
    title: 'open files of the whole host',
    default: 'twice kern.maxproc (kern.maxfiles)',
    stock: (load) => 2 * maxProcesses(load),
    raised: () => 1_048_576,
    fixed: (load) => OWN_FILES + (containers(load) - load.vnodes) * load.host.processesPerContainer * FILES_PER_PROCESS,
    perVnode: ({ host, degree }) => host.processesPerContainer * FILES_PER_PROCESS + degree,
    remedy: (value) => `sysctl kern.maxfiles=${value}`,
    note: 'files of every process, and a socket for each connection',
  },
];
