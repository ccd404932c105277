// Climbing: which runs are made, which are thrown away, when it stops, and what a killed climb goes on with.

import { describe, expect, it } from 'vitest';
import { encode } from 'zod';
import { climb, ladder, observed, type RunEntry, TooNoisy } from '../../../calibration/index.js';
import type { ClimbOptions } from '../../../calibration/ladder/climb.js';
import { observationsSchema } from '../../../calibration/observations/index.js';
import type { RunRecord, Scenario } from '../../../models/index.js';

const all = { quick: false, lacking: { direct: false, clients: [] } };
const three = ladder(all).filter(({ id }) => ['shaped-100-1', 'shaped-100-2', 'shaped-100-4'].includes(id));

/** A run of pairs whose CPU is `cpu` per cent all the time. */
function record(scenario: Scenario, cpu: number, disturbed: readonly string[] = []): RunRecord {
  const rows = [0, 1, 2, 3, 4, 5];
  return {
    scenario,
    series: {
      intervalSeconds: 0.5,
      takenCpuPercent: rows.map(() => cpu),
      payloadBytes: rows.map((row) => (row + 1) * 1e6),
    },
    hosts: [{ contextSwitches: 0 }],
    vnodes: [],
    totals: { virtualSeconds: 3.1 },
    disturbed,
  } as unknown as RunRecord;
}

interface World {
  readonly entries: RunEntry[];
  readonly options: ClimbOptions;
}

function world(emulate: (scenario: Scenario, made: number) => RunRecord, more: Partial<ClimbOptions> = {}): World {
  const entries: RunEntry[] = [];
  let now = 0;
  return {
    entries,
    options: {
      repeats: 2,
      budget: 1000,
      before: [],
      quiet: async () => undefined,
      respite: async () => undefined,
      emulate: async (scenario) => {
        now += 5;
        return emulate(scenario, entries.length);
      },
      clock: () => now,
      onEntry: (entry) => entries.push(entry),
      ...more,
    },
  };
}

const counts = (entries: readonly RunEntry[]) =>
  three.map(({ id }) => entries.filter((e) => e.id === id && e.disturbed.length === 0).length);

describe('the ladder', () => {
  it('names each experiment once and holds out enough of every kind', () => {
    const experiments = ladder(all);
    expect(new Set(experiments.map(({ id }) => id)).size).toBe(experiments.length);
    // Each experiment of pairs gives CPU, rate and, with TCP, a round trip.
    expect(experiments.filter(({ heldOut }) => heldOut).length).toBeGreaterThanOrEqual(25);
    for (const rung of new Set(experiments.map((experiment) => experiment.rung))) {
      const here = experiments.filter((experiment) => experiment.rung === rung);
      expect(
        here.some(({ heldOut }) => heldOut),
        rung,
      ).toBe(true);
      expect(
        here.some(({ heldOut }) => !heldOut),
        rung,
      ).toBe(true);
    }
  });

  it('leaves out what the machine cannot do', () => {
    const without = ladder({ quick: false, lacking: { direct: true, clients: ['aria2'] } });
    expect(without.some(({ scenario }) => scenario.network.attach === 'direct')).toBe(false);
    expect(without.some(({ id }) => id.includes('aria2'))).toBe(false);
    expect(without.some(({ id }) => id.includes('libtorrent'))).toBe(true);
  });
});

describe('what a ladder has observed', () => {
  it.each([true, false])('is what its document takes, quick: %s', (quick) => {
    const experiments = ladder({ quick, lacking: { direct: false, clients: [] } });
    const entries = experiments.map(({ id }) => ({ id, quantities: { cpu: 50 }, disturbed: ['noise'], seconds: 4 }));
    const quiet = entries.map((entry) => ({ ...entry, disturbed: [] }));
    const document = observed(experiments, [...entries, ...quiet]);
    expect(() => encode(observationsSchema.shape.experiments, document)).not.toThrow();
    expect(document).toHaveLength(experiments.length);
  });
});

