// Hundreds of broken network files of each format: each is either valid or refused in one line with the line's number.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkText, parseNetwork } from '../../../experiments/topologies/index.js';
import { attachVnodes, generate, generatorSchema, InputError } from '../../../models/index.js';
import { randomStream } from '../../../sim/index.js';
import { rangefit } from '../session.js';

const quality = { rate: 2e6, delay: 5e6, loss: 0.01, queue: 30_000 };
const network = attachVnodes(
  generate(generatorSchema.parse({ kind: 'waxman', routers: 6 }), randomStream('1', 'test')),
  4,
  quality,
  { ...quality, rate: 1e6 },
);

const MODELNET = `graph [
  directed 1
  node [ id 1 role "virtnode" int_vn 1 ]
  node [ id 2 role "gateway" ]
  node [ id 3 role "virtnode" int_vn 2 ]
  edge [ source 1 target 2 dbl_kbps 1000 int_delayms 5 dbl_plr 0.01 int_qlen 10 specs "client-stub" ]
  edge [ source 2 target 1 dbl_kbps 1000 int_delayms 5 dbl_plr 0.01 int_qlen 10 ]
  edge [ source 3 target 2 dbl_kbps 500 int_delayms 1 dbl_plr 0 int_qlen 10 ]
  edge [ source 2 target 3 dbl_kbps 500 int_delayms 1 dbl_plr 0 int_qlen 10 ]
]
`;
const ZOO = `graph [
  Network "Abilene"
  GeoLocation "US"
  node [
    id 0
    label "New York"
    Longitude -74.00597
    Internal 1
    Latitude 40.71427
  ]
  node [
    id 1
    label "Chicago"
    Longitude -87.65005
    Latitude 41.85003
  ]
  edge [
    source 0
    target 1
    LinkLabel "OC-192c"
    LinkSpeed "10"
    LinkSpeedUnits "G"
    LinkSpeedRaw 10000000000.0
  ]
]
`;
const EMULAB = `# Two hosts behind a router, and a LAN of three.
source tb_compat.tcl
set ns [new Simulator]
set router [$ns node]
tb-set-node-os $router FBSD410-STD
set lanstr "$router "
for {set i 1} {$i <= 3} {incr i} {
  set node($i) [$ns node]
  append lanstr "$node($i) "
}
set lan0 [$ns make-lan "$lanstr" 100Mb 2ms]
foreach name {left right} {
  set $name [$ns node]
}
set link0 [$ns duplex-link $left $router 1.5Mb [expr 10 * 2]ms DropTail]
$ns duplex-link $router $right 512kb 50ms DropTail
tb-set-link-loss $link0 0.01
if {$i == 4} { $ns queue-limit $router $right 20 } else { $ns queue-limit $router $right 10 }
$ns rtproto Static
$ns run
`;

const files: readonly (readonly [string, string])[] = [
  ['net.gml', networkText('net.gml', network)],
  ['net.graphml', networkText('net.graphml', network)],
  ['net.gexf', networkText('net.gexf', network)],
  ['modelnet.gml', MODELNET],
  ['zoo.gml', ZOO],
  ['experiment.ns', EMULAB],
];

type Mutation = (text: string, at: number, other: number) => string;
const mutations: readonly Mutation[] = [
  (text, at) => text.slice(0, at),
  (text, at, other) => text.slice(0, Math.min(at, other)) + text.slice(Math.max(at, other)),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at, other) => text.slice(0, at) + text.charAt(other) + text.slice(at + 1),
  (text, at, other) => text.slice(0, at) + text.slice(other, other + 40) + text.slice(at),
  (text, at, other) =>
    text.slice(0, at) + ['[', ']', '"', '<', '>', '&', '-', '99', 'x', '\n'][other % 10] + text.slice(at),
  (text, at, other) => {
    const lines = text.split('\n');
    lines.splice(at % lines.length, 1, lines[other % lines.length] ?? '');
    return lines.join('\n');
  },
  (text, at) => {
    const numbers = [...text.matchAll(/\d+/g)];
    const one = numbers[at % numbers.length];
    return one ? `${text.slice(0, one.index)}-1e999${text.slice(one.index + one[0].length)}` : text;
  },
];

