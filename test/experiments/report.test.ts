// Reports of every kind of document, in every format: what they say, and the same bytes every time.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, writtenDocuments } from './pages/documents.js';
import { rangefit } from './session.js';

let folder: string;
const file = (name: string) => join(folder, `${name}.json`);
const document = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));

async function report(name: string, ...flags: string[]): Promise<string> {
  const { code, out, err } = await rangefit(['report', file(name), ...flags]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

/** Fields of RFC 4180. */
const fields = (line: string): string[] =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, field]) => (field ?? '').replace(/^"|"$/g, ''));

beforeAll(async () => {
  folder = await writtenDocuments();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a report', () => {
  it('is a page, a picture, and tables, whatever kind of document it is made from', async () => {
    for (const name of Object.keys(COMMANDS)) {
      const page = await report(name);
      expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
      // Nothing in it names a place to load something from; a namespace is a name.
      expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/(src|href)=["'](?!data:)|https?:\/\/|url\((?!#)/);
      const picture = await report(name, '--format', 'svg');
      expect(picture).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+">/);
      expect(picture).not.toMatch(/var\(|NaN|undefined|Infinity/);
      expect(await report(name, '--format', 'md')).toMatch(/^# /);
      expect(JSON.parse(await report(name, '--json'))).toMatchObject({ answer: expect.any(String) });
    }
  });

  it('is the same bytes every time, whatever was drawn before', async () => {
    const first = await report('plan');
    await report('swarm');
    expect(await report('plan')).toBe(first);
  });

  it('has the answer of the command line first, and the command that made it', async () => {
    for (const name of ['plan', 'fleet']) {
      const words = (COMMANDS[name] as string).split(' ');
      const { out } = await rangefit([...words, '--quiet', '--workers', '0']);
      const data = JSON.parse(await report(name, '--json'));
      expect(out).toContain(data.answer);
      expect(data.command).toBe(
        `rangefit ${COMMANDS[name]}`.replace(/--scenario idle --peers (\d+)/, '--peers $1 --scenario idle'),
      );
      const page = await report(name);
      expect(page.indexOf(data.answer)).toBeLessThan(page.indexOf('<main>'));
    }
  });

  it('has the values of a study as they were given, rates among them', async () => {
    const out = join(folder, 'rates');
    const scan = '--scan scenario.link.up=50Mbit/s,100Mbit/s';
    const words = `whatif --scenario idle --host t7500 --peers 20 ${scan}`;
    const told = await rangefit([...words.split(' '), '--json', '--quiet', '--workers', '0', '--out', out]);
    expect(JSON.parse(told.out).command).toContain(scan);
  });

  it('has every tested density of a plan, with ideal, tolerance and interval in words', async () => {
    const { answer, method } = document('plan');
    const knee = await report('plan', '--format', 'csv', '--table', 'knee');
    expect(
      knee
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => Number(fields(line)[0])),
    ).toEqual(method.densities.map(({ vnodesPerHost }: { vnodesPerHost: number }) => vnodesPerHost));
    expect(await report('plan', '--format', 'svg')).toContain(`planned: ${answer.vnodesPerHost.value}`);
    for (const word of ['ideal', 'tolerance']) expect(await report('plan', '--format', 'svg')).toContain(`>${word}<`);
  });

  it('has every vnode of a record in its table, ten thousand too, and stays a small page', async () => {
    for (const [name, vnodes] of [
      ['one', 1],
      ['hundred', 100],
      ['ten-thousand', 10_000],
    ] as const) {
      const rows = (await report(name, '--format', 'csv', '--table', 'vnodes')).trim().split('\r\n');
      expect(rows).toHaveLength(vnodes + 1);
      expect(fields(rows[1] as string)[0]).toBe(document(name).vnodes[0].vnode);
      expect((await report(name)).length).toBeLessThan(400_000);
    }
  });

  it('tells memory of what was there at the peak, not of vnodes that were lost', () => {
    const { memory, vnodes } = { ...document('ten-thousand').hosts[0], vnodes: document('ten-thousand').vnodes };
    expect(vnodes.some(({ alive }: { alive: boolean }) => !alive)).toBe(true);
    expect(memory.used).toBeLessThanOrEqual(memory.total);
    expect(memory.host + memory.kernel + memory.containers).toBe(memory.used);
    expect(Math.min(memory.host, memory.kernel, memory.containers)).toBeGreaterThan(0);
  });

  it('tells of everything that a record knows whether it ran out', async () => {
    const rows = (await report('ten-thousand', '--format', 'csv', '--table', 'ceilings'))
      .trim()
      .split('\r\n')
      .map(fields);
    const state = Object.fromEntries(rows.slice(1).map(([name, one]) => [name, one]));
    const lost = document('ten-thousand').vnodes.filter(({ alive }: { alive: boolean }) => !alive).length;
    expect(rows.find(([name]) => name === 'memory')?.[5]).toBe(String(lost));
    expect(state).toMatchObject({ memory: 'saturated', disk: 'not told', processes: 'not told' });
    expect(await report('ten-thousand', '--format', 'md')).toMatch(/Saturated: .*memory/);
    const swarm = (await report('swarm', '--format', 'csv', '--table', 'ceilings')).trim().split('\r\n').map(fields);
    const drops: Record<string, number> = document('swarm').hosts[0].drops;
    expect(Number(swarm.find(([name]) => name === "queues of the vnodes' links")?.[5])).toBe(
      drops['shaper-queue'] ?? 0,
    );
    expect(swarm.find(([name]) => name === 'backlog of packets')?.slice(1)).toEqual(['has room', '', '', '', '0']);
  });

  it('counts what binds over the points of a study, and has the ceilings of its host', async () => {
    const { points } = document('sweep');
    const rows = (await report('sweep', '--format', 'csv', '--table', 'bindings')).trim().split('\r\n').map(fields);
    for (const [id, at] of rows.slice(1))
      expect(Number(at)).toBe(
        points.filter(({ answer }: { answer: { binding: { id: string } } }) => answer.binding.id === id).length,
      );
    expect(rows.slice(1).reduce((sum, [, at]) => sum + Number(at), 0)).toBe(points.length);
    expect(await report('sweep', '--format', 'csv', '--table', 'ceilings')).toMatch(/^bridge-ports,.*,1023,/m);
  });

  it('stacks CPU over time to what was taken, in every interval', async () => {
    const { series } = document('swarm');
    const kinds = Object.values(series.takenCpuPercentByKind) as number[][];
    for (const [i, taken] of (series.takenCpuPercent as number[]).entries())
      expect(kinds.reduce((sum, kind) => sum + (kind[i] as number), 0)).toBeCloseTo(taken, 2);
  });

  it('gives the figures of a reproduce document row by row', async () => {
    const rows = (await report('reproduce', '--format', 'csv', '--table', 'rows')).trim().split('\r\n').map(fields);
    expect(rows.map(([id]) => id)).toEqual(['figure', 'P1', 'Q1', 'Q2']);
    expect(rows[2]?.[1]).toBe('follows from inputs');
    expect(rows[1]?.[1]).toBe('fitted');
  });

  it('has every point of a study, and a picture for each of its parameters', async () => {
    const { points, sensitivity } = document('sweep');
    const rows = (await report('sweep', '--format', 'csv', '--table', 'points')).trim().split('\r\n').map(fields);
    expect(rows.slice(1).map((row) => row.slice(0, 3))).toEqual(
      points.map(({ values, answer }: { values: unknown[]; answer: { vnodesPerHost: number } }) => [
        ...values.map(String),
        String(answer.vnodesPerHost),
      ]),
    );
    for (const [i, { path }] of sensitivity.entries())
      expect(await report('sweep', '--format', 'svg', '--picture', `parameter-${i + 1}`)).toContain(`<title>${path}<`);
    expect(JSON.parse(await report('sweep', '--json')).answer).toBe(document('sweep').target.sentence);
  });

  it('goes to a file whose ending chooses the format', async () => {
    const out = join(folder, 'knee.svg');
    const said = await report('plan', '--out', out);
    expect(readFileSync(out, 'utf8')).toMatch(/^<svg /);
    expect(said).toMatch(/^A range of 60 vnodes needs/);
  });
});

describe('what is wrong with a report', () => {
  const refused = async (...words: string[]): Promise<string> => {
    const { code, out, err } = await rangefit(['report', ...words]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: .*\n$/);
    return err;
  };

  it('is one line: no file, no document, another kind, another version, a part of one', async () => {
    expect(await refused(join(folder, 'none.json'))).toContain('no such file');
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, readFileSync(file('plan'), 'utf8').slice(0, 500));
    expect(await refused(broken)).toContain('the end of the file');
    writeFileSync(broken, JSON.stringify({ ...document('plan'), format: 'rangefit/scenario' }));
    expect(await refused(broken)).toContain(
      'rangefit/plan, rangefit/profile, rangefit/receipt, rangefit/record, rangefit/sweep, rangefit/reproduce',
    );
    writeFileSync(broken, JSON.stringify({ ...document('plan'), formatVersion: 2 }));
    expect(await refused(broken)).toContain('formatVersion 1');
    writeFileSync(broken, JSON.stringify({ ...document('plan'), answer: {} }));
    expect(await refused(broken)).toContain('answer');
  });

  it('names the pictures and tables that there are', async () => {
    expect(await refused(file('plan'), '--format', 'svg', '--picture', 'kneee')).toMatch(
      /one of knee, .*did you mean/i,
    );
    expect(await refused(file('one'), '--format', 'csv', '--table', 'x')).toContain('vnodes');
  });

  it('is never what a document says of itself: text stays text', async () => {
    const evil = join(folder, 'evil.json');
    const record = document('one');
    record.provenance.notes = ['<script>alert(1)</script>'];
    record.provenance.command = '"><img src=x onerror=alert(1)>';
    writeFileSync(evil, JSON.stringify(record));
    const page = await report('evil');
    expect(page).not.toMatch(/<img|<script>alert/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});
