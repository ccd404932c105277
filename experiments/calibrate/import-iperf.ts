// An iperf3 result (`iperf3 --json`) as a run: its flows are pairs, its rate at the receiver is what was measured. Its
// own CPU figures are those of one process, not of the host, and are not taken.

import { z } from 'zod';
import { InputError } from '../../models/index.js';
import type { ImportedRun } from './imported.js';

const rate = z.looseObject({ bits_per_second: z.number().positive() });

const iperfSchema = z.looseObject({
  start: z.looseObject({
    test_start: z.looseObject({
      protocol: z.enum(['TCP', 'UDP']),
      num_streams: z.int().min(1),
      blksize: z.int().positive(),
      duration: z.number().positive(),
      target_bitrate: z.number().nonnegative().optional(),
    }),
  }),
  end: z.looseObject({ sum_received: rate.optional(), sum: rate.optional() }),
});

/** @throws InputError when it is no result of iperf3, or of a test that failed. */
export function runFromIperf(file: string, text: string): ImportedRun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(file, 'a result of `iperf3 --json`', 'no JSON');
  }
  const result = iperfSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `${file}: ${issue?.path.join('.') ?? ''}`,
      'a result of `iperf3 --json`',
      issue?.message ?? '',
    );
  }
  const { test_start: test } = result.data.start;
  const { sum_received: received, sum } = result.data.end;
  const measured = received ?? sum;
  if (!measured) throw new InputError(`${file}: end`, 'a test that came to its end', 'no rate');
  const udp = test.protocol === 'UDP';
  if (udp && !test.target_bitrate) throw new InputError(`${file}: start`, 'a UDP test with a rate', 'none');
  return {
    where: file,
    workload: {
      ...{ kind: 'pairs', pairs: test.num_streams, duration: `${test.duration}s` },
      ...(udp
        ? { transport: 'udp', rate: `${Math.round(test.target_bitrate ?? 0)}bit/s`, packet: `${test.blksize}B` }
        : {}),
    },
    link: {},
    network: {},
    heldOut: false,
    quantities: { rate: measured.bits_per_second },
  };
}