/** The message of the refusal; undefined: it was a network. */
function refusal(name: string, text: string): string | undefined {
  try {
    parseNetwork(name, text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
}

describe("an experiment of Emulab's", () => {
  const places = (text: string) => parseNetwork('a.ns', text).places.map(({ name, kind }) => `${name} ${kind}`);
  const between = (text: string, from: string, to: string) => {
    const { places: all, pipes } = parseNetwork('a.ns', text);
    return pipes.find((pipe) => all[pipe.from]?.name === from && all[pipe.to]?.name === to);
  };

  it('is its nodes by their variables, with a LAN as a router in the middle', () => {
    expect(places(EMULAB)).toEqual([
      ...['router router', 'node-1 vnode', 'node-2 vnode', 'node-3 vnode', 'left vnode', 'right vnode', 'lan0 router'],
    ]);
    expect(between(EMULAB, 'node-2', 'lan0')).toMatchObject({ rate: 100e6, delay: 1e6, loss: 0 });
    expect(between(EMULAB, 'lan0', 'router')).toMatchObject({ rate: 100e6, delay: 1e6 });
    expect(between(EMULAB, 'left', 'router')).toMatchObject({ rate: 1.5e6, delay: 20e6, loss: 0.01 });
    expect(between(EMULAB, 'right', 'router')).toMatchObject({ rate: 512e3, delay: 50e6, queue: 20 * 1514 });
  });

  it('of two nodes with a link has a router for it, as Emulab has a delay node', () => {
    const two = 'set ns [new Simulator]\nset a [$ns node]; set b [$ns node]\n$ns duplex-link $a $b 10Mb 8ms DropTail';
    expect(places(two)).toEqual(['a vnode', 'b vnode', 'link-0 router']);
    expect(between(two, 'a', 'link-0')).toMatchObject({ rate: 10e6, delay: 4e6 });
    expect(between(two, 'link-0', 'b')).toMatchObject({ rate: 10e6, delay: 4e6 });
  });

  it('calculates as Tcl does', () => {
    const count = (loop: string) => places(`set ns [new Simulator]\n${loop}\n$ns make-lan $all 10Mb 0ms`).length - 1;
    const node = 'lappend all [$ns node]';
    expect(count(`for {set i 0} {$i < 7 / 2 + 1} {incr i} {${node}}`)).toBe(4);
    expect(count(`set i 9\nwhile {$i > 0 && !($i == 3)} {${node}; incr i -2}`)).toBe(3);
    expect(count(`foreach i {1 2 3 4} {if {$i % 2 == 0} {${node}} elseif {$i == 3} {${node}}}`)).toBe(3);
    expect(count(`foreach i {1 2 3 4 5} {set n$i [$ns node]\nlappend all [set n$i]}`)).toBe(5);
  });

  it.each([
    ['a loop without end', 'set i 0\nwhile {1} {incr i}', 2],
    ['a test without end', 'while {1} {}', 1],
    ['scripts without end inside each other', `set a ${'['.repeat(80)}set a 1${']'.repeat(80)}`, 1],
    ['a value without end', 'set a 12345678\nwhile {1} {set a "$a$a"}', 2],
    ['an event', 'set ns [new Simulator]\n$ns at 10.0 "$link down"', 2],
    ['a variable that nobody set', 'set ns [new Simulator]\n\nset a $b', 3],
    ['a command of another language', 'proc main {} {}', 1],
    [
      'what would change a link without being read',
      'set ns [new Simulator]\nset all "[$ns node] [$ns node]"\ntb-set-node-lan-bandwidth [$ns node] [$ns make-lan $all 10Mb 0ms] 1Mb',
      3,
    ],
    ['a brace that stays open', 'set a 1\nset b {', 2],
    ['a bandwidth without meaning', 'set ns [new Simulator]\n$ns duplex-link [$ns node] [$ns node] fast 1ms', 2],
  ])('says where: %s', (_, text, line) => {
    expect(refusal('a.ns', text)).toMatch(new RegExp(`^a.ns:${line}: expected .+, found .+$`));
  });
});

describe('a broken network file', () => {
  it.each(files)('%s: 500 mutations are each valid or refused in one line with its number', (name, text) => {
    expect(refusal(name, text)).toBeUndefined();
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(mutations.length - 1), fc.nat(text.length), fc.nat(text.length), (kind, at, other) => {
        const broken = (mutations[kind] as Mutation)(text, at, other);
        const message = refusal(name, broken);
        if (message === undefined) return;
        refused++;
        const line = Number(new RegExp(`^${name}:(\\d+): expected .+, found .+$`).exec(message)?.[1]);
        expect(line, message).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(broken.split('\n').length);
      }),
      { numRuns: 500, seed: 11 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('ends the verb with exit code 2 and one line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rangefit-network-'));
    try {
      const file = join(folder, 'net.gml');
      writeFileSync(file, ZOO.replace('target 1', 'target 7'));
      const { code, out, err } = await rangefit(['topology', 'validate', file]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toBe(`error: ${file}:17: expected an edge between points of this file, found "7"\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['two vnodes in a row', MODELNET.replace('source 3 target 2', 'source 3 target 1'), 8],
    ['a vnode with two links', MODELNET.replace('source 3 target 2', 'source 1 target 2'), 3],
    ['an unknown role', MODELNET.replace('role "gateway"', 'role "constructor"'), 4],
    ['a point that is alone', ZOO.replace('  edge [', '  node [ id 5 ]\n  edge ['), 17],
    ['a loss of everything', MODELNET.replace('dbl_plr 0.01', 'dbl_plr 1'), 6],
  ])('says where: %s', (_, text, line) => {
    expect(refusal('net.gml', text)).toMatch(new RegExp(`^net.gml:${line}: `));
  });
});

describe('a network file', () => {
  it.each(['net.gml', 'net.graphml', 'net.gexf'])('%s holds all that the network is', (name) => {
    const read = parseNetwork(name, networkText(name, network));
    const plain = (pipes: typeof network.pipes) => pipes.map(({ link: _, ...rest }) => rest);
    expect(read.places).toEqual(network.places);
    expect(plain(read.pipes)).toEqual(plain(network.pipes));
  });

  it("reads ModelNet's words: kbit/s, milliseconds, packets", () => {
    const { pipes, places } = parseNetwork('m.gml', MODELNET);
    expect(places.map(({ kind }) => kind)).toEqual(['vnode', 'router', 'vnode']);
    expect(pipes[0]).toEqual({ from: 0, to: 1, link: 0, rate: 1e6, delay: 5e6, loss: 0.01, queue: 15_140 });
    expect(pipes.map(({ link }) => link)).toEqual([0, 0, 1, 1]);
  });

  it("reads the Topology Zoo's words: speeds, and delays from where the places are", () => {
    const [pipe] = parseNetwork('z.gml', ZOO).pipes;
    expect(pipe?.rate).toBe(1e10);
    // New York to Chicago: 1,145 km, at 200,000 km/s 5.7 ms.
    expect(pipe?.delay).toBeGreaterThan(5.6e6);
    expect(pipe?.delay).toBeLessThan(5.8e6);
  });
});
