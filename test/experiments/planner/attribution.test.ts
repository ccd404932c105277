// Which constraint broke a run: read from its record, and the cause before its consequences.

import { describe, expect, it } from 'vitest';
import { defaultTolerances, fidelity } from '../../../calibration/index.js';
import { brokenBy } from '../../../experiments/planner/attribution.js';
import { lifted, remedyFor, utilisation } from '../../../experiments/planner/constraint.js';
import { type HostRecord, resolveHost, type VnodeRecord } from '../../../models/index.js';
import { host, record, vnode } from '../../calibration/records.js';
import { fakeHost } from './fake-world.js';

const pc3000 = resolveHost(fakeHost(), 'openvz', 'raised');
const memory = { total: pc3000.memoryBytes, used: 1e9, host: 0, kernel: 0, containers: 0 };

function cause(hosts: Partial<HostRecord>, ...vnodes: Partial<VnodeRecord>[]): string {
  const run = record({ hosts: [host({ memory, ...hosts })], vnodes: vnodes.map((each) => vnode(each)) });
  const twin = record({ vnodes: vnodes.map(() => vnode({ goodput: 100 })) });
  return brokenBy(fidelity(run, twin, defaultTolerances), [run], pc3000);
}
const busy = (takenPercent: number) => ({ ...host().cpu, takenPercent });
const slow = { goodput: 50 };

describe('the cause of a broken run', () => {
  it('is memory where vnodes were lost to it, however slow the others are', () => {
    const full = { ...memory, used: memory.total };
    expect(cause({ memory: full, cpu: busy(199) }, { alive: false }, slow)).toBe('memory');
  });

  it('is the neighbour table where entries were refused', () => {
    const neighbours = { peakEntries: 1024, threshold: 1024, refused: 30, overflows: 30 };
    expect(cause({ neighbours, cpu: busy(120) }, slow)).toBe('neighbour-table');
  });

  it('is the CPU where it is busiest', () => {
    expect(cause({ cpu: busy(195) }, slow)).toBe('cpu');
  });

  it('is the CPU, too, where busy cores drop packets', () => {
    expect(cause({ cpu: busy(195), drops: { backlog: 50 } }, { ...slow, unexpectedLosses: 50 })).toBe('cpu');
  });

  it('is the backlog where packets are dropped although cores are idle', () => {
    expect(cause({ cpu: busy(60), drops: { backlog: 50 } }, { goodput: 100, unexpectedLosses: 50 })).toBe('backlog');
  });

  it('is the NIC where that is fuller than the cores', () => {
    // 125 MB/s out over a gigabit, for 100 s.
    const bytes = { forwarded: 0, local: 0, remoteOut: 125e6 * 98, remoteIn: 0 };
    expect(cause({ bytes, cpu: busy(100) }, slow)).toBe('nic');
    expect(cause({ drops: { 'nic-queue': 50 } }, { goodput: 100, unexpectedLosses: 50 })).toBe('nic');
  });
});

describe('a constraint', () => {
  it('is gone once it is lifted, and nothing else has changed', () => {
    const run = record({ hosts: [host({ memory: { ...memory, used: memory.total } })] });
    expect(utilisation(run, pc3000, 'memory')).toBe(1);
    expect(utilisation(run, lifted(pc3000, 'memory'), 'memory')).toBeLessThan(0.1);
    expect({ ...lifted(pc3000, 'memory'), memoryBytes: pc3000.memoryBytes }).toEqual(pc3000);
    expect(lifted(pc3000, 'neighbour-table').limits.neighbours.gcThresh3).toBeGreaterThan(1e6);
    expect(lifted(pc3000, 'cpu')).toBe(pc3000);
  });

  it.each([
    ['memory', 'more memory than 2GiB: 13.1MB a vnode'],
    ['disk', 'more disk than 146GB, or a shared base: 622.1MB a vnode'],
    ['nic', 'a NIC faster than 1Gbit/s'],
    ['backlog', 'sysctl -w net.core.netdev_max_backlog=4096'],
    ['cpu', 'more or faster cores than 2, or lower rates (--set scenario.link.up=RATE)'],
  ])('%s has its remedy', (id, remedy) => {
    const ceilings = [{ id: 'backlog', remedy: 'sysctl -w net.core.netdev_max_backlog=4096' }];
    const facts = { host: pc3000, memoryPerVnode: 13.1e6, diskPerVnode: 622.1e6, ceilings };
    expect(remedyFor(id, facts)).toBe(remedy);
  });
});
