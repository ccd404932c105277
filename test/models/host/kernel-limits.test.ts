// The ceilings of a kernel, where containers hit them, and what moves them.

import { describe, expect, it } from 'vitest';
import {
  type CeilingQuery,
  type CeilingRow,
  type HostProfile,
  hostCatalogue,
  kernelCeilings,
  type LimitsMode,
  NeighbourTable,
  resolveHost,
  type Technology,
} from '../../../models/index.js';

const profile = hostCatalogue.pc3000 as HostProfile;

function ceilings(query: Partial<CeilingQuery>, technology: Technology = 'lxc'): Record<string, CeilingRow> {
  const limits: LimitsMode = query.limits ?? 'stock';
  const host = query.host ?? resolveHost(profile, technology, limits);
  const rows = kernelCeilings({ vnodes: 100, degree: 1, ...query, host, limits });
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}
const row = (id: string, query: Partial<CeilingQuery>, technology?: Technology): CeilingRow => {
  const found = ceilings(query, technology)[id];
  if (!found) throw new Error(`no ${id}`);
  return found;
};
/** A profile on a kernel of today: systemd in the containers. */
const modern = (limits: LimitsMode) => {
  const host = resolveHost(profile, 'lxc', limits);
  return { ...host, kernel: { ...host.kernel, id: 'linux-6.1' as const } };
};

describe('the stock kernel', () => {
  it('holds a full mesh of 32 in its neighbour table, and not one of 33', () => {
    expect(row('neighbour-table', { vnodes: 32, degree: 31 })).toMatchObject({ inForce: 1024, ok: true, hitsAt: 33 });
    expect(row('neighbour-table', { vnodes: 33, degree: 32 })).toMatchObject({ demand: 1058, ok: false });
  });

  it('says of the neighbour table what a table itself says', () => {
    for (const [vnodes, degree] of [
      [10, 100],
      [11, 100],
      [146, 7],
      [147, 7],
    ] as const) {
      const thresholds = resolveHost(profile, 'lxc', 'stock').limits.neighbours;
      const table = new NeighbourTable(thresholds, { routeHoldsNeighbour: true }, { uniform: () => 0.5 });
      for (const own of [5000, 5001]) table.create(own, 6000, 0);
      for (let owner = 0; owner < vnodes; owner++)
        for (let peer = 0; peer < degree; peer++) table.create(owner, 7000 + peer, 0);
      expect(row('neighbour-table', { vnodes, degree }).ok).toBe(table.overflows === 0);
    }
  });

  it.each([
    ['bridge-ports', 1023, /^no sysctl: .* second bridge/],
    ['backlog', 1001, /^sysctl -w net\.core\.netdev_max_backlog=\d+$/],
    ['open-files', 1001, /^ulimit -n \d+$/],
    ['ptys', 4089, /^sysctl -w kernel\.pty\.max=\d+$/],
    ['processes', 6454, /^sysctl -w kernel\.pid_max=\d+$/],
  ])('refuses on %s at %d vnodes', (id, hitsAt, remedy) => {
    expect(row(id, {}).hitsAt).toBe(hitsAt);
    expect(row(id, { vnodes: hitsAt - 1 }).ok).toBe(true);
    expect(row(id, { vnodes: hitsAt })).toMatchObject({ ok: false, remedy: expect.stringMatching(remedy) });
  });

  it('runs out of process ids at about 1,850 containers of 17 tasks', () => {
    const host = { ...resolveHost(profile, 'lxc', 'stock'), processesPerContainer: 17 };
    expect(row('processes', { host }).hitsAt).toBeGreaterThan(1850);
    expect(row('processes', { host }).hitsAt).toBeLessThan(1850 * 1.05);
  });

  it('runs out of inotify instances at about 100 containers whose init uses it, and never where it does not', () => {
    expect(row('inotify', { host: modern('stock') }).hitsAt).toBe(109);
    expect(row('inotify', {}).hitsAt).toBeNull();
  });

  it('runs out of a /24 at the 255th vnode of the range', () => {
    expect(row('subnet', { addresses: '10.0.0.0/24' }).hitsAt).toBe(255);
    expect(row('subnet', { vnodes: 10, rangeVnodes: 255, addresses: '10.0.0.0/24' }).ok).toBe(false);
    expect(row('subnet', { vnodes: 100, rangeVnodes: 10_000 }).ok).toBe(true);
  });

  it('tracks connections only with NAT, and counts no ports where there is no common bridge', () => {
    expect(row('conntrack', {})).toMatchObject({ hitsAt: null, ok: true });
    expect(row('bridge-ports', { vnodes: 5000, oneBridge: false })).toMatchObject({
      inForce: null,
      hitsAt: null,
      ok: true,
    });
  });

  it('counts a tracker beside the vnodes', () => {
    expect(row('bridge-ports', { extraContainers: 1 }).hitsAt).toBe(1022);
  });
});

describe('a remedy', () => {
  it('names values that suffice', () => {
    for (const limits of ['stock', 'raised'] as const)
      for (const { id, demand, remedy, perVnode } of Object.values(
        ceilings({ vnodes: 5000, degree: 200, limits, host: modern(limits) }),
      )) {
        if (!/^(sysctl|ulimit)/.test(remedy)) continue;
        const values = [...remedy.matchAll(/[= "](\d+)(?=["\s]|$)/g)].map(([, value]) => Number(value));
        expect(Math.max(...values), id).toBeGreaterThanOrEqual(demand);
        expect(perVnode).toBeGreaterThanOrEqual(0);
      }
  });

  it('of raised limits is the table that raised them', () => {
    expect(row('neighbour-table', { limits: 'raised', degree: 99 })).toMatchObject({
      ok: true,
      inForce: 262_144,
      remedy:
        'sysctl -w net.ipv4.neigh.default.gc_thresh1=32768 net.ipv4.neigh.default.gc_thresh2=131072 net.ipv4.neigh.default.gc_thresh3=262144',
    });
  });

  it('leaves nothing in the way of a thousand vnodes but what no sysctl moves', () => {
    const missing = Object.values(
      ceilings({ vnodes: 1500, degree: 100, limits: 'raised', host: { ...modern('raised'), memoryBytes: 16e9 } }),
    ).filter(({ ok }) => !ok);
    expect(missing.map(({ id }) => id)).toEqual(['bridge-ports']);
  });
});

describe('FreeBSD', () => {
  it('has ceilings of its own, and no neighbour table of this kind', () => {
    expect(Object.keys(ceilings({}, 'jail'))).toEqual(['processes', 'file-max', 'subnet']);
    expect(row('processes', {}, 'jail')).toMatchObject({ inForce: 6164, hitsAt: 1527 });
  });
});
