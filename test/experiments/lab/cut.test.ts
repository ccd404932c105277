// A containerlab file cut into one a host keeps all that it says, as it is written; what it cannot keep is told by line.

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cutLab } from '../../../experiments/lab/cut.js';
import { labOf } from '../../../experiments/lab/index.js';

const TEXT = `# Two racks.
name: racks
prefix: ""
mgmt: { network: custom, ipv4-subnet: 172.100.100.0/24 }
topology:
  defaults:
    kind: linux
    env: { MODE: 0777, SURE: "yes" } # as the image wants it
  kinds:
    linux: { image: "alpine:3", binds: ["cfg:/etc/cfg:ro"] }
  groups:
    edge: { labels: { rack: "1" }, memory: 64mb }
  nodes:
    a1:
      group: edge
      startup-config: a1.cfg
      exec:
        - >-
          ip addr add 10.0.0.1/24
          dev eth1
      ports: ["8080:80", 10:22]
    a2:
    b1:
      cpu: 1.50
      stages:
        create: { wait-for: [{ node: a1, stage: create }, { node: b2, stage: create }] }
        healthy: { wait-for: [{ node: a2, stage: healthy }] }
    b2: { network-mode: "container:a1" }
  links:
    - endpoints: ["a1:eth1", "a2:eth1"] # inside
      mtu: 1400
    - endpoints: ["a1:eth2", "b1:eth1"]
      mtu: 1300
      ipv4: ["", 10.1.0.2/24]
      labels: { colour: red }
    - type: veth-stitch
      endpoints:
        - { node: a2, interface: 1/1/c1, mac: "02:00:00:00:00:01" }
        - { node: b2, interface: eth1 }
    - endpoints: ["b1:eth3", "host:vl1"]
    - { type: vxlan, endpoint: { node: a1, interface: eth9 }, remote: 192.0.2.9, vni: 4000, dst-port: 14789 }
`;

const HOSTS = [
  ['a1', 'a2'],
  ['b1', 'b2'],
];
const { texts, notes } = cutLab({ file: 'racks.clab.yml', text: TEXT, hosts: HOSTS });
interface Part {
  readonly topology: Readonly<Record<string, unknown>> & { readonly nodes: Readonly<Record<string, unknown>> };
}
const [a, b] = texts.map((text) => parse(text)) as [Part, Part];

describe('a containerlab file cut into one a host', () => {
  it('says of each vnode and of what it inherits what it said', () => {
    const whole = parse(TEXT);
    for (const [i, part] of [a, b].entries()) {
      const { topology: all, ...above } = whole;
      const { topology: own, ...kept } = part;
      expect(kept).toEqual(above);
      for (const key of ['defaults', 'kinds', 'groups']) expect(own[key]).toEqual(all[key]);
      expect(Object.keys(own.nodes)).toEqual(HOSTS[i]);
      // What containerlab reads of it, and what we do, limits included.
      const lab = labOf('part.clab.yml', texts[i] as string);
      const names = new Set(HOSTS[i]);
      const expected = labOf('part.clab.yml', TEXT).vnodes.filter(({ name }) => names.has(name));
      const facts = ({ place: _, ...rest }: (typeof expected)[number]) => rest;
      expect(lab.vnodes.map(facts)).toEqual(expected.map(facts));
    }
    const { a1, a2 } = a.topology.nodes;
    expect({ a1, a2 }).toEqual({ a1: whole.topology.nodes.a1, a2: null });
    expect(b.topology.nodes.b2).toEqual(whole.topology.nodes.b2);
  });

  it('writes words as they were written, with their comments: YAML 1.1 reads 0777 and yes otherwise than 1.2', () => {
    for (const part of texts) {
      expect(part).toContain('# Two racks.\n');
      expect(part).toContain('env: { MODE: 0777, SURE: "yes" } # as the image wants it\n');
    }
    expect(texts[0]).toContain('ports: [ "8080:80", 10:22 ]\n');
    expect(texts[1]).toContain('cpu: 1.50\n');
  });

  it('keeps links inside a host and out of the lab, and makes tunnels of those between hosts', () => {
    const inside = { endpoints: ['a1:eth1', 'a2:eth1'], mtu: 1400 };
    const own = { type: 'vxlan', endpoint: { node: 'a1', interface: 'eth9' }, remote: '192.0.2.9', vni: 4000 };
    const ports = { 'udp-port': 4789 };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: containerlab substitutes them
    const [toFirst, toSecond] = ['${RANGEFIT_HOST_1}', '${RANGEFIT_HOST_2}'];
    const red = { mtu: 1300, labels: { colour: 'red' } };
    expect(a.topology.links).toEqual([
      inside,
      { type: 'vxlan', endpoint: { node: 'a1', interface: 'eth2' }, remote: toSecond, vni: 4002, ...ports, ...red },
      {
        type: 'vxlan-stitch',
        endpoint: { node: 'a2', interface: '1/1/c1', mac: '02:00:00:00:00:01' },
        ...{ remote: toSecond, vni: 4003, ...ports },
      },
      { ...own, 'dst-port': 14789 },
    ]);
    expect(b.topology.links).toEqual([
      {
        type: 'vxlan',
        endpoint: { node: 'b1', interface: 'eth1', ipv4: '10.1.0.2/24' },
        ...{ remote: toFirst, vni: 4002, ...ports, ...red },
      },
      {
        type: 'vxlan-stitch',
        endpoint: { node: 'b2', interface: 'eth1' },
        ...{ remote: toFirst, vni: 4003, ...ports },
      },
      { endpoints: ['b1:eth3', 'host:vl1'] },
    ]);
  });

  it('waits for nobody who is not there, or containerlab would deploy nothing', () => {
    expect(b.topology.nodes.b1).toMatchObject({
      stages: { create: { 'wait-for': [{ node: 'b2', stage: 'create' }] }, healthy: {} },
    });
    expect(texts[1]?.match(/wait-for/g)).toHaveLength(1);
  });

  it('tells what is not as it was, and where that stands', () => {
    expect(notes).toEqual([
      expect.stringMatching(
        /^racks\.clab\.yml:32:7 and 1 more place: 2 of the links lead to another host and become VXLAN/,
      ),
      'racks.clab.yml:26:30: b1 does not wait for a1, which is on another host',
      'racks.clab.yml:27:31: b1 does not wait for a2, which is on another host',
      'racks.clab.yml:28:25: b2 cannot share the network of a1, which is on another host',
      expect.stringMatching(
        /^racks\.clab\.yml:\d+:\d+ and 1 more place: files that vnodes name \(binds, startup-config/,
      ),
    ]);
  });

  it('tells nothing where all is on one host', () => {
    const whole = cutLab({ file: 'racks.clab.yml', text: TEXT, hosts: [HOSTS.flat()] });
    expect(whole.notes).toEqual([expect.stringMatching(/files that vnodes name/)]);
    expect(parse(whole.texts[0] as string)).toEqual(parse(TEXT));
  });
});
