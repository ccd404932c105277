// Scans and designs: what is written is what is asked about, each value once, the space filled evenly.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridDesign, radicalInverse, sampleDesign } from '../../../experiments/whatif/design.js';
import { partFrom, pointsOf } from '../../../experiments/whatif/part.js';
import { parseScan } from '../../../experiments/whatif/scan.js';
import { InputError } from '../../../models/index.js';

describe('a scan', () => {
  it.each([
    ['host.memory=2GiB,8GiB', ['2GiB', '8GiB']],
    ['host.memory=1GiB..4GiB:1GiB', ['1GiB', '2GiB', '3GiB', '4GiB']],
    ['host.memory=512MiB..2GiB:512MiB', ['512MiB', '1GiB', '1.5GiB', '2GiB']],
    ['range.peers=1000..3000:1000', ['1000', '2000', '3000']],
    ['scenario.link.loss=0.1%..0.3%:0.1%', ['0.1%', '0.2%', '0.3%']],
    ['scenario.link.up=10Mbit/s..30Mbit/s:10Mbit/s', ['10Mbit/s', '20Mbit/s', '30Mbit/s']],
    ['scenario.tcp=cubic,reno', ['cubic', 'reno']],
    ['host.cores=2..2', ['2']],
  ])('reads %s', (text, values) => expect(parseScan(text).values).toEqual(values));

  it('without a step is a stretch', () => {
    expect(parseScan('host.cores=1..64')).toMatchObject({ values: undefined, stretch: { low: 1, high: 64 } });
  });

  it.each([
    'host.memory',
    'hots.memory=1GiB',
    'host.memory=',
    'host.memory=1GiB,,2GiB',
    'host.memory=1GiB,1GiB',
    'host.memory=4GiB..1GiB:1GiB',
    'host.memory=1GiB..4s:1GiB',
    'host.memory=1GiB..4GiB:0GiB',
    'range.peers=1..1000000:1',
    'host.memory=a..b:c',
  ])('refuses %j', (text) => expect(() => parseScan(text)).toThrow(InputError));
});

describe('a grid', () => {
  it('has every value with every other, once, each after a neighbour that differs in one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const scans = sizes.map((size, i) => parseScan(`host.a${i}=${Array.from({ length: size }, (_, v) => v)}`));
        const points = gridDesign(scans);
        expect(new Set(points.map(({ values }) => values.join())).size).toBe(sizes.reduce((a, b) => a * b, 1));
        for (const { index, values, before } of points) {
          if (before === null) expect(index).toBe(0);
          else {
            expect(before).toBeLessThan(index);
            expect(points[before]?.values.filter((value, i) => value !== values[i])).toHaveLength(1);
          }
        }
      }),
    );
  });

  it('needs a step', () => expect(() => gridDesign([parseScan('host.cores=1..9')])).toThrow(/a step/));
});

describe('a sample', () => {
  it('is the Halton sequence', () => {
    expect([1, 2, 3, 4, 5].map((i) => radicalInverse(i, 2))).toEqual([0.5, 0.25, 0.75, 0.125, 0.625]);
    expect([1, 2, 3, 4].map((i) => radicalInverse(i, 3) * 9)).toEqual([3, 6, 1, 4].map((v) => expect.closeTo(v)));
  });

  it('has as many points in every part of the space, and begins each from an earlier one', () => {
    const scans = [parseScan('host.cores=0..1000'), parseScan('scenario.link.up=0Mbit/s..900Mbit/s')];
    const points = sampleDesign(scans, 360);
    for (const part of [0, 1, 2, 3]) {
      const inside = points.filter(({ places }) => Math.floor((places[0] as number) * 4) === part);
      expect(Math.abs(inside.length - 90)).toBeLessThanOrEqual(1);
      const both = inside.filter(({ places }) => (places[1] as number) < 1 / 3);
      expect(Math.abs(both.length - 30)).toBeLessThanOrEqual(2);
    }
    expect(points[0]).toMatchObject({ before: null, values: ['500', '300Mbit/s'] });
    expect(points.every(({ index, before }) => (before === null ? index === 0 : before < index))).toBe(true);
    expect(sampleDesign(scans, 50)).toEqual(points.slice(0, 50));
  });
});

describe('parts', () => {
  it('hold every point once or where others begin from it, each after the one that it begins from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (count, parts, grid) => {
          const scans = [`host.cores=1..${count}:1`, 'host.memory=1GiB,2GiB,4GiB'].map(parseScan);
          const design = grid ? gridDesign(scans) : sampleDesign(scans, 3 * count);
          const all = Array.from({ length: parts }, (_, i) => pointsOf(design, { part: i + 1, parts }));
          for (const points of all) {
            const there = new Set<number | null>([null]);
            for (const { index, before } of points) {
              expect(there.has(before)).toBe(true);
              there.add(index);
            }
          }
          expect(new Set(all.flat().map(({ index }) => index)).size).toBe(design.length);
          const chain = (index: number): number => {
            const before = design[index]?.before ?? null;
            return before === null ? 1 : 1 + chain(before);
          };
          const longest = Math.max(...design.map(({ index }) => chain(index)));
          for (const points of all)
            expect(points.length).toBeLessThanOrEqual(Math.ceil(design.length / parts) + longest);
        },
      ),
    );
  });

  it.each(['', '0/3', '4/3', '1', '1/2/3', '1/10000', 'a/b'])('are not %j', (text) =>
    expect(() => partFrom(text)).toThrow(InputError),
  );
});
