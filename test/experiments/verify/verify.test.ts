// Verifying without a machine: simulated runs stand for real ones, on the host as planned and on one that costs more.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Observations, TooNoisy } from '../../../calibration/index.js';
import { readReceipt, refined } from '../../../experiments/calibrate/index.js';
import { createRunFolder, resumeRunFolder } from '../../../experiments/run-folder.js';
import { receiptDocument, receiptSchema, receiptText, verificationRuns } from '../../../experiments/verify/index.js';
import { densitiesAbout } from '../../../experiments/verify/verify.js';
import { rangefit } from '../session.js';
import { plan, receiptOf } from './simulated-reality.js';

const rowsOf = (receipt: Awaited<ReturnType<typeof receiptOf>>, metric: string) =>
  receipt.densities.flatMap(({ rows }) => rows.filter((row) => row.metric === metric));

describe('a receipt', () => {
  it('finds a host as predicted that is as planned, at the planned density and beside it', async () => {
    const receipt = await receiptOf((host) => host);
    expect(receipt.densities.map(({ vnodes, step }) => [vnodes, step])).toEqual([
      [2, 'below'],
      [4, 'planned'],
      [6, 'above'],
    ]);
    for (const row of [...rowsOf(receipt, 'cpu'), ...rowsOf(receipt, 'rate')])
      expect(row, row.metric).toMatchObject({ ok: true, inside: true });
    expect(receipt.densities.every(({ measured, predicted }) => measured.ok && predicted.ok)).toBe(true);
    const [cpu] = receipt.comparisons;
    expect(cpu?.baselines.map(({ name }) => name)).toEqual(['declared sum', 'straight line']);
    expect(receiptSchema.safeParse(JSON.parse(JSON.stringify(receiptDocument(receipt)))).success).toBe(true);
    expect(receiptText(receipt, false)).toMatch(/✓ +CPU taken/);
  });

  it('finds one that is not: on a machine whose packets cost thirty times as much', async () => {
    const receipt = await receiptOf((host) => ({
      ...host,
      cpu: { ...host.cpu, transmitPerPacket: 30 * host.cpu.transmitPerPacket },
    }));
    expect(receipt.ok).toBe(false);
    expect(rowsOf(receipt, 'cpu').at(-1)).toMatchObject({ ok: false, inside: false });
    expect(receiptText(receipt, false)).toMatch(/✗ not as predicted/);
  });

  it('throws disturbed runs away and says so, and a machine that disturbs all is told', async () => {
    const receipt = await receiptOf((host) => host, new Set([1, 3]));
    expect(receipt.densities.map(({ discarded }) => discarded.length)).toEqual([1, 1, 0]);
    await expect(receiptOf((host) => host, new Set([1, 2, 3, 4, 5, 6]))).rejects.toBeInstanceOf(TooNoisy);
  });

  it('waits the longer for a quiet machine the more runs in a row were disturbed', async () => {
    const waits: number[] = [];
    const disturbed = new Set([1, 2, 3, 5]);
    await receiptOf(
      (host) => host,
      disturbed,
      0,
      undefined,
      (_, quiet) => void waits.push(quiet),
    );
    expect(waits.slice(0, 6)).toEqual([0, 2, 4, 8, 0, 2]);
  });
});

