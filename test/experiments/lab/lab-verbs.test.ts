// Containerlab files in every verb: those that plan give one answer, the others refuse them instead of dropping what they
// declare.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExplorer, queryOf } from '../../../experiments/explore/index.js';
import { openRuns } from '../../../experiments/pool.js';
import { rangefit } from '../session.js';
import { clos } from './clos.js';

let folder: string;
let lab: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-lab-verbs-'));
  lab = join(folder, 'clos.clab.yml');
  writeFileSync(lab, clos());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUIET = ['--quiet', '--workers', '0'];
const planned = async (...more: string[]) => {
  const { code, out } = await rangefit(['plan', '--scenario', lab, '--host', 'pc3000', ...more, '--json', ...QUIET]);
  expect(code).toBe(0);
  return JSON.parse(out);
};

describe('explore', () => {
  it('says of a containerlab file what its command line says', async () => {
    const runs = openRuns(0);
    const environment = { HOME: '/nowhere' };
    const explorer = await openExplorer({ runs, atOnce: 1, environment, port: 0, files: [lab] });
    try {
      const query = queryOf({ scenario: lab, host: 'pc3000', set: [] });
      const events = (await (await fetch(`${explorer.address}plan?${query}`)).text()).split('\n\n');
      const last = JSON.parse(
        events
          .filter((event) => event.startsWith('data: '))
          .at(-1)
          ?.slice(6) ?? '',
      );
      expect(last.command).toBe(`rangefit plan --scenario ${lab} --host pc3000`);
      const { out } = await rangefit([...last.command.split(' ').slice(1), ...QUIET]);
      expect(out.startsWith(`${last.sentence}\n`)).toBe(true);
      expect(last.sentence).toContain('17 pc3000 hosts');
      // A scenario's file could not say what the vnodes declare.
      const file = await fetch(`${explorer.address}scenario.yaml?${query}`);
      expect({ status: file.status, text: await file.text() }).toMatchObject({
        status: 400,
        text: expect.stringContaining('hand on the containerlab file'),
      });
    } finally {
      await explorer.close();
      await runs.stop();
    }
  });
});

describe('whatif', () => {
  const study = async (...words: string[]) => {
    const out = mkdtempSync(join(folder, 'study-'));
    rmSync(out, { recursive: true });
    const told = await rangefit(['whatif', '--scenario', lab, '--host', 'pc3000', ...words, ...QUIET, '--out', out]);
    return { ...told, out, text: told.out, document: () => JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8')) };
  };

  it('answers each point of a containerlab file as a plan of it does', async () => {
    const { code, text, out, document } = await study('--scan', 'host.cores=2,8');
    expect(code).toBe(0);
    expect(text).toMatch(/^host\.cores moves the density most: from 5 \(2\) to \d+ \(8\) vnodes per host\n/);
    const { base, points, sensitivity } = document();
    const plans = [await planned(), await planned('--set', 'host.cores=8')];
    for (const [i, { answer }] of points.entries()) {
      const { hosts, vnodesPerHost, binding, next } = plans[i].answer;
      expect(answer).toMatchObject({ hosts: hosts.value, vnodesPerHost: vnodesPerHost.value, binding, next });
    }
    expect(base).toMatchObject({ hosts: 17, vnodes: 100, knee: 5, binding: { id: 'cpu' } });
    expect(points[1].answer.hosts).toBeLessThan(17);
    expect(sensitivity).toMatchObject([{ path: 'host.cores', share: 1 }]);
    // Resumed, it repeats nothing and says the same.
    const sweep = readFileSync(join(out, 'sweep.json'), 'utf8');
    expect((await rangefit(['whatif', '--resume', out, ...QUIET])).code).toBe(0);
    expect(readFileSync(join(out, 'sweep.json'), 'utf8')).toBe(sweep);
  });

  it('finds the change with which it fits on fewer hosts', async () => {
    const { code, text, document } = await study('--target-hosts', '9');
    expect(code).toBe(0);
    expect(text).toMatch(/^raise cores to 4: from 17 to 9 hosts\n/);
    const { change, reached } = document().target;
    expect(reached).toBe(true);
    const set = change.flatMap(({ path, value }: { path: string; value: string }) => ['--set', `${path}=${value}`]);
    expect(change).toMatchObject([{ path: 'host.cores' }]);
    expect((await planned(...set)).answer.hosts.value).toBeLessThanOrEqual(9);
  });

  it.each([
    [['--target-per-host', '20'], '--target-per-host'],
    [['--scan', 'range.peers=50,100'], '--peers'],
    [['--target-hosts', '3', '--price', 'pc3000=5'], '--price'],
  ])('refuses %j, which asks for another lab or for vnodes that are alike', async (words, where) => {
    const { code, err } = await study(...words);
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^error: ${where}: expected .* containerlab file.*\\n$`));
  });
});

describe('what cannot keep what is declared', () => {
  it.each([
    ['plan', '--scenario', 'LAB', '--host', 'pc3000', '--peers', '50'],
    ['plan', '--scenario', 'LAB', '--fleet', 'pc3000:40,t7500:20'],
    ['simulate', 'LAB', '--host', 'pc3000'],
    ['emulate', 'LAB'],
    ['limits', '--scenario', 'LAB', '--host', 'pc3000'],
    ['scenario', 'show', 'LAB'],
    ['scenario', 'validate', 'LAB'],
    ['topology', 'distill', 'LAB', '--host', 'pc3000'],
  ])('is refused in one line: %s %s %s %s', async (...words) => {
    const { code, err } = await rangefit(words.map((word) => (word === 'LAB' ? lab : word)));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*: expected .*containerlab file.*\n$/);
  });

  it('is not verified: a plan of it runs in containerlab', async () => {
    const plan = join(folder, 'plan.json');
    writeFileSync(plan, JSON.stringify(await planned()));
    const { code, err } = await rangefit(['verify', plan]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*plan\.json: expected the plan of a scenario, .*containerlab file.*\n$/);
  });
});
