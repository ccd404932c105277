// Kernel settings that a run changes in the initial namespace, and how they come back.

import { readFileSync, writeFileSync } from 'node:fs';
import type { Scenario } from '../models/index.js';
import type { Journal } from './journal.js';

export interface Setting {
  /** With slashes below /proc/sys. */
  readonly key: string;
  readonly value: string;
}

/** Defaults of net/core/neighbour.c, net/ipv4/arp.c and net/core/dev.c; raised: times 256, as the RoEduNet paper did. */
const STOCK = { thresholds: [128, 512, 1024], backlog: 1000 } as const;
const RAISED = { thresholds: [128 * 256, 512 * 256, 1024 * 256], backlog: 100_000 } as const;

/** What the scenario's `limits` ask for. gc_thresh exists only in the initial namespace and counts all of them. */
export function settings(scenario: Scenario): Setting[] {
  const { thresholds, backlog } = scenario.limits === 'stock' ? STOCK : RAISED;
  return [
    // Upwards, the higher threshold first, so that no moment has gc_thresh1 above gc_thresh3.
    ...[3, 2, 1].map((i) => ({ key: `net/ipv4/neigh/default/gc_thresh${i}`, value: String(thresholds[i - 1]) })),
    { key: 'net/core/netdev_max_backlog', value: String(backlog) },
  ];
}

const file = (key: string) => `/proc/sys/${key}`;
const read = (key: string) => readFileSync(file(key), 'utf8').trim();

/** Changes what differs, each noted with its old value first. */
export function applySettings(wanted: readonly Setting[], journal: Journal): void {
  for (const { key, value } of wanted) {
    const before = read(key);
    if (before === value) continue;
    journal.note({ kind: 'sysctl', key, before, set: value });
    writeFileSync(file(key), value);
  }
}

/** Puts one back, unless somebody else has changed it since. @returns what went wrong, or undefined. */
export function restoreSetting({ key, before, set }: { key: string; before: string; set: string }): string | undefined {
  if (!/^[a-z0-9_/]+$/.test(key)) return `sysctl ${key}: not a key of ours`;
  const now = read(key);
  if (now === before) return undefined;
  if (now !== set) return `sysctl ${key}: is ${now}, neither ours (${set}) nor the old ${before}; left as it is`;
  writeFileSync(file(key), before);
  return undefined;
}
