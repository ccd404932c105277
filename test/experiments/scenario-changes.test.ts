// Changes in a scenario's file: what they are about must be there, and a mistake is told with its place.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rangefit } from './session.js';

const folder = mkdtempSync(join(tmpdir(), 'rangefit-changes-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function validate(change: string) {
  const file = join(folder, 'mine.yaml');
  const scenario = `name: mine
workload: { kind: pairs, pairs: 2 }
link: { up: 1Mbit/s }
network:
  topology: { generate: { kind: ring, routers: 4 } }
changes:
  - ${change}
`;
  writeFileSync(file, scenario);
  const { code, err } = await rangefit(['scenario', 'validate', file]);
  return { code, err: err.replace(file, 'mine.yaml') };
}

describe('changes in a scenario', () => {
  it.each([
    '{ at: 2s, until: 4s, link: [router-1, router-2], fails: true }',
    '{ at: 0s, link: [router-4, router-1], rate: 1Mbit/s, delay: 5ms, loss: 1%, queue: 30kB }',
    '{ at: 1s, vnode: server-2, up: 500kbit/s }',
    '{ at: 1s, host: 1, fails: true }',
  ])('may be %s', async (change) => expect(await validate(change)).toEqual({ code: 0, err: '' }));

  it.each([
    [
      '{ at: 2s, link: [router-1, router-3], fails: true }',
      /^error: mine.yaml:7:\d+: expected two routers .* link between/,
    ],
    ['{ at: 2s, vnode: server-3, fails: true }', /7:\d+: expected a vnode of mine, found "server-3" \(did you mean/],
    ['{ at: 2s, until: 1s, host: 1, fails: true }', /7:\d+: changes.0.until: expected a time after/],
    ['{ at: 2s, host: 1, rate: 1Mbit/s }', /7:\d+: changes.0.rate: expected a link to have it/],
    ['{ at: 2s, host: 1, vnode: client-1, fails: true }', /7:\d+: changes.0: expected one of link, vnode, host/],
    ['{ at: 2s, vnode: client-1, down: 1Mbit/s }', /7:\d+: changes.0.down: expected a link.down that is shaped/],
    ['{ at: 2s, vnode: client-1 }', /7:\d+: changes.0: expected what changes/],
  ])('may not be %s', async (change, message) => {
    const { code, err } = await validate(change);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
