// Plans in a world whose constraints are known: the right number, for the right reason, the same every time.

import { describe, expect, it } from 'vitest';
import { defaultTolerances, toleranceSchema } from '../../../calibration/index.js';
import { type PlanRequest, parseFleet, plan, planReport, planSchema } from '../../../experiments/planner/index.js';
import { LocalRuns } from '../../../experiments/pool.js';
import {
  type HostProfile,
  hostCatalogue,
  InputError,
  type Scenario,
  scenarioSchema,
  TECHNOLOGIES,
  technologies,
  withTechnology,
} from '../../../models/index.js';
import { type FakeWorld, fakeHost, fakeRun } from './fake-world.js';

const pairs = (differs: Record<string, unknown> = {}): Scenario =>
  scenarioSchema.parse({ name: 'pairs', workload: { kind: 'pairs' }, link: { up: '100Mbit/s' }, ...differs });
const swarm = (differs: Record<string, unknown> = {}): Scenario =>
  scenarioSchema.parse({
    name: 'swarm',
    workload: { kind: 'swarm', file: '2MB' },
    link: { up: '32KB/s' },
    ...differs,
  });

const ask = (world: FakeWorld, differs: Partial<PlanRequest> = {}) =>
  plan(
    {
      scenario: swarm(),
      hosts: [{ profile: fakeHost() }],
      vnodes: 1000,
      seed: '1',
      tolerances: defaultTolerances,
      ...differs,
    },
    new LocalRuns(fakeRun(world)),
  );
const hosts = (...profiles: HostProfile[]): PlanRequest['hosts'] => profiles.map((profile) => ({ profile }));

// Two cores at 1 % a vnode: full at 180 of 200, and 5 % slower at 189.
const CPU = { cpuPerVnode: 0.01 };
const KNEE = 189;
const MIB = 2 ** 20;

