// Exports: what other tools read says what the document says.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../experiments/scenarios.js';
import { type Scenario, vnodeCount } from '../../../models/index.js';
import { rangefit } from '../session.js';

let folder: string;
const file = (name: string) => join(folder, name);
const document = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-export-'));
  for (const words of [
    ['plan', '--scenario', 'idle', '--peers', '600', '--host', 't7500', '--out', file('plan.json')],
    ['plan', '--scenario', 'idle', '--peers', '600', '--fleet', 't7500:2,pc3000:2', '--out', file('fleet.json')],
    ['simulate', 'pairs-100mbit', '--host', 't7500', '--pairs', '3', '--until', '50ms', '--out', file('run.json')],
  ])
    expect((await rangefit([...words, '--quiet', '--workers', '0'])).code).toBeLessThan(2);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('slices of a plan', () => {
  it.each(['plan.json', 'fleet.json'])('are scenarios, as many as hosts, all vnodes together: %s', async (name) => {
    const out = file(`${name}-slices`);
    expect(await rangefit(['export', file(name), '--format', 'slices', '--out', out])).toMatchObject({ code: 0 });
    const { answer, vnodes } = document(name);
    const files = readdirSync(out);
    expect(files).toHaveLength(answer.hosts.value);
    const sizes = files.map((one) => vnodeCount(loadScenario(join(out, one)).workload));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(vnodes);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(
      Math.max(
        ...(document(name).fleet?.shares ?? [{ vnodesPerHost: answer.vnodesPerHost.value }]).map(
          ({ vnodesPerHost }: { vnodesPerHost: number }) => vnodesPerHost,
        ),
      ),
    );
  });
});

/** The plan of idle vnodes as one of another scenario: what it holds of the range is the same. */
function planOf(name: string, scenario: unknown): string {
  writeFileSync(file(name), JSON.stringify({ ...document('plan.json'), scenario }));
  return file(name);
}

const SWARM = {
  name: 'swarm',
  workload: {
    kind: 'swarm',
    peers: 600,
    seeders: 60,
    churn: { sessions: [1, 599, 600].map((peer) => ({ peer: `peer-${peer}`, from: '1s' })) },
  },
  link: { up: '32KB/s' },
  changes: [
    { at: '1s', vnode: 'peer-2', fails: true },
    { at: '2s', vnode: 'peer-598', up: '16KB/s' },
    { at: '3s', vnode: 'tracker', fails: true },
    { at: '4s', host: 2, fails: true },
  ],
};

describe('slices of a swarm', () => {
  it('seed, come, go and change as the range does, each under its own names', async () => {
    const out = file('swarm-slices');
    const plan = planOf('swarm.json', SWARM);
    expect(await rangefit(['export', plan, '--format', 'slices', '--out', out])).toMatchObject({ code: 0, err: '' });
    const files = readdirSync(out).sort();
    expect(files).toEqual(['t7500-1.yaml', 't7500-2.yaml']);
    const [one, two] = files.map((name) => loadScenario(join(out, name))) as [Scenario, Scenario];
    const size = vnodeCount(one.workload);
    expect(size + vnodeCount(two.workload)).toBe(600);
    const seeders = [one, two].map(({ workload }) => (workload.kind === 'swarm' ? workload.seeders : 0));
    // One in ten, on each host.
    expect(seeders.reduce((sum, own) => sum + own, 0)).toBe(60);
    expect(seeders[0]).toBe(Math.floor(size / 10));
    const own = (peer: number) => `peer-${peer - size}`;
    expect(one.workload).toMatchObject({ churn: { sessions: [{ peer: 'peer-1' }] } });
    expect(two.workload).toMatchObject({ churn: { sessions: [{ peer: own(599) }, { peer: own(600) }] } });
    const targets = ({ changes = [] }: Scenario) => changes.map(({ at, vnode, host }) => [at / 1e9, vnode ?? host]);
    expect(targets(one)).toEqual([
      [1, 'peer-2'],
      [3, 'tracker'],
    ]);
    expect(targets(two)).toEqual([
      [2, own(598)],
      [3, 'tracker'],
      [4, 1],
    ]);
    expect(readFileSync(join(out, 't7500-2.yaml'), 'utf8')).toMatch(
      new RegExp(`^# Host 2 of 2: .* peer-1 to ${own(600)}; in the range they are peer-${size + 1} to peer-600\\.\n`),
    );
  });
});

