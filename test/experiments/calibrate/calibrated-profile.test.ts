// A calibrated profile from outside: validated against what was held out, shown, reported on, and planned with.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from 'zod';
import { beyondDomain, hostProfileSchema, scenarioSchema } from '../../../models/index.js';
import { calibratedProfile } from '../../calibration/host-fit/calibrated.js';
import { rangefit } from '../session.js';

let folder: string;
const file = (name: string) => join(folder, `${name}.json`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rangefit-test-'));
  for (const [name, off] of [
    ['good', 2],
    ['bad', 9],
  ] as const)
    writeFileSync(file(name), JSON.stringify(encode(hostProfileSchema, calibratedProfile(off))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('host validate', () => {
  it('passes a profile whose held-out errors keep their bounds', async () => {
    const { code, out } = await rangefit(['host', 'validate', file('good')]);
    expect(code).toBe(0);
    expect(out).toMatch(/✓ +cpu +20 +2 +5 +2 +90%/);
    expect(out).toMatch(/✓ 90% of 20 held-out observations/);
  });

  it('says so when nothing was held out, as after a quick calibration', async () => {
    const quick = calibratedProfile(2);
    const comparisons = quick.calibration?.comparisons.filter(({ heldOut }) => !heldOut) ?? [];
    const document = { ...quick, calibration: quick.calibration && { ...quick.calibration, comparisons } };
    writeFileSync(file('quick'), JSON.stringify(encode(hostProfileSchema, document)));
    const { code, out } = await rangefit(['host', 'validate', file('quick')]);
    expect(code).toBe(0);
    expect(out).toContain('nothing was held out');
    expect(out).not.toContain('NaN');
    expect((await rangefit(['report', file('quick')])).out).not.toContain('NaN');
  });

  it('exits with 1 when one does not', async () => {
    const { code, out } = await rangefit(['host', 'validate', file('bad'), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out).heldOut.metrics).toMatchObject([{ metric: 'cpu', median: 9, ok: false }]);
  });
});

describe('a report on it', () => {
  it('draws measured and predicted CPU, and tables every cost and observation', async () => {
    const { code, out } = await rangefit(['report', file('good')]);
    expect(code).toBe(0);
    expect(out).toContain('1 of 2 costs are determined by 20 observations');
    for (const picture of ['cpu-by-pairs', 'residuals']) {
      const drawn = await rangefit(['report', file('good'), '--format', 'svg', '--picture', picture]);
      expect(drawn.out).toMatch(/^<svg /);
      expect(drawn.out).not.toMatch(/var\(|NaN|undefined|Infinity/);
    }
    const data = JSON.parse((await rangefit(['report', file('good'), '--json'])).out);
    expect(data.command).toBe('rangefit calibrate --name made-up');
    const { out: rows } = await rangefit(['report', file('good'), '--format', 'csv', '--table', 'comparisons']);
    expect(rows.trim().split('\r\n')).toHaveLength(41);
  });

  it('says how full the machine was, and where its ceilings are', async () => {
    const { out } = await rangefit(['report', file('good'), '--format', 'csv', '--table', 'saturation']);
    // 10 pairs at 200 Mbit/s took all of 200 %.
    expect(out).toMatch(/"CPU, mean",100,200 %,200 %,true/);
    const { out: ceilings } = await rangefit(['report', file('good'), '--format', 'csv', '--table', 'ceilings']);
    expect(ceilings).toMatch(/^bridge-ports,.*,1023,/m);
  });

  it('is refused for a profile that was not calibrated', async () => {
    const { calibration: _none, ...rest } = calibratedProfile(2);
    writeFileSync(file('plain'), JSON.stringify(encode(hostProfileSchema, rest)));
    const { code, err } = await rangefit(['report', file('plain')]);
    expect(code).toBe(2);
    expect(err).toMatch(/made-up: expected a profile that `calibrate` wrote/);
  });
});

describe('the interval of a plan on it', () => {
  /** Pairs on full cores, where a third of the drawn hosts' spread could not hide the model's. */
  async function knee(stretch: number): Promise<{ value: number; low: number; high: number }> {
    const profile = calibratedProfile(2);
    const { calibration } = profile;
    const document = {
      ...profile,
      calibration: calibration && { ...calibration, fit: { ...calibration.fit, stretch: { cpu: stretch } } },
    };
    writeFileSync(file('stretched'), JSON.stringify(encode(hostProfileSchema, document)));
    const asked = 'plan --scenario pairs-100mbit --pairs 100 --workers 0 --json --quiet --host';
    const changes = [
      ...['host.cores=1', 'host.cpu.transmitPerPacket=40us', 'host.cpu.receivePerPacket=40us'],
      ...['scenario.workload.duration=3s', 'scenario.link.up=10Mbit/s'],
    ];
    const { out } = await rangefit([
      ...asked.split(' '),
      file('stretched'),
      ...changes.flatMap((one) => ['--set', one]),
    ]);
    return JSON.parse(out).answer.knee;
  }

  it('holds what the model itself was found to be off by, which no draw of its costs shows', async () => {
    const [narrow, wide] = [await knee(0.1), await knee(5)];
    expect(wide.value).toBe(narrow.value);
    // A fifth of the CPU, one standard error: 1.6 of them to each side.
    expect(wide.low / wide.value).toBeLessThan(Math.exp(-1.3 * 0.2));
    expect(wide.high / wide.value).toBeGreaterThan(Math.exp(1.3 * 0.2));
    expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low);
  });
});

describe('the calibrated domain', () => {
  const { calibration } = calibratedProfile(2);
  const about = (workload: object, link: object, attach = 'two-port-bridge') =>
    scenarioSchema.parse({ name: 'asked', workload, link, network: { attach } });
  const beyond = (scenario: ReturnType<typeof about>, vnodes = 10) =>
    calibration ? beyondDomain(calibration.domain, scenario, vnodes) : [];

  it('covers rates and sizes between what was run, and a little beyond', () => {
    for (const up of ['15Mbit/s', '70Mbit/s', '290Mbit/s'])
      expect(beyond(about({ kind: 'pairs' }, { up }), 28), up).toEqual([]);
  });

  it.each([
    ['another workload', about({ kind: 'swarm' }, { up: '50Mbit/s' }, 'bridge'), 10, /workload swarm/],
    ['a faster link', about({ kind: 'pairs' }, { up: '1Gbit/s' }), 10, /link.up of 1000000000/],
    ['another way to attach', about({ kind: 'pairs' }, { up: '50Mbit/s' }, 'direct'), 10, /attachment direct/],
    ['far more vnodes', about({ kind: 'pairs' }, { up: '50Mbit/s' }), 40, /40 vnodes/],
  ])('ends at %s', (_what, scenario, vnodes, says) => {
    expect(beyond(scenario, vnodes).join('\n')).toMatch(says);
  });

  it('makes a plan beyond it an extrapolated one, and says why', async () => {
    const words = ['plan', '--scenario', 'idle', '--peers', '40', '--host', file('good'), '--workers', '0', '--json'];
    const { code, out, err } = await rangefit([...words, '--strict']);
    expect(JSON.parse(out).extrapolated).toBe(true);
    expect(err).toMatch(/made-up: workload idle was not calibrated/);
    expect(code).toBe(3);
  });
});