describe('a verification that was killed', () => {
  it('goes on without running again what it had finished, and comes to the same', async () => {
    const place = mkdtempSync(join(tmpdir(), 'rangefit-test-'));
    try {
      const path = join(place, 'run');
      const asked = {
        plan,
        repeats: 1,
        ladders: 0,
        startedAt: '2026-01-01T00:00:00Z',
        command: 'rangefit verify p.json',
      };
      const first = createRunFolder(verificationRuns, asked, { out: path, name: 'x' });
      const killed = (count: number) => {
        if (count === 5) throw new Error('killed');
      };
      // The first run is disturbed, and the second stands in for it; the fourth is disturbed, and nothing does.
      await expect(receiptOf((host) => host, new Set([1, 4]), 0, first, killed)).rejects.toThrow('killed');
      first.close();
      const again = resumeRunFolder(verificationRuns, path);
      expect(again.input).toEqual(asked);
      let made = 0;
      const resumed = await receiptOf(
        (host) => host,
        new Set(),
        0,
        again,
        (count) => {
          made = count;
        },
      );
      again.close();
      const { densities } = await receiptOf((host) => host, new Set([1]));
      expect(made).toBe(1);
      expect(resumed.densities.map(({ rows }) => rows)).toEqual(densities.map(({ rows }) => rows));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('asks for a plan or a folder, and not for both', async () => {
    expect((await rangefit(['verify'])).err).toMatch(/expected a plan, or --resume, found nothing/);
    expect((await rangefit(['verify', 'plan.json', '--resume', 'x'])).err).toMatch(/no plan beside it/);
    expect((await rangefit(['verify', '--resume', 'x', '--ladders', '3'])).err).toMatch(/no --ladders beside it/);
  });
});

describe('a receipt that is handed on', () => {
  let folder: string;
  const receipt = () => join(folder, 'receipt.json');
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rangefit-test-'));
    writeFileSync(receipt(), JSON.stringify(receiptDocument(await receiptOf((host) => host))));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is a page, pictures and tables', async () => {
    expect((await rangefit(['report', receipt()])).out).toContain('as predicted at 2, 4, 6 vnodes');
    for (const picture of ['cpu', 'errors']) {
      const { out } = await rangefit(['report', receipt(), '--format', 'svg', '--picture', picture]);
      expect(out).toMatch(/^<svg /);
      expect(out).not.toMatch(/NaN|undefined|Infinity/);
    }
    const { out } = await rangefit(['report', receipt(), '--format', 'csv', '--table', 'baselines']);
    expect(out).toMatch(/straight line/);
  });

  it('says which command made it', async () => {
    const data = JSON.parse((await rangefit(['report', receipt(), '--json'])).out);
    expect(data.command).toBe('rangefit verify plan.json');
  });

  it('says of every density what saturated, predicted and measured', async () => {
    const full = join(folder, 'full.json');
    const costly = await receiptOf((host) => ({
      ...host,
      cpu: { ...host.cpu, transmitPerPacket: 300 * host.cpu.transmitPerPacket },
    }));
    writeFileSync(full, JSON.stringify(receiptDocument(costly)));
    const { out } = await rangefit(['report', full, '--format', 'md']);
    expect(out).toMatch(
      /\*\*6 vnodes\*\*: Predicted: Nothing of the host saturated\..* Measured: Saturated: CPU, busiest/,
    );
    const { out: table } = await rangefit(['report', full, '--format', 'csv', '--table', 'resources-6']);
    expect(table).toMatch(/^"CPU, busiest second",has room,saturated,\d+ %,200 %,200 %,200 %,,\r$/m);
    expect(table).toMatch(/^memory,/m);
    expect(table).toMatch(/^backlog of packets,has room,has room,,,,,0,0\r$/m);
  });

  it('is read as well from before it kept its command and what saturated, and says so', async () => {
    const old = JSON.parse(readFileSync(receipt(), 'utf8'));
    delete old.command;
    for (const density of old.densities) delete density.resources;
    const file = join(folder, 'old.json');
    writeFileSync(file, JSON.stringify(old));
    const { out } = await rangefit(['report', file, '--format', 'md']);
    expect(out).toContain('This document does not say');
    expect(out).toContain('This receipt does not say what ran out');
  });

  it('becomes observations of the same machine, once however often it is fed back', () => {
    const machine = { processor: 'a processor', cores: 2, kernel: '6.1.0', memory: 8e9, disk: 1e11, cache: 2 ** 20 };
    const before: Observations = {
      ...{ format: 'rangefit/observations', formatVersion: 1, name: 'made-up', machine, versions: {} },
      ...{ measuredAt: '2026-01-01T00:00:00Z', origin: 'calibrate', experiments: [] },
    };
    const after = refined(refined(before, readReceipt(receipt())), readReceipt(receipt()));
    expect(after.experiments.map(({ id, heldOut }) => [id, heldOut])).toEqual(
      [2, 4, 6].map((vnodes) => [`receipt-20260101000000-${vnodes}`, false]),
    );
    const names = after.experiments[0]?.observations.map(({ metric }) => metric);
    expect(names).toEqual(expect.arrayContaining(['cpu', 'rate']));
    const other = { ...before, machine: { ...machine, processor: 'another' } };
    expect(() => refined(other, readReceipt(receipt()))).toThrow(/a receipt of another/);
  });
});

describe('verify refuses in one line', () => {
  it.each([
    ['a file that is no plan', ['/nowhere.json'], /no such file/],
    ['another document', ['package.json'], /rangefit\/plan/],
  ])('%s', async (_what, words, says) => {
    const { code, err } = await rangefit(['verify', ...words]);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(says);
  });
});

describe('the densities that are run', () => {
  it.each([
    [40, 2, [36, 40, 44]],
    [2, 2, [2, 4]],
    [1, 1, [1, 2]],
    [0, 1, [1, 2]],
    [205, 1, [184, 205, 226]],
  ])('about %i in steps of %i', (planned, step, expected) => {
    expect(densitiesAbout(planned, step).map(({ vnodes }) => vnodes)).toEqual(expected);
  });
});
