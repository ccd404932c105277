// The choice of a distillation: on a ring whose links are short of bandwidth only the whole network will do; where they
// are not, the cheapest is as good.

import { describe, expect, it } from 'vitest';
import { defaultTolerances } from '../../../calibration/index.js';
import { chooseDistillation, withChosenDistillation } from '../../../experiments/distillation-choice.js';
import { distillationText, type PlanDocument, planSchema } from '../../../experiments/planner/index.js';
import { LocalRuns } from '../../../experiments/pool.js';
import { hostCatalogue, resolveHost, type Scenario, scenarioSchema } from '../../../models/index.js';
import { rangefit } from '../session.js';

const host = resolveHost(hostCatalogue.pc3000!, undefined, 'raised');

const ring = (rate: string): Scenario =>
  scenarioSchema.parse({
    name: 'ring',
    workload: { kind: 'pairs', pairs: 30, duration: '3s' },
    link: { up: '1Mbit/s', down: '1Mbit/s', delay: '1ms' },
    network: {
      topology: {
        generate: { kind: 'ring', routers: 10, rate, delay: '2ms' },
        spread: 'shuffled',
        distill: 'cheapest',
      },
    },
  });

const choose = (rate: string) => chooseDistillation(ring(rate), host, '1', defaultTolerances, new LocalRuns());

describe('the choice of a distillation', () => {
  it('keeps the ring where its links are shared by more than they carry', async () => {
    const { rows, chosen } = await choose('2Mbit/s');
    const of = (name: string) => rows.find((row) => row.name === name)!;
    expect(of('last-mile').ok).toBe(false);
    expect(of('last-mile').inaccuracy).toBeGreaterThan(of('walk-in 3').inaccuracy);
    expect(chosen.pipesPerPacket.mean).toBe(of('hop-by-hop').pipesPerPacket.mean);
  });

  it('takes the one with the fewest pipes a packet where nothing is short', async () => {
    const { rows, chosen } = await choose('1Gbit/s');
    for (const row of rows.filter(({ ok }) => ok))
      expect(chosen.pipesPerPacket.mean).toBeLessThanOrEqual(row.pipesPerPacket.mean);
    expect(chosen.pipesPerPacket.mean).toBeLessThan(3);
    const { scenario } = await withChosenDistillation(ring('1Gbit/s'), host, '1', defaultTolerances, new LocalRuns());
    expect(scenario.network.topology?.distill).toEqual(chosen.distillation);
  });
});

describe('a plan over a network', () => {
  it('takes the cheapest distillation within the tolerances, and says what that saves and costs', async () => {
    const { code, out } = await rangefit([
      ...['plan', '--scenario', 'ring-of-routers', '--pairs', '10', '--host', 'pc3000', '--json', '--quiet'],
      ...['--set', 'scenario.network.topology.distill=cheapest', '--set', 'scenario.workload.duration=1s'],
      ...['--set', 'scenario.workload.pairs=10', '--workers', '0'],
    ]);
    expect(code).toBe(0);
    const plan = JSON.parse(out) as PlanDocument;
    expect(planSchema.safeParse(plan).success).toBe(true);
    const { chosen, tried } = plan.distillation!;
    expect(tried[0]).toMatchObject({ name: 'hop-by-hop', inaccuracy: 0, worst: null, ok: true });
    const { pipesPerPacket } = tried.find(({ name }) => name === chosen)!;
    for (const row of tried.filter(({ ok }) => ok)) expect(pipesPerPacket).toBeLessThanOrEqual(row.pipesPerPacket);
    expect(pipesPerPacket).toBeLessThan(tried[0]!.pipesPerPacket);
    expect(distillationText(plan)).toMatch(/^.+, the cheapest of 7 distillations within the tolerances: /);
  });
});
