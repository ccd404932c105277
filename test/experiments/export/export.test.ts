// Exports: what other tools read says what the document says.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../experiments/scenarios.js';
import { vnodeCount } from '../../../models/index.js';
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

describe('LXC configuration', () => {
  it('has a file a vnode with an address of its own, and the sysctls', async () => {
    const out = file('lxc');
    expect(await rangefit(['export', file('plan.json'), '--format', 'lxc', '--out', out])).toMatchObject({ code: 0 });
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
