// Containerlab files: read with what they inherit, refused by their line, and planned with what they declare.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadHostProfile } from '../../../experiments/hosts.js';
import { labOf } from '../../../experiments/lab/index.js';
import { neededHosts, packed, tooLarge } from '../../../experiments/lab/packing.js';
import { placementRows, stretches } from '../../../experiments/planner/placement-words.js';
import { diskUse, kernelCeilings, resolveHost, setupTime } from '../../../models/index.js';
import { rangefit } from '../session.js';
import { clos } from './clos.js';

const GIB = 2 ** 30;

let folder: string;
const file = (name: string) => join(folder, name);
const put = (name: string, text: string): string => {
  writeFileSync(file(name), text);
  return file(name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-lab-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => labOf('lab.clab.yml', text);

describe('a containerlab file', () => {
  it('gives each vnode what it says itself, then its group, its kind, and the defaults', () => {
    const { vnodes, links } = read(`
name: small
prefix: ""
topology:
  defaults: { kind: linux, memory: 100mb, cpu: 4 }
  kinds:
    linux: { image: "alpine:3", cpu: 3 }
  groups:
    edge: { cpu: 2 }
  nodes:
    own: { group: edge, cpu: 0.5, memory: 2Gib }
    grouped: { group: edge }
    plain:
    other: { kind: bridge }
  links:
    - endpoints: ["own:eth1", "plain:eth1"]
    - type: veth
      endpoints: [{ node: grouped, interface: eth1 }, { node: plain, interface: eth2, mac: "02:00:00:00:00:01" }]
    - endpoints: ["own:eth2", "host:vl1"]
`);
    expect(vnodes.map(({ name, cpu, memory }) => [name, cpu, memory])).toEqual([
      ['own', 0.5, 2 * GIB],
      ['grouped', 2, 100e6],
      ['plain', 3, 100e6],
      ['other', 4, 100e6],
    ]);
    expect(vnodes.map(({ image }) => image)).toEqual(['alpine:3', 'alpine:3', 'alpine:3', null]);
    // The third leads out of the lab.
    expect(links).toHaveLength(2);
  });

  // What `ParseBytes` of github.com/dustin/go-humanize, which containerlab calls, makes of them.
  it.each([
    ['1gb', 1e9],
    ['1GB', 1e9],
    ['1g', 1e9],
    ['1Gib', GIB],
    ['1gi', GIB],
    ['42 MB', 42_000_000],
    ['42 mib', 44_040_192],
    ['1.5kB', 1500],
    ['1,024 kb', 1_024_000],
    ['2tib', 2 * 2 ** 40],
    ['.5m', 500_000],
    ['512b', 512],
    ['512', 512],
    ['0mb', null],
    ['0', null],
  ])('takes memory: %s as %j bytes', (memory, bytes) => {
    const text = `name: x\ntopology:\n  nodes:\n    a:\n      kind: linux\n      memory: "${memory}"\n`;
    expect(read(text).vnodes.map((vnode) => vnode.memory)).toEqual([bytes]);
    expect(read(text.replaceAll('"', '')).vnodes.map((vnode) => vnode.memory)).toEqual([bytes]);
  });

  it.each(['lots', '-1mb', '1e9', '1ib', '1kk', '1.2.3mb', 'mb', ','])('refuses memory: %s', (memory) => {
    const text = `name: x\ntopology:\n  nodes:\n    a: { kind: linux, memory: "${memory}" }\n`;
    expect(() => read(text)).toThrow(/^lab\.clab\.yml:4:\d+: .*expected memory with its unit/);
  });

  it('takes the group of a kind, and cores of 0 as not said', () => {
    const { vnodes } = read(`
name: small
topology:
  defaults: { cpu: 4, group: rest }
  kinds:
    linux: { group: edge }
  groups:
    edge: { cpu: 0.5 }
    rest: { kind: linux }
  nodes:
    a: { kind: linux }
    b: { kind: other, cpu: 0 }
`);
    expect(vnodes.map(({ kind, cpu }) => [kind, cpu])).toEqual([
      ['linux', 0.5],
      ['other', 4],
    ]);
  });

  it.each([
    ['name: x\ntopology:\n  nodes:\n    a:\n', /^lab\.clab\.yml:4:5: expected a kind/],
    ['name: x\ntopolgy: {}\n', /topology/],
    ['name: x\ntopology:\n  nodes: {}\n', /expected at least one node/],
    [
      'name: x\ntopology:\n  nodes:\n    a: { kind: linux, memory: lots }\n',
      /^lab\.clab\.yml:4:\d+: .*expected memory with its unit/,
    ],
    ['name: x\ntopology:\n  nodes:\n    a: { kind: linux, cpu: -1 }\n', /^lab\.clab\.yml:4:\d+: .*cpu: expected/],
    [
      'name: x\ntopology:\n  nodes:\n    leaf: { kind: linux }\n  links:\n    - endpoints: ["leaf:eth1", "leav:eth1"]\n',
      /^lab\.clab\.yml:6:\d+: expected a node of this file, found "leav" \(did you mean "leaf"\?\)/,
    ],
    [
      'name: x\ntopology:\n  nodes:\n    a: { kind: linux }\n    b: { kind: linux }\n  links:\n    - endpoints: ["a:eth1", "b:eth1"]\n    - endpoints: ["a:eth1", "b:eth2"]\n',
      /^lab\.clab\.yml:8:\d+: expected each interface once \("a:eth1" is at lab\.clab\.yml:7:/,
    ],
    [
      'name: x\ntopology:\n  nodes:\n    a: { kind: linux }\n  links:\n    - endpoints: ["a:eth1"]\n',
      /^lab\.clab\.yml:6:/,
    ],
    [
      'name: x\ntopology:\n  nodes:\n    a: { kind: linux }\n  links:\n    - { vni: 3 }\n',
      /^lab\.clab\.yml:6:\d+: expected endpoints/,
    ],
  ])('that is broken is refused by its line: %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe('packing', () => {
  const item = fc.record({ memory: fc.integer({ min: 1, max: 50 }), cpu: fc.integer({ min: 0, max: 40 }) });

  it('puts everything somewhere, nothing over its room, and is never far from the least', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (items, vnodes) => {
        const room = { memory: 100, cpu: 60, vnodes };
        const hosts = packed(items, room);
        expect(tooLarge(items, room)).toEqual([]);
        expect(hosts.flat().sort((a, b) => a - b)).toEqual([...items.keys()]);
        for (const on of hosts) {
          expect(on.length).toBeLessThanOrEqual(vnodes);
          for (const of of ['memory', 'cpu'] as const)
            expect(on.reduce((sum, i) => sum + (items[i]?.[of] ?? 0), 0)).toBeLessThanOrEqual(room[of]);
        }
        const least = Object.values(neededHosts(items, room)).map(Math.ceil);
        expect(hosts.length).toBeGreaterThanOrEqual(Math.max(...least));
        expect(hosts.length).toBeLessThanOrEqual(2 * least.reduce((sum, one) => sum + one, 0));
      }),
    );
  });
});

describe('the plan of a lab', () => {
  it('packs 100 nodes by what they declare, and keeps who is where', async () => {
    const lab = put('clos.clab.yml', clos());
    const out = file('plan.json');
    const told = await rangefit([
      'plan',
      '--scenario',
      lab,
      '--host',
      'pc3000',
      '--quiet',
      '--workers',
      '0',
      '--out',
      out,
    ]);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^A range of 100 vnodes needs 17 pc3000 hosts \(17-\d+\), .* bound by cpu\./);
    const plan = JSON.parse(readFileSync(out, 'utf8'));
    // 10 cores for spines and 22.5 for leaves, on hosts of two.
    expect(plan.answer.hosts).toMatchObject({ value: 17, low: 17 });
    expect(plan.lab.links).toHaveLength(180);
    expect(plan.lab.hosts.flatMap(({ vnodes }: { vnodes: string[] }) => vnodes).sort()).toEqual(
      plan.lab.vnodes.map(({ name }: { name: string }) => name).sort(),
    );
    for (const { cpu } of plan.lab.hosts) expect(cpu).toBeLessThanOrEqual(2);
    expect((await rangefit(['report', out, '--format', 'md'])).out).toContain('17 pc3000');
  });

  it('says of the fullest host what holds with its vnodes, not with as many as could idle there', () => {
    const plan = JSON.parse(readFileSync(file('plan.json'), 'utf8'));
    const most = Math.max(...plan.lab.hosts.map(({ vnodes }: { vnodes: string[] }) => vnodes.length));
    expect(plan.answer.knee.value).toBeGreaterThan(10 * most);
    expect([plan.answer.vnodesPerHost.value, plan.fidelityAt]).toEqual([most, most]);
    expect(plan.method.densities.map((one: { vnodesPerHost: number }) => one.vnodesPerHost)).toContain(most);
    expect(plan.method.simulated).toContain(`one host with ${most} vnodes`);
    const host = resolveHost(loadHostProfile('pc3000', {}), undefined, 'raised');
    const { disk, memory, setupSeconds } = plan.resources;
    expect(disk).toBeCloseTo(diskUse(host, most, 0).total, -5);
    expect(setupSeconds).toBeCloseTo(setupTime(host, most) / 1e9, 3);
    const declared = Math.max(...plan.lab.hosts.map((one: { memory: number }) => one.memory));
    expect(memory).toBeCloseTo(host.memory.host + declared, -5);
    const used = ({ id }: { id: string }) => plan.ceilings.find((one: { id: string }) => one.id === id)?.used;
    for (const { id, demand } of kernelCeilings({
      ...{ vnodes: most, degree: 0, host, limits: 'raised', extraContainers: 0 },
      ...{ oneBridge: true, rangeVnodes: 100, addresses: plan.scenario.network.addresses },
    }))
      if (id !== 'neighbour-table') expect({ id, used: used({ id }) }).toEqual({ id, used: demand });
  });

  it('shows in every form which vnodes go onto which host', async () => {
    const { lab } = JSON.parse(readFileSync(file('plan.json'), 'utf8'));
    const words = ['plan', '--scenario', put('clos.clab.yml', clos()), '--host', 'pc3000', '--quiet', '--workers', '0'];
    const { out } = await rangefit(words);
    const html = (await rangefit(['report', file('plan.json')])).out;
    const csv = (await rangefit(['report', file('plan.json'), '--format', 'csv', '--table', 'placement'])).out;
    for (const { host, vnodes } of lab.hosts) {
      const names = stretches(vnodes);
      expect(out).toMatch(new RegExp(`^  ${host} +${vnodes.length} vnodes? .* ${names.join(' ')}$`, 'm'));
      for (const text of [html, csv]) expect(text).toContain(names.join(' '));
    }
    expect(out).toMatch(/^ {2}cores +2 cores of 2 declared$/m);
  });

  it('is told in stretches of names, and no longer than a page', () => {
    expect(stretches(['a1', 'a2', 'a3', 'b', 'b1', 'b2', 'c7', 'c9', 'd01', 'd02'])).toEqual(
      ...[['a1-a3', 'b', 'b1', 'b2', 'c7', 'c9', 'd01', 'd02']],
    );
    const hosts = Array.from({ length: 1000 }, (_, i) => ({
      ...{ host: `pc3000-${i + 1}`, memory: 1e6, cpu: 0.5 },
      vnodes: Array.from({ length: 50 }, (_, k) => `v${i}-${2 * k}`),
    }));
    const { rows, left } = placementRows({ hosts });
    expect([rows.length, left]).toEqual([40, 960]);
    expect(rows[3]).toEqual([
      'pc3000-4',
      '50 vnodes',
      '0.5 cores',
      '1 MB',
      expect.stringMatching(/^v3-0 .* and 38 more$/),
    ]);
  });

  it('says which vnode fits on no host, and where the file has it', async () => {
    const lab = put('large.clab.yml', 'name: large\ntopology:\n  nodes:\n    a: { kind: linux, memory: 64gb }\n');
    const { code, err, out } = await rangefit(['plan', '--scenario', lab, '--host', 'pc3000', '--workers', '0']);
    expect(code).toBe(1);
    expect(out).toMatch(/^A range of 1 vnode does not fit: a pc3000 host has no room for a\.\n/);
    expect(err).toMatch(/large\.clab\.yml:4:5: a fits on no host: it asks for 64 GB of memory/);
  });

  it('compares kinds of hosts by what each needs for what is declared', async () => {
    const lab = put('clos.clab.yml', clos());
    const planned = async (host: string) => {
      const { out } = await rangefit([
        'plan',
        '--scenario',
        lab,
        '--host',
        host,
        '--json',
        '--quiet',
        '--workers',
        '0',
      ]);
      return JSON.parse(out);
    };
    const { alternatives } = await planned('pc3000,t7500');
    for (const host of ['pc3000', 't7500']) {
      const { answer } = await planned(host);
      const { hosts, vnodesPerHost, binding, next } = answer;
      const found = alternatives.find((one: { host: string }) => one.host === host);
      expect(found).toMatchObject({ hosts, vnodesPerHost, binding: binding.id, next: next.id });
    }
  });

  it('is exported as a containerlab file a host, tunnels between them', async () => {
    const plan = JSON.parse(readFileSync(file('plan.json'), 'utf8'));
    const out = file('hosts');
    const told = await rangefit(['export', file('plan.json'), '--format', 'containerlab', '--out', out]);
    expect(told.code).toBe(0);
    expect(told.err).toMatch(
      /^warning: clos\.clab\.yml:\d+:7 and \d+ more places: \d+ of the links lead to another host.*\n$/,
    );
    const found = new Map<number, string[]>();
    let inside = 0;
    const names: string[] = [];
    for (const i of plan.lab.hosts.keys()) {
      const text = readFileSync(join(out, `pc3000-${i + 1}.clab.yml`), 'utf8');
      const one = read(text);
      names.push(...one.vnodes.map(({ name }) => name));
      inside += one.links.length;
      const { links } = (parse(text) as { topology: { links: { vni?: number; remote: string }[] } }).topology;
      for (const { vni, remote } of links) if (vni !== undefined) found.set(vni, [...(found.get(vni) ?? []), remote]);
    }
    expect(names.sort()).toEqual(plan.lab.vnodes.map(({ name }: { name: string }) => name).sort());
    // Each link is whole on one host, or a tunnel that two hosts know by the same number.
    expect(inside + found.size).toBe(180);
    for (const remotes of found.values()) expect(new Set(remotes).size).toBe(2);
  });
});
