// The kernel's ceilings on this machine, and how many vnodes each allows before a sysctl (or nothing) moves it.

import type { Capabilities } from './capabilities.js';

export interface Ceiling {
  readonly name: string;
  readonly value: number;
  /** Vnodes at which it is reached; null: does not depend on their number alone. */
  readonly vnodes: number | null;
  readonly why: string;
  /** The command that moves it; null: nothing does. */
  readonly remedy: string | null;
}

/** net/bridge/br_private.h. */
const BRIDGE_PORTS = 1023;
/** LXC's monitor, init and a client with a few threads, as measured here. */
const TASKS_PER_VNODE = 6;
/** fs.file-max is shared; a client with 50 connections, its files and its monitor hold about this many. */
const FILES_PER_VNODE = 100;
/** RoEduNet's remedy: larger by 256. */
const RAISED = 256;

/** The largest full mesh (every vnode talks to every other) whose N x (N - 1) entries fit. */
const fullMesh = (entries: number): number => Math.floor((1 + Math.sqrt(1 + 4 * entries)) / 2);

export function ceilings({ limits, memoryAvailable, memoryTotal }: Capabilities): Ceiling[] {
  const sysctl = (name: string, value: number) => `sysctl -w ${name}=${value}`;
  return [
    {
      name: 'net.ipv4.neigh.default.gc_thresh3',
      value: limits.gcThresh3,
      vnodes: fullMesh(limits.gcThresh3),
      why: 'a full mesh has N x (N - 1) neighbour entries in one table for all namespaces',
      remedy: sysctl('net.ipv4.neigh.default.gc_thresh3', 1024 * RAISED),
    },
    { name: 'bridge ports', value: BRIDGE_PORTS, vnodes: BRIDGE_PORTS, why: 'one port a vnode', remedy: null },
    {
      name: 'net.core.netdev_max_backlog',
      value: limits.backlog,
      vnodes: limits.backlog,
      why: 'a broadcast puts one packet a port into one queue',
      remedy: sysctl('net.core.netdev_max_backlog', 100_000),
    },
    {
      name: 'kernel.pid_max',
      value: limits.pidMax,
      vnodes: Math.floor(limits.pidMax / TASKS_PER_VNODE),
      why: `about ${TASKS_PER_VNODE} tasks a vnode`,
      remedy: sysctl('kernel.pid_max', 4_194_304),
    },
    {
      name: 'kernel.threads-max',
      value: limits.threadsMax,
      vnodes: Math.floor(limits.threadsMax / TASKS_PER_VNODE),
      why: `about ${TASKS_PER_VNODE} tasks a vnode`,
      remedy: sysctl('kernel.threads-max', 4_194_304),
    },
    {
      name: 'fs.inotify.max_user_instances',
      value: limits.inotifyInstances,
      vnodes: null,
      why: 'only an init that uses inotify takes one; the one used here does not',
      remedy: sysctl('fs.inotify.max_user_instances', 8192),
    },
    {
      name: 'fs.file-max',
      value: limits.openFiles,
      vnodes: Math.floor(limits.openFiles / FILES_PER_VNODE),
      why: `about ${FILES_PER_VNODE} open files a vnode`,
      remedy: sysctl('fs.file-max', limits.openFiles * 4),
    },
    {
      name: 'kernel.pty.max',
      value: limits.ptys,
      vnodes: null,
      why: 'vnodes have no consoles here',
      remedy: sysctl('kernel.pty.max', 65_536),
    },
    {
      name: 'kernel.keys.root_maxkeys',
      value: limits.rootKeys,
      vnodes: limits.rootKeys,
      why: 'one session keyring a container',
      remedy: sysctl('kernel.keys.root_maxkeys', 1_000_000),
    },
    {
      name: 'memory',
      value: memoryAvailable,
      vnodes: Math.max(0, Math.floor((memoryAvailable - memoryTotal * 0.1) / 40e6)),
      why: '40MB for a container with a BitTorrent client, a tenth of the machine left free',
      remedy: null,
    },
  ];
}
