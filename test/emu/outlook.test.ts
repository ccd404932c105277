// Any containers, by their cgroups: found by pattern in either version of the hierarchy, and counted while a process is in
// them.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CgroupLayout } from '../../emu/cgroup.js';
import { containersInCgroups, outlook } from '../../emu/index.js';
import { usualCpuBounds, Vigil, watched } from '../../experiments/watch/index.js';
import { root as clone } from '../built.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rangefit-cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Hierarchies of their own folders; version 1 has one a controller. */
function layoutOf(...hierarchies: string[]): CgroupLayout {
  const folders = hierarchies.map((name) => join(root, name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  return { kind: hierarchies.length > 1 ? 'v1' : 'v2', hierarchies: folders, controllers: {} };
}

/** A cgroup as version 1 has it. */
function cgroup(path: string, processes = ''): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, 'cgroup.procs'), processes);
}

/** As version 2 has it. */
function unified(path: string, populated: boolean, processes = ''): void {
  cgroup(path, processes);
  writeFileSync(join(root, path, 'cgroup.events'), `populated ${populated ? 1 : 0}\nfrozen 0\n`);
}

/** What `watch` finds, sorted. */
const found = (layout: CgroupLayout, ...patterns: string[]) =>
  [...(containersInCgroups(patterns, layout)() ?? [])].sort();

const DOCKER = ['0a1b2c', '3d4e5f'];
/** Where tools keep their containers, by the pattern that the documentation gives: theirs, and what is beside them. */
const TOOLS: Readonly<Record<string, { readonly theirs: readonly string[]; readonly beside: readonly string[] }>> = {
  'lxc.payload.*': { theirs: ['lxc.payload.a', 'lxc.payload.b'], beside: ['lxc.monitor.a', 'lxc.pivot'] },
  'docker/*': { theirs: DOCKER.map((id) => `docker/${id}`), beside: ['docker.slice', 'system.slice/docker.service'] },
  'system.slice/docker-*.scope': {
    theirs: DOCKER.map((id) => `system.slice/docker-${id}.scope`),
    beside: ['system.slice/docker.service', 'system.slice/docker.socket', 'system.slice/ssh.service'],
  },
  'rangefit.*.payload': {
    theirs: ['rangefit.3fa2c1.peer-1.payload', 'rangefit.3fa2c1.peer-2.payload'],
    beside: ['rangefit.3fa2c1.peer-1.monitor', 'rangefit.3fa2c1.peer-1.pivot'],
  },
};

describe('containers by their cgroups', () => {
  it.each(Object.entries(TOOLS))('are found by %s', (pattern, { theirs, beside }) => {
    const layout = layoutOf('unified');
    for (const path of [...theirs, ...beside, 'init.scope']) unified(join('unified', path), true, '1\n');
    expect(found(layout, pattern)).toEqual(theirs);
  });

  it('are those that the documentation tells the patterns of', () => {
    const cells = readFileSync(join(clone, 'docs/watching.md'), 'utf8').matchAll(/\| `([^`]+\*[^`]*)` \|$/gm);
    expect([...cells].map(([, pattern]) => pattern).sort()).toEqual(Object.keys(TOOLS).sort());
  });

  it('are each found once, in all hierarchies, by several patterns or a path', () => {
    const layout = layoutOf('cpu', 'memory');
    for (const path of ['cpu/docker/a', 'memory/docker/a', 'memory/docker/b', 'cpu/lab']) cgroup(path, '7\n');
    expect(found(layout, 'docker/*', '/docker/a/', 'lab')).toEqual(['docker/a', 'docker/b', 'lab']);
  });

  it('are taken literally but for the star, which does not reach below', () => {
    const layout = layoutOf('unified');
    for (const path of ['a.b1', 'axb1', 'a.b1/nested', 'c/a.b2']) cgroup(join('unified', path));
    writeFileSync(join(root, 'unified', 'a.b.file'), '');
    expect(found(layout, 'a.b*')).toEqual(['a.b1']);
    expect(found(layout, 'none', 'none/*', '(a', '*/nested')).toEqual([]);
  });
});

const KERNEL = ['/proc/net/stat/arp_cache', '/proc/net/softnet_stat', '/proc/sys/net/ipv4/neigh/default/gc_thresh3'];

describe.skipIf(!KERNEL.every((file) => existsSync(file)))('containers that are looked at', () => {
  const counted = (layout: CgroupLayout, pattern: string) =>
    outlook(containersInCgroups([pattern], layout)() ?? [], layout).containers;

  it('count while a process is in them, or in a cgroup of their own init', () => {
    const layout = layoutOf('unified');
    unified('unified/lab/plain', true, '7\n');
    unified('unified/lab/systemd', true);
    unified('unified/lab/systemd/init.scope', true, '8\n');
    unified('unified/lab/over', false);
    expect(counted(layout, 'lab/*')).toBe(2);
  });

  it('count so in version 1, which has no file that tells', () => {
    const layout = layoutOf('cpu', 'systemd');
    cgroup('cpu/lab/plain', '7\n');
    cgroup('systemd/lab/init');
    cgroup('systemd/lab/init/init.scope', '8\n');
    cgroup('cpu/lab/over');
    expect(counted(layout, 'lab/*')).toBe(2);
  });

  it('are watched as they come, and until the last is gone', async () => {
    const layout = layoutOf('unified');
    unified('unified/lab/a', true, '7\n');
    const vigil = new Vigil(usualCpuBounds);
    const seen: number[] = [];
    let at = 0;
    const look = (groups: readonly string[]) => {
      const now = { ...outlook(groups, layout), at: at++ };
      seen.push(now.containers);
      return now;
    };
    const steps = [
      () => unified('unified/lab/b', true, '8\n'),
      () => rmSync(join(root, 'unified/lab/a'), { recursive: true }),
      () => unified('unified/lab/b', false),
    ];
    const watching = {
      ...{ interval: 1, until: 100, signal: new AbortController().signal },
      pause: async () => steps.shift()?.(),
    };
    for await (const _ of watched(vigil, containersInCgroups(['lab/*'], layout), look, watching));
    expect(seen).toEqual([1, 2, 1, 0]);
  });
});