describe('a climb', () => {
  it('repeats every experiment, all once before any twice', async () => {
    const { entries, options } = world((scenario) => record(scenario, 50));
    await climb(three, options);
    expect(entries.map(({ id }) => id)).toEqual([...three, ...three].map(({ id }) => id));
    expect(entries[0]?.quantities).toEqual({ cpu: 50, switches: 0, rate: 16e6 });
  });

  it('makes up for disturbed runs and uses none of their figures', async () => {
    const { entries, options } = world((scenario, made) =>
      made === 1 ? record(scenario, 190, ['foreign load']) : record(scenario, 50),
    );
    await climb(three, options);
    expect(counts(entries)).toEqual([2, 2, 2]);
    const experiments = observed(three, entries);
    expect(experiments.flatMap(({ observations }) => observations.map(({ metric, value }) => [metric, value]))).toEqual(
      three.flatMap(() => [
        ['cpu', 50],
        ['rate', 16e6],
        ['switches', 0],
      ]),
    );
    expect(experiments.flatMap(({ discarded }) => discarded)).toEqual(['foreign load']);
  });

  it('repeats most what differs most', async () => {
    const wide = three[1]?.scenario.name;
    const { entries, options } = world((scenario, made) =>
      record(scenario, scenario.name === wide ? 50 + (made % 2) * 20 : 50),
    );
    await climb(three, options);
    const [first, second, third] = counts(entries);
    expect([first, third]).toEqual([2, 2]);
    expect(second).toBeGreaterThan(2);
  });

  it('gives up an experiment that is disturbed again and again, and goes on with the others', async () => {
    const broken = three[0]?.scenario.name;
    const { entries, options } = world((scenario) => record(scenario, 50, scenario.name === broken ? ['steal'] : []));
    await climb(three, options);
    expect(counts(entries)).toEqual([0, 2, 2]);
    expect(observed(three, entries).map(({ id }) => id)).toEqual(three.slice(1).map(({ id }) => id));
  });

  it('lets a noisy stretch pass, takes up what it gave up in it, and does not count the time', async () => {
    let respites = 0;
    let now = 0;
    const { entries, options } = world((scenario, made) => record(scenario, 50, made < 9 ? ['steal'] : []), {
      budget: 400,
      clock: () => now,
      respite: async () => {
        respites++;
        now += 1000;
      },
    });
    const many = ladder(all).filter(({ rung }) => rung === 'shaped pairs');
    await climb(many, options);
    expect(respites).toBe(1);
    for (const { id } of many)
      expect(entries.filter((entry) => entry.id === id && entry.disturbed.length === 0).length).toBe(2);
  });

  /** After so many runs since the last respite every run is disturbed. */
  const noisyAgain = (after: number, more: Partial<ClimbOptions> = {}) => {
    const respites: number[] = [0];
    const { entries, options } = world(
      (scenario, made) => record(scenario, 50, made - (respites.at(-1) as number) >= after ? ['steal'] : []),
      { budget: 1e6, respite: async () => void respites.push(entries.length), ...more },
    );
    return { entries, options, stretches: () => respites.length - 1 };
  };
  const pairs = ladder(all).filter(({ rung }) => rung === 'shaped pairs');

  it('lets several noisy stretches pass, each long after the last', async () => {
    const { entries, options, stretches } = noisyAgain(24);
    await climb(pairs, options);
    expect(stretches()).toBe(2);
    for (const { id } of pairs)
      expect(entries.filter((entry) => entry.id === id && entry.disturbed.length === 0).length).toBe(2);
  });

  it('gives up at the fifth noisy stretch, and at one soon after another', async () => {
    const many = noisyAgain(24, { repeats: 5 });
    await expect(climb(pairs, many.options)).rejects.toThrow(TooNoisy);
    expect(many.stretches()).toBe(4);
    const soon = noisyAgain(12);
    await expect(climb(pairs, soon.options)).rejects.toThrow(TooNoisy);
    expect(soon.stretches()).toBe(1);
  });

  it('tells a machine that is as noisy after a respite that it is too noisy, instead of measuring on', async () => {
    const respites: number[] = [];
    const { entries, options } = world(
      (scenario, made) => record(scenario, 50, made % 4 === 0 ? [] : ['foreign load']),
      { respite: async () => void respites.push(entries.length) },
    );
    const many = ladder(all).filter(({ rung }) => rung === 'shaped pairs');
    await expect(climb(many, options)).rejects.toThrow(TooNoisy);
    expect(respites.length).toBe(1);
    expect(respites[0]).toBeLessThan(20);
    expect(entries.length - (respites[0] as number)).toBeLessThan(20);
  });

  it('waits the longer for quiet the more runs in a row were disturbed, and not after a good one', async () => {
    const waited: number[] = [];
    const { options } = world((scenario, made) => record(scenario, 50, made >= 1 && made <= 5 ? ['steal'] : []), {
      quiet: async (seconds) => void waited.push(seconds),
    });
    await climb(
      ladder(all).filter(({ rung }) => rung === 'shaped pairs'),
      options,
    );
    expect(waited.slice(0, 8)).toEqual([0, 0, 2, 4, 8, 16, 30, 0]);
    expect(waited.slice(8).every((seconds) => seconds === 0)).toBe(true);
  });

  it('goes on where a killed one ended', async () => {
    const before = await climb(three, world((scenario) => record(scenario, 50), { repeats: 1 }).options);
    const { entries, options } = world((scenario) => record(scenario, 50), { before });
    const whole = await climb(three, options);
    expect(entries.length).toBe(3);
    expect(counts(whole)).toEqual([2, 2, 2]);
  });

  it('starts no further repeat when its time is over, but leaves no experiment out', async () => {
    const { entries, options } = world((scenario) => record(scenario, 50), { budget: 7 });
    await climb(three, options);
    expect(counts(entries)).toEqual([1, 1, 1]);
  });
});