describe('a plan', () => {
  it('is bound by the CPU where that ends first', async () => {
    const document = await ask(CPU, { hosts: hosts(fakeHost({ memory: 64e9 })) });
    expect(document.answer.vnodesPerHost).toEqual({ value: KNEE, low: KNEE, high: KNEE });
    expect(document.answer.hosts).toEqual({ value: 6, low: 6, high: 6 });
    expect(document.answer.binding).toMatchObject({ id: 'cpu', evidence: 'simulated' });
    expect(document.answer.next.id).not.toBe('cpu');
    expect(document.answer.next.vnodesPerHost).toBeGreaterThanOrEqual(KNEE);
    expect(document.fits).toBe(true);
  });

  it('is bound by memory where that ends first, and finds the CPU behind it', async () => {
    const document = await ask({ ...CPU, memoryPerVnode: (2048 * MIB) / 100 });
    expect(document.answer.vnodesPerHost.value).toBe(100);
    expect(document.answer.binding).toMatchObject({ id: 'memory', remedy: expect.stringMatching(/MB a vnode/) });
    expect(document.answer.next.id).toBe('cpu');
    // Behind the binding constraint the search looks less closely.
    expect(Math.abs(document.answer.next.vnodesPerHost - KNEE)).toBeLessThan(0.1 * KNEE);
    expect(document.fidelity.every(({ ok }) => ok)).toBe(true);
  });

  it('is bound by the neighbour table of an untouched kernel, with the sysctl that moves it', async () => {
    const world = { ...CPU, entriesPerVnode: 20 };
    const stock = await ask(world, { scenario: swarm({ limits: 'stock' }), hosts: hosts(fakeHost({ memory: 64e9 })) });
    expect(stock.answer.vnodesPerHost.value).toBe(51);
    expect(stock.answer.binding.id).toBe('neighbour-table');
    expect(stock.answer.binding.remedy).toMatch(/^sysctl -w .*net\.ipv4\.neigh\.default\.gc_thresh3=\d+$/);
    const raised = await ask(world, { hosts: hosts(fakeHost({ memory: 64e9 })) });
    expect(raised.answer.binding.id).toBe('cpu');
  });

  it('does not move, and says so, when something else than the binding constraint changes', async () => {
    const world = { ...CPU, memoryPerVnode: (2048 * MIB) / 100 };
    const whole = await ask(world);
    const slower = await ask({ ...world, cpuPerVnode: 0.015 });
    expect(slower.answer.vnodesPerHost.value).toBe(whole.answer.vnodesPerHost.value);
    expect([slower.answer.binding.id, slower.answer.next.id]).toEqual(['memory', 'cpu']);
    const half = await ask({ ...world, cpuPerVnode: 0.03 });
    expect(half.answer.binding.id).toBe('cpu');
    expect(half.answer.vnodesPerHost.value).toBe(63);
  });

  it('counts pairs in pairs', async () => {
    const document = await ask({ cpuPerVnode: 0.08 }, { scenario: pairs(), vnodes: 40 });
    expect(document.answer.vnodesPerHost.value).toBe(22);
    expect(document.answer.pairsPerHost).toEqual({ value: 11, low: 11, high: 11 });
    expect(planReport(document, false).split('\n')[0]).toBe(
      'A range of 20 pairs needs 2 pc3000 hosts (2-2), 11 pairs per host (11-11), bound by cpu.',
    );
  });

  it('follows the tolerances', async () => {
    const tolerances = toleranceSchema.parse({ goodput: '80%' });
    const document = await ask(CPU, { hosts: hosts(fakeHost({ memory: 64e9 })), tolerances });
    // Found to one in a hundred.
    expect(document.answer.vnodesPerHost.value).toBeGreaterThan(222);
    expect(document.answer.vnodesPerHost.value).toBeLessThanOrEqual(225);
    expect(document.tolerances).toMatchObject({ goodput: '80%' });
  });

  it('says when nothing fits', async () => {
    const document = await ask({ cpuPerVnode: 3 });
    expect(document.fits).toBe(false);
    expect(document.answer.vnodesPerHost.value).toBe(0);
    expect(document.fidelity.some(({ ok }) => !ok)).toBe(true);
    expect(planReport(document, false)).toMatch(/^A range of 1,000 peers does not fit: /);
  });

  it('plans below the knee when runs vary and many hosts must hold together', async () => {
    const world = { ...CPU, noise: 0.01 };
    const few = await ask(world, { hosts: hosts(fakeHost({ memory: 64e9 })), vnodes: 150 });
    const many = await ask(world, { hosts: hosts(fakeHost({ memory: 64e9 })), vnodes: 100_000 });
    expect(many.answer.vnodesPerHost.value).toBeLessThan(many.answer.knee.value);
    expect(many.answer.vnodesPerHost.value).toBeLessThan(few.answer.vnodesPerHost.value);
  });

  it('has an interval from the uncertain parameters', async () => {
    const profile = fakeHost({ memory: 64e9, wake: [900, 1150] });
    const { answer, method } = await ask(CPU, { hosts: hosts(profile) });
    expect(answer.vnodesPerHost.value).toBe(KNEE);
    // 5 % and 95 % points: 189 / 1.15 and 189 / 0.9.
    expect(answer.vnodesPerHost.low).toBeGreaterThan(140);
    expect(answer.vnodesPerHost.low).toBeLessThan(172);
    expect(answer.vnodesPerHost.high).toBeGreaterThan(203);
    expect(answer.vnodesPerHost.high).toBeLessThan(235);
    expect(answer.hosts.low).toBe(Math.ceil(1000 / answer.vnodesPerHost.high));
    expect(answer.hosts.high).toBe(Math.ceil(1000 / answer.vnodesPerHost.low));
    expect(method.draws).toBe(8);
  });

  it('is the same document every time, and another with another seed whose interval overlaps', async () => {
    const world = { ...CPU, noise: 0.005 };
    const request = { hosts: hosts(fakeHost({ memory: 64e9, wake: [900, 1150] })) };
    const first = await ask(world, request);
    expect(JSON.stringify(await ask(world, request))).toBe(JSON.stringify(first));
    const other = await ask(world, { ...request, seed: '2' });
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(first));
    expect(other.answer.vnodesPerHost.low).toBeLessThanOrEqual(first.answer.vnodesPerHost.high);
    expect(other.answer.vnodesPerHost.high).toBeGreaterThanOrEqual(first.answer.vnodesPerHost.low);
  });

  it('keeps to its schema, survives JSON, and embeds what verify needs', async () => {
    const document = await ask({ ...CPU, memoryPerVnode: 20 * MIB, entriesPerVnode: 3 });
    const parsed = planSchema.parse(JSON.parse(JSON.stringify(document)));
    expect(parsed.scenario.workload).toMatchObject({ kind: 'swarm', peers: 1000 });
    expect(parsed.profile.hardware.memory.value).toBe(2 ** 31);
    expect(parsed.tolerances).toEqual(defaultTolerances);
    expect(document).toMatchObject({ format: 'rangefit/plan', formatVersion: 1, extrapolated: true });
  });

  it('refuses what nothing can be faithful to', async () => {
    const unshaped = pairs({ link: {} });
    await expect(ask(CPU, { scenario: unshaped })).rejects.toBeInstanceOf(InputError);
    const busy = scenarioSchema.parse({ name: 'busy', workload: { kind: 'busy' } });
    await expect(ask(CPU, { scenario: busy })).rejects.toBeInstanceOf(InputError);
  });
});

