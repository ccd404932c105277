// Technologies: each known by a data file, derived where a host has only plain containers, and different for a reason.

import { describe, expect, it } from 'vitest';
import {
  containersInMemory,
  type Host,
  type HostProfile,
  hostCatalogue,
  hostProfileSchema,
  memoryUse,
  resolveHost,
  STRESSES,
  setupTime,
  TECHNOLOGIES,
  type Technology,
  technologies,
  withoutEncapsulation,
  withTechnology,
} from '../../../models/index.js';

const MB = 1e6;
const laptop = hostCatalogue.t7500 as HostProfile;
const host = (technology: Technology, profile = laptop): Host =>
  resolveHost(withTechnology(profile, technology), technology, 'raised');

describe('a technology that a host lacks', () => {
  it.each(TECHNOLOGIES)('is derived from its plain containers: %s', (technology) => {
    const profile = withTechnology(laptop, technology);
    // A profile with it is a profile like any, through its own text and back.
    expect(hostProfileSchema.parse(hostProfileSchema.encode(profile))).toEqual(profile);
    const derived = resolveHost(profile, technology, 'raised');
    expect(derived).toMatchObject({ name: 't7500', technology, memoryBytes: laptop.hardware.memory.value });
    for (const cost of Object.values(derived.cpu)) expect(cost).toBeGreaterThanOrEqual(0);
    expect(derived.cpu.bridgePerPacket).toBeLessThanOrEqual(derived.cpu.forwardPerPacket);
    // What hardware decides is not the technology's.
    expect(derived.cpu.copyPerByte).toBe(host('lxc').cpu.copyPerByte);
    expect(derived.cpu.applicationSpeed).toBe(host('lxc').cpu.applicationSpeed);
  });

  it('is never called measured or published where it was derived', () => {
    const { platforms } = withTechnology(laptop, 'xen');
    expect(platforms.xen?.cpu.forwardPerPacket.source).toBe('assumed');
    expect(platforms.xen?.cpu.forwardPerPacket.note).toMatch(/^4 times plain containers'/);
  });

  it('is left as it is where the host has it', () => {
    const pc3000 = hostCatalogue.pc3000 as HostProfile;
    expect(withTechnology(pc3000, 'jail')).toBe(pc3000);
    const { jail } = pc3000.platforms;
    const alone: HostProfile = { ...pc3000, platforms: jail ? { jail } : {} };
    expect(withTechnology(alone, 'xen')).toBe(alone);
  });
});

describe('virtual machines', () => {
  it('take what is set aside for them, used or not, and more where a client needs more', () => {
    const xen = host('xen');
    expect(memoryUse(xen, 10, 0).containers).toBe(10 * 64 * MB);
    expect(memoryUse(xen, 10, 10 * 30 * MB).containers).toBe(10 * 64 * MB);
    expect(memoryUse(xen, 10, 10 * 50 * MB).containers).toBe(10 * 78 * MB);
  });

  it.each(['xen', 'kvm', 'lxc'] as const)('say in closed form how many fit: %s', (technology) => {
    for (const client of [0, 9 * MB, 60 * MB]) {
      const some = host(technology);
      const fit = containersInMemory(some, client);
      expect(memoryUse(some, fit, fit * client).total).toBeLessThanOrEqual(some.memoryBytes);
      expect(memoryUse(some, fit + 1, (fit + 1) * client).total).toBeGreaterThan(some.memoryBytes);
    }
  });

  it('share pages with all but the first', () => {
    const kvm = host('kvm');
    const without = { ...kvm, guest: { memory: 64 * MB, pageSharing: 0 } };
    const saved = (guests: number) => memoryUse(without, guests, 0).total - memoryUse(kvm, guests, 0).total;
    expect(saved(1)).toBe(0);
    expect(saved(11)).toBeCloseTo(10 * (kvm.guest?.pageSharing ?? 0) * 64 * MB, -1);
  });

  it('hold fewer vnodes than containers on the same memory', () => {
    const fits = (technology: Technology) => containersInMemory(host(technology), 9 * MB);
    expect(fits('lxc')).toBeGreaterThan(fits('openvz'));
    expect(fits('openvz')).toBeGreaterThan(fits('jail'));
    expect(fits('jail')).toBeGreaterThan(fits('xen'));
  });
});

describe('links and set-up', () => {
  it('encapsulation costs a jail what leaving it out saves', () => {
    const jail = resolveHost(hostCatalogue.pc3000 as HostProfile, 'jail', 'raised');
    expect(jail.encapsulationPerPacket).toBe(1000);
    expect(withoutEncapsulation(jail).cpu.forwardPerPacket).toBe(jail.cpu.forwardPerPacket - 1000);
  });

  it('an image that is not cached is fetched once', () => {
    const xen = host('xen');
    expect(setupTime(xen, 10)).toBe(xen.imageOnce + 10 * xen.setupPerContainer);
    expect(setupTime(host('lxc'), 10)).toBe(10 * host('lxc').setupPerContainer);
  });
});

describe('the published interference', () => {
  it('is the table of its source, and nothing where nobody published it', () => {
    const shares = (technology: Technology) =>
      STRESSES.map((stress) => Number(technologies[technology].interference?.[stress].value.toPrecision(12)));
    expect(shares('lxc')).toEqual([0, 0.882, 0.09, 1, 0.022, 0.103]);
    expect(shares('openvz')).toEqual([0, 0.893, 0.39, 0, 0.045, 0.354]);
    expect(shares('vserver')).toEqual([0, 0.206, 0.488, 0, 0.136, 0.082]);
    expect(shares('xen')).toEqual([0, 0.009, 0, 0, 0.009, 0.003]);
    expect(technologies.jail.interference).toBe(null);
    expect(technologies.kvm.interference).toBe(null);
  });
});
