// The cgroup hierarchies of this machine, either version or both mixed, and what they tell about one container.

import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

export interface CgroupLayout {
  readonly kind: 'v1' | 'v2' | 'mixed' | 'none';
  /** Mount points of every hierarchy. */
  readonly hierarchies: readonly string[];
  /** Where each controller is mounted, and in which version. */
  readonly controllers: Readonly<Record<string, { readonly folder: string; readonly version: 1 | 2 }>>;
}

/** Reads mountinfo (proc(5)); version 1 names its controllers in the super options, version 2 in a file. */
export function cgroupLayout(mountinfo: string, unifiedControllers: (folder: string) => string): CgroupLayout {
  const hierarchies: string[] = [];
  const controllers: Record<string, { folder: string; version: 1 | 2 }> = {};
  let old = false;
  let unified = false;
  for (const line of mountinfo.split('\n')) {
    const [left, right] = line.split(' - ');
    if (!left || !right) continue;
    const folder = left.split(' ')[4] as string;
    const [type, , options = ''] = right.split(' ');
    if (type === 'cgroup') {
      old = true;
      hierarchies.push(folder);
      for (const option of options.split(','))
        if (/^[a-z_]+$/.test(option) && option !== 'rw' && option !== 'ro')
          controllers[option] = { folder, version: 1 };
    } else if (type === 'cgroup2') {
      unified = true;
      hierarchies.push(folder);
      for (const name of unifiedControllers(folder).split(/\s+/))
        if (name && !controllers[name]) controllers[name] = { folder, version: 2 };
    }
  }
  return { kind: old && unified ? 'mixed' : old ? 'v1' : unified ? 'v2' : 'none', hierarchies, controllers };
}

export function readCgroupLayout(): CgroupLayout {
  return cgroupLayout(
    readFileSync('/proc/self/mountinfo', 'utf8'),
    (folder) => text(join(folder, 'cgroup.controllers')) ?? '',
  );
}

function text(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A field of a file of `name value` lines. */
function field(content: string | undefined, name: string): number | undefined {
  const match = content?.match(new RegExp(`^${name} (\\d+)$`, 'm'));
  return match ? Number(match[1]) : undefined;
}

/** Processes in a container's cgroup, in the order the kernel gives (its init first). */
export function cgroupProcesses(layout: CgroupLayout, name: string): number[] {
  for (const hierarchy of layout.hierarchies) {
    const content = text(join(hierarchy, name, 'cgroup.procs'));
    if (content !== undefined && content !== '')
      return content
        .trim()
        .split('\n')
        .map(Number)
        .filter((pid) => pid > 0);
  }
  return [];
}

/**
 * Whether a process is in a cgroup or below it: an init that manages cgroups, as systemd does, leaves its container's own
 * one empty. Version 2 tells it in a file.
 */
export const isPopulated = (layout: CgroupLayout, name: string): boolean =>
  layout.hierarchies.some((hierarchy) => hasProcess(join(hierarchy, name)));

function hasProcess(folder: string): boolean {
  const events = text(join(folder, 'cgroup.events'));
  if (events !== undefined) return field(events, 'populated') === 1;
  return (
    (text(join(folder, 'cgroup.procs')) ?? '') !== '' ||
    cgroupsIn(folder).some((name) => hasProcess(join(folder, name)))
  );
}

/** Names of the cgroups in a folder of a hierarchy; none where there is no such folder any more. */
export function cgroupsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** CPU seconds of all tasks of a container, by its accounting (which misses interrupts). */
export function cgroupCpuSeconds(layout: CgroupLayout, name: string): number {
  const old = layout.controllers.cpuacct;
  if (old) return Number(text(join(old.folder, name, 'cpuacct.usage')) ?? 0) / 1e9;
  const unified = layout.controllers.cpu;
  return unified ? (field(text(join(unified.folder, name, 'cpu.stat')), 'usage_usec') ?? 0) / 1e6 : 0;
}

/** Bytes: all that is charged to a container, its processes' private part, and the kernel's part. */
export function cgroupMemory(layout: CgroupLayout, name: string): { total: number; anonymous: number; kernel: number } {
  const memory = layout.controllers.memory;
  if (!memory) return { total: 0, anonymous: 0, kernel: 0 };
  const folder = join(memory.folder, name);
  const stat = text(join(folder, 'memory.stat'));
  if (memory.version === 2)
    return {
      total: Number(text(join(folder, 'memory.current')) ?? 0),
      anonymous: field(stat, 'anon') ?? 0,
      kernel: field(stat, 'kernel') ?? 0,
    };
  return {
    total: Number(text(join(folder, 'memory.usage_in_bytes')) ?? 0),
    anonymous: field(stat, 'rss') ?? 0,
    kernel: Number(text(join(folder, 'memory.kmem.usage_in_bytes')) ?? 0),
  };
}

/** Names of cgroups at the top of any hierarchy that begin so. */
export function cgroupsNamed(layout: CgroupLayout, prefix: string): string[] {
  const found = layout.hierarchies.flatMap((hierarchy) =>
    readdirSync(hierarchy).filter((name) => name.startsWith(prefix)),
  );
  return [...new Set(found)];
}

/** Removes a cgroup and what is below it from every hierarchy; processes must be gone. Returns what would not go. */
export function removeCgroup(layout: CgroupLayout, name: string): string[] {
  const stuck: string[] = [];
  const remove = (folder: string) => {
    for (const below of readdirSync(folder, { withFileTypes: true }))
      if (below.isDirectory()) remove(join(folder, below.name));
    try {
      rmdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') stuck.push(`${folder}: ${(error as Error).message}`);
    }
  };
  for (const hierarchy of layout.hierarchies) if (existsSync(join(hierarchy, name))) remove(join(hierarchy, name));
  return stuck;
}
