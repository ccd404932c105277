// Memory, disk and set-up of a host, as the papers give them.

import { describe, expect, it } from 'vitest';
import {
  containersInMemory,
  containersOnDisk,
  diskUse,
  type Host,
  hostCatalogue,
  memoryUse,
  resolveHost,
  setupTime,
  type Technology,
} from '../../../models/index.js';

const MB = 1e6;
const host = (name: string, technology?: Technology): Host => {
  const profile = hostCatalogue[name];
  if (!profile) throw new Error(`no ${name}`);
  return resolveHost(profile, technology, 'raised');
};
/** What takes a container of the P2P paper from 4 MB to 13 MB. */
const CLIENT = 9 * MB;

describe('memory', () => {
  it("is the P2P paper's: 43 MB, and 4 to 13 MB for each of 100 peers and a tracker", () => {
    const laptop = host('t7500');
    expect(memoryUse(laptop, 0, 0).total).toBe(43 * MB);
    expect(memoryUse(laptop, 1, 0).total).toBe(47 * MB);
    const use = memoryUse(laptop, 101, 101 * CLIENT);
    expect(use.total).toBe(1356 * MB);
    expect(use.host + use.kernel + use.containers).toBe(use.total);
  });

  it('says in closed form how many containers fit: one more takes too much', () => {
    for (const [name, technology] of [
      ['t7500', 'lxc'],
      ['pc3000', 'openvz'],
      ['pc3000', 'jail'],
    ] as const) {
      const some = host(name, technology);
      const fit = containersInMemory(some, CLIENT);
      expect(memoryUse(some, fit, fit * CLIENT).total).toBeLessThanOrEqual(some.memoryBytes);
      expect(memoryUse(some, fit + 1, (fit + 1) * CLIENT).total).toBeGreaterThan(some.memoryBytes);
    }
    expect(containersInMemory({ ...host('t7500'), memoryBytes: 10 * MB }, CLIENT)).toBe(0);
  });

  it('holds about 20 jails in 512 MB (row E18)', () => {
    expect(containersInMemory({ ...host('pc3000', 'jail'), memoryBytes: 512 * MB }, 0)).toBe(20);
  });

  it('grows by duplicated code without a shared base only', () => {
    const openvz = host('pc3000', 'openvz');
    const shared: Host = { ...openvz, disk: { ...openvz.disk, sharedBase: true } };
    const difference = memoryUse(openvz, 10, 0).total - memoryUse(shared, 10, 0).total;
    expect(difference).toBe(10 * openvz.memory.duplicatedPerContainer);
    expect(containersInMemory(shared, CLIENT)).toBeGreaterThan(containersInMemory(openvz, CLIENT));
  });
});

describe('disk', () => {
  it("is the P2P paper's: 260.45 MB once, and at most 21.1 MB for each of 100 peers", () => {
    const use = diskUse(host('t7500'), 100, 100 * 20 * MB);
    expect(use.base).toBe(260.45 * MB);
    expect(use.total).toBeCloseTo(2370.45 * MB, 0);
  });

  it('says in closed form how many containers fit, and copies the base where it is not shared', () => {
    for (const name of ['t7500', 'pc3000']) {
      const some = host(name);
      const fit = containersOnDisk(some, 20 * MB);
      expect(diskUse(some, fit, fit * 20 * MB).total).toBeLessThanOrEqual(some.diskBytes);
      expect(diskUse(some, fit + 1, (fit + 1) * 20 * MB).total).toBeGreaterThan(some.diskBytes);
    }
    const openvz = host('pc3000');
    const shared: Host = { ...openvz, disk: { ...openvz.disk, sharedBase: true } };
    expect(diskUse(openvz, 7, 0).containers - diskUse(shared, 7, 0).containers).toBe(7 * openvz.disk.base);
  });
});

describe('set-up', () => {
  it('takes 30 s a jail, one after the other (row E11), and less in parallel', () => {
    const jails = host('pc3000', 'jail');
    for (const n of [1, 8, 20]) expect(setupTime(jails, n)).toBe(30e9 * n);
    expect(setupTime({ ...jails, parallelSetup: 4 }, 10)).toBe(90e9);
  });
});
