// A binding is made, changed by hand, checked, and simulated: as asked, or refused in one line.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { BindingDocument } from '../../../experiments/binding-document.js';
import type { RunRecord } from '../../../models/index.js';
import { rangefit } from '../session.js';

const folder = mkdtempSync(join(tmpdir(), 'rangefit-binding-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'binding.yaml');
const GIB = 2 ** 30;
const SET = ['--set', 'scenario.workload.pairs=6', '--set', 'scenario.workload.duration=200ms'];
const ROOM = ['--fleet', 'pc3000:2,t7500:1', '--colocation', 'pc3000=3,t7500=8', '--minimise', 'traffic'];

const bind = (...more: string[]) => rangefit(['topology', 'bind', 'ring-of-routers', ...SET, ...ROOM, ...more]);
const check = () => rangefit(['topology', 'check', file, 'ring-of-routers', ...SET, '--json']);
const change = (from: string, to: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));

describe('a binding', () => {
  beforeEach(async () => expect((await bind('--out', file)).code).toBe(0));

  it('goes onto unlike hosts, each with no more than it has room for', async () => {
    const { hosts } = JSON.parse((await bind('--json')).out) as BindingDocument;
    expect(hosts.map(({ host, kind, vnodes }) => [host, kind, vnodes.length])).toEqual([
      ['pc3000-1', 'pc3000', 2],
      ['pc3000-2', 'pc3000', 2],
      ['t7500-1', 't7500', 8],
    ]);
    expect(JSON.parse((await check()).out)).toEqual({ hosts: 3, vnodes: 12, fullest: 8, crossHost: 0 });
  });

  it('is simulated as it was changed, and carries the same', async () => {
    change('server-1\n', 'server-0\n');
    change('server-6\n', 'server-1\n');
    change('server-0\n', 'server-6\n');
    expect(JSON.parse((await check()).out)).toMatchObject({ crossHost: 2 / 6 });
    const simulated = async (...more: string[]) => {
      const words = ['simulate', 'ring-of-routers', ...SET, '--host', 't7500', '--json', ...more];
      return JSON.parse((await rangefit(words)).out) as RunRecord;
    };
    const [bound, together] = [await simulated('--binding', file), await simulated()];
    expect(bound.hosts.map(({ host, vnodes, memory }) => [host, vnodes, memory.total])).toEqual([
      ['pc3000-1', 2, 2 * GIB],
      ['pc3000-2', 2, 2 * GIB],
      ['t7500-1', 8, 1500e6],
    ]);
    const acrossHosts = bound.hosts.map(({ bytes }) => bytes.remoteOut > 0);
    expect(acrossHosts.filter(Boolean)).toHaveLength(2);
    expect(bound.totals.payloadBytes / together.totals.payloadBytes).toBeCloseTo(1, 1);
  });

  it.each([
    ['a vnode that the scenario lacks', 'client-3\n', 'client-33\n', /a vnode of ring-of-routers .*found "client-33"/],
    ['a vnode twice', 'client-3\n', 'client-2\n', /client-2 on one host, found it on/],
    ['a vnode nowhere', '      - client-3\n', '', /every vnode of ring-of-routers on a host, found none for client-3$/],
    ['a host too full', 'room: 8', 'room: 7', /at most 7 vnodes on t7500-1, found 8/],
    ['a host twice', 'pc3000-2', 'pc3000-1', /each host once, found "pc3000-1" again/],
  ])('is refused in one line with its place: %s', async (_, from, to, message) => {
    change(from, to);
    const { code, out, err } = await check();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: .*binding\.yaml:\d+:\d+: expected [^\n]+\n$/);
    expect(err.trimEnd()).toMatch(message);
  });

  it('keeps clients beside the replicas that they ask, where it can', async () => {
    const file = join(folder, 'web.yaml');
    writeFileSync(file, 'name: shop\nworkload: { kind: web, clients: 30, replicas: 2 }\n');
    const words = ['topology', 'bind', file, '--fleet', 'pc3000:4', '--colocation', '16', '--json'];
    const { hosts } = JSON.parse((await rangefit(words)).out) as BindingDocument;
    expect(hosts.map(({ vnodes }) => vnodes.length)).toEqual([16, 16]);
    expect(hosts[0]?.vnodes).toEqual(expect.arrayContaining(['server-1', 'server-2']));
  });

  it('is refused where there is no room, or where a density says otherwise', async () => {
    const narrow = await rangefit(['topology', 'bind', 'swarm-100', '--fleet', 'pc3000:9', '--colocation', '11']);
    expect(narrow).toMatchObject({ code: 2, err: expect.stringContaining('room for 100 vnodes, found 99') });
    const both = ['simulate', 'ring-of-routers', ...SET, '--host', 'pc3000', '--binding', file, '--per-host', '3'];
    expect(await rangefit(both)).toMatchObject({ code: 2, err: expect.stringContaining('no --binding beside it') });
  });
});