describe('LXC configuration', () => {
  it('has names, roles and addresses of the whole range, tracker and other hosts included', async () => {
    const out = file('swarm-lxc');
    const network = { addresses: '10.0.0.0/16', elsewhere: '10.9.0.0/16' };
    const plan = planOf('elsewhere.json', { ...SWARM, network });
    expect(await rangefit(['export', plan, '--format', 'lxc', '--out', out, '--quiet'])).toMatchObject({ err: '' });
    const rows = readFileSync(join(out, 'placement.csv'), 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(602);
    expect(rows.slice(0, 3)).toEqual([
      'host,vnode,role,address',
      't7500-1,tracker,tracker,10.0.0.1/16',
      't7500-1,peer-1,leecher,10.0.0.2/16',
    ]);
    expect(rows.at(-1)).toBe('t7500-2,peer-600,seeder,10.9.2.89/16');
    expect(rows.filter((row) => row.includes(',seeder,'))).toHaveLength(60);
    const last = readFileSync(join(out, 't7500-2/peer-600.conf'), 'utf8');
    expect(last).toContain('# lxc.rootfs.path = dir:/var/lib/lxc/peer-600/rootfs\n');
    expect(last).toContain('lxc.net.0.ipv4.address = 10.9.2.89/16\n');
  });

  it('has a file a vnode with an address of its own, and the sysctls', async () => {
    const out = file('lxc');
    const told = await rangefit(['export', file('plan.json'), '--format', 'lxc', '--out', out]);
    expect(told).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^warning: each file wants its lxc\.rootfs\.path/),
    });
    const texts = readdirSync(out, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\/.*\.conf$/.test(path))
      .map((path) => readFileSync(join(out, path), 'utf8'));
    const addresses = texts.map((text) => /^lxc\.net\.0\.ipv4\.address = (\S+)$/m.exec(text)?.[1]);
    expect(new Set(addresses).size).toBe(600);
    expect(addresses).toContain('198.18.2.88/15');
    for (const line of readFileSync(join(out, 'sysctl.conf'), 'utf8').trim().split('\n'))
      expect(line).toMatch(/^(#.*|[a-z0-9_.-]+ = [\d ]+)$/);
  });
});

describe('Prometheus', () => {
  it('has every vnode and host in lines of the text format, each family once', async () => {
    const { out } = await rangefit(['export', file('run.json'), '--format', 'prometheus']);
    const lines = out.trimEnd().split('\n');
    const label = '[a-z_]+="(?:[^"\\\\\\n]|\\\\.)*"';
    const line = new RegExp(`^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+\\{${label}(,${label})*\\} -?[0-9.e+-]+)$`);
    for (const one of lines) expect(one).toMatch(line);
    const types = lines.filter((one) => one.startsWith('# TYPE')).map((one) => one.split(' ')[2]);
    expect(new Set(types).size).toBe(types.length);
    const goodput = lines.filter((one) => one.startsWith('rangefit_vnode_goodput_bits_per_second{'));
    const known = document('run.json').vnodes.filter((vnode: { goodput: unknown }) => vnode.goodput !== null);
    expect(goodput.map((one) => Number(one.split(' ').at(-1)))).toEqual(
      known.map((vnode: { goodput: number }) => vnode.goodput),
    );
  });
});

it.each([
  [['plan.json', '--format', 'slices'], /--out: expected a folder/],
  [['run.json', '--format', 'lxc', '--out', 'x'], /rangefit\/plan/],
  [['plan.json', '--format', 'prometheus'], /rangefit\/record/],
  [['plan.json', '--format', 'containerlab', '--out', 'x'], /a plan of a containerlab file/],
  [['plan.json'], /--format/],
])('refuses %j in one line', async (words, message) => {
  const [name = '', ...rest] = words;
  const { code, err } = await rangefit(['export', file(name), ...rest]);
  expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
  expect(err).toMatch(message);
});