describe('technologies of one host', () => {
  it('are compared, each with what binds it and why it holds what it holds', async () => {
    const profile = hostCatalogue.pc3000 as HostProfile;
    const all = TECHNOLOGIES.map((technology) => ({ profile: withTechnology(profile, technology), technology }));
    const document = await ask({ cpuPerVnode: 0.0005 }, { hosts: all, vnodes: 10_000 });
    expect(planSchema.parse(document)).toBeTruthy();
    expect(document.alternatives.map(({ technology }) => technology)).toEqual([...TECHNOLOGIES]);
    const held = document.alternatives.map(({ vnodesPerHost }) => vnodesPerHost.value);
    const best = TECHNOLOGIES[held.indexOf(Math.max(...held))] as (typeof TECHNOLOGIES)[number];
    for (const { technology, technologyFacts, hosts: needed } of document.alternatives) {
      expect(needed.value).toBeGreaterThan(0);
      expect(technologyFacts?.memoryPerVnode).toBeGreaterThan(1e6);
      if (technology === best) continue;
      expect(technologyFacts?.why).toContain(technologies[best].title);
    }
    const text = planReport(document, false);
    expect(text).toContain('Why they differ');
    for (const technology of TECHNOLOGIES) expect(text).toContain(`pc3000 (${technology})  `);
    expect(document.warnings.filter((line) => line.includes('not calibrated'))).toHaveLength(1);
  });
});

describe('several kinds of host', () => {
  const small = fakeHost({ memory: 64e9 });
  const large = fakeHost({ name: 'large', memory: 64e9, cores: 3 });
  // 283.5 is where the margin crosses.
  const LARGE = 283;

  it('are compared, and the one that needs the fewest comes first', async () => {
    const document = await ask(CPU, { hosts: hosts(small, large) });
    expect(document.host).toBe('large');
    expect(document.alternatives.map(({ host, vnodesPerHost }) => [host, vnodesPerHost.value])).toEqual([
      ['pc3000', KNEE],
      ['large', LARGE],
    ]);
    expect(planReport(document, false)).toMatch(/Compared/);
  });

  it('are packed as a fleet, the largest first', async () => {
    const fleet = parseFleet('pc3000:4,large:2');
    const document = await ask(CPU, { hosts: hosts(small, large), fleet });
    expect(document.fits).toBe(true);
    expect(document.fleet?.shares.map(({ host, used, vnodes }) => [host, used, vnodes])).toEqual([
      ['pc3000', 3, 1000 - 2 * LARGE],
      ['large', 2, 2 * LARGE],
    ]);
    expect(document.answer.hosts.value).toBe(5);
  });

  it('do not fit when there are too few, and the plan says how much is missing', async () => {
    const document = await ask(CPU, { hosts: hosts(small, large), fleet: parseFleet('pc3000:1,large:1') });
    expect(document.fits).toBe(false);
    expect(document.fleet).toMatchObject({ fits: false, capacity: KNEE + LARGE, missing: 1000 - KNEE - LARGE });
    expect(planReport(document, false)).toMatch(
      /^A range of 1,000 peers does not fit: these hosts hold 472 peers, 528 too few/,
    );
  });

  it.each(['pc3000', 'pc3000:', 'pc3000:0', 'pc3000:x', ':3', 'pc3000:1,pc3000:2', ''])(
    'refuses the fleet %j',
    (text) => expect(() => parseFleet(text)).toThrow(InputError),
  );
});
