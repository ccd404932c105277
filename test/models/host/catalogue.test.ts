// The catalogue of hosts: every number decodes, has a source, an interval that holds it, and says why.

import { describe, expect, it } from 'vitest';
import {
  type HostProfile,
  hostCatalogue,
  type Parameter,
  resolveHost,
  type Technology,
} from '../../../models/index.js';

const parameters = (value: unknown): Parameter[] => {
  if (typeof value !== 'object' || value === null) return [];
  return 'source' in value ? [value as Parameter] : Object.values(value).flatMap(parameters);
};
const each: [string, HostProfile][] = Object.entries(hostCatalogue);

describe('the catalogue', () => {
  it('holds the hosts of the papers with their technologies', () => {
    expect(Object.keys(hostCatalogue)).toEqual(['pc3000', 't7500']);
    expect(Object.keys(hostCatalogue.pc3000?.platforms ?? {}).sort()).toEqual(['jail', 'lxc', 'openvz']);
    expect(hostCatalogue.pc3000?.defaultTechnology).toBe('openvz');
    expect(Object.keys(hostCatalogue.t7500?.platforms ?? {})).toEqual(['lxc']);
  });

  it.each(each)('%s states source, interval and note of every number', (_name, profile) => {
    const all = parameters(profile);
    expect(all.length).toBeGreaterThan(30);
    for (const { value, low = value, high = value, source, note } of all) {
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(high);
      if (source === 'assumed' && !note.includes('one CPU')) expect(high).toBeGreaterThan(low);
    }
  });

  it.each(each)('%s resolves to a host on each of its platforms', (name, profile) => {
    for (const technology of Object.keys(profile.platforms) as Technology[]) {
      const host = resolveHost(profile, technology, 'raised');
      expect(host).toMatchObject({ name, technology, ideal: false });
      expect(Object.values(host.cpu).every(Number.isFinite)).toBe(true);
      expect(host.cpu.bridgePerPacket).toBeLessThanOrEqual(host.cpu.forwardPerPacket);
    }
  });

  it('gives a host of 2005 no TCP of today', () => {
    for (const technology of ['openvz', 'jail', 'lxc'] as const)
      expect(resolveHost(hostCatalogue.pc3000 as HostProfile, technology, 'raised').kernel).toMatchObject({
        initialWindow: 3,
        gsoOverVeth: false,
        rack: false,
      });
  });
});
