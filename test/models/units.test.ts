// Quantities: what people write is read exactly, `b` is not `B`, `k` is not `Ki`, and everything else is refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  duration,
  formatDuration,
  formatRate,
  formatRatio,
  formatSize,
  parseDuration,
  parseRate,
  parseRatio,
  parseSize,
  rate,
  ratio,
  size,
} from '../../models/units.js';

describe('reading', () => {
  it.each([
    ['32KB/s', 256_000],
    ['32kB/s', 256_000],
    ['32KiB/s', 262_144],
    ['32kb/s', 32_000],
    ['32kbit/s', 32_000],
    ['100Mbit/s', 1e8],
    ['100 Mbit/s', 1e8],
    ['100MB/s', 8e8],
    ['1.5Gb/s', 1.5e9],
    ['2.3Mbit/s', 2_300_000],
    ['1.1Gbit/s', 1_100_000_000],
    ['1e3bit/s', 1000],
  ])('rate %s is %d bit/s', (text, expected) => {
    expect(rate.parse(text)).toBe(expected);
  });

  it.each([
    ['20MB', 20_000_000],
    ['20MiB', 20_971_520],
    ['256KiB', 262_144],
    ['2GiB', 2_147_483_648],
    ['1470B', 1470],
    ['0B', 0],
    ['260.45MB', 260_450_000],
  ])('size %s is %d bytes', (text, expected) => {
    expect(size.parse(text)).toBe(expected);
  });

  it.each([
    ['50us', 50_000],
    ['0ns', 0],
    ['0.3ms', 300_000],
    ['10s', 10_000_000_000],
    ['2h', 7_200_000_000_000],
    ['90min', 5_400_000_000_000],
  ])('duration %s is %d ns', (text, expected) => {
    expect(duration.parse(text)).toBe(expected);
  });

  it.each([
    ['10%', 0.1],
    ['0%', 0],
    ['100 %', 1],
    ['0.1%', 0.001],
    ['7%', 0.07],
  ])('ratio %s is %d', (text, expected) => {
    expect(ratio.parse(text)).toBe(expected);
  });
});

describe('refusing', () => {
  const nonsense = ['', ' ', '10', 'fast', '-1', '+1', 'NaN', 'Infinity', '١٠s', '1_000B', '1,5s', '0x10B', '10 10s'];

  it.each([...nonsense, '32kb', '32KB', '32 KB /s', '32KB/sec', '32kbps', '-1Mbit/s', '10M/s', '1e400B/s', '32KB/s '])(
    'rate "%s"',
    (text) => {
      expect(rate.safeParse(text).success).toBe(false);
    },
  );

  it.each([...nonsense, '32kb', '20Mb', '20M', '-1B', '1e400B', '9e15KB', '20mB', '20MBytes', ' 20MB', '256kiB'])(
    'size "%s"',
    (text) => {
      expect(size.safeParse(text).success).toBe(false);
    },
  );

  it.each([...nonsense, '-1s', '1e400s', '10sec', '10S', '1m', '1d', '10 s ', '5µs'])('duration "%s"', (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  });

  it.each([...nonsense, '10 percent', '-5%', '0.1', '10%%', '1e400%'])('ratio "%s"', (text) => {
    expect(ratio.safeParse(text).success).toBe(false);
  });

  it('takes no bare numbers, and says what it expects', () => {
    for (const codec of [rate, size, duration, ratio]) expect(codec.safeParse(10).success).toBe(false);
    expect(rate.safeParse('32kb').error?.issues[0]?.message).toBe('a rate with its unit such as 32KB/s or 100Mbit/s');
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const codec of [rate, size, duration, ratio]) {
          const read = codec.safeParse(text);
          if (read.success) expect(Number.isFinite(read.data) && read.data >= 0).toBe(true);
        }
      }),
    );
  });
});

describe('round trips', () => {
  const whole = fc.oneof(
    fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    fc.nat(100_000),
    fc
      .tuple(fc.nat(9999), fc.constantFrom(1, 1e2, 1e3, 1e5, 1e6, 1e8, 1e9, 1024, 2 ** 20, 2 ** 30))
      .map(([n, s]) => n * s),
  );

  it.each([
    ['rates', formatRate, parseRate],
    ['sizes', formatSize, parseSize],
    ['durations', formatDuration, parseDuration],
  ] as const)('%s come back exactly as they were', (_name, format, parse) => {
    fc.assert(
      fc.property(whole, (value) => {
        expect(parse(format(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('percentages come back, to twelve digits', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (millionths) => {
        expect(parseRatio(formatRatio(millionths / 1e6))).toBeCloseTo(millionths / 1e6, 12);
      }),
    );
  });

  it('what people write is shown as they wrote it', () => {
    expect(['100Mbit/s', '1.5Gbit/s', '256kbit/s'].map((text) => formatRate(parseRate(text) as number))).toEqual([
      '100Mbit/s',
      '1.5Gbit/s',
      '256kbit/s',
    ]);
    // 146GB and 12.8MB are whole numbers of KiB, too.
    const sizes = ['20MB', '256KiB', '2GiB', '1.47kB', '0B', '146GB', '12.8MB', '1000KiB'];
    expect(sizes.map((text) => formatSize(parseSize(text) as number))).toEqual(sizes);
    expect(['50us', '10s', '0ns', '2h', '1.5ms'].map((text) => formatDuration(parseDuration(text) as number))).toEqual([
      '50us',
      '10s',
      '0ns',
      '2h',
      '1.5ms',
    ]);
  });
});
