// What a run gives once it is steady: rates and CPU after its start, from the time series.

import type { RunRecord } from '../../models/index.js';
import { mean } from './trend.js';

export interface Steady {
  /** Payload delivered, bytes a second. */
  readonly payload: number;
  /** Busy cores x 100, as that kernel reports it. */
  readonly reported: number;
}

/** Over the rows that lie after `from`, up to `to`, seconds of virtual time. The row at `from` must exist. */
export function steady({ series }: RunRecord, from: number, to = Number.POSITIVE_INFINITY): Steady {
  const { intervalSeconds, payloadBytes, reportedCpuPercent } = series;
  const first = Math.round(from / intervalSeconds);
  const last = Math.min(payloadBytes.length, Math.round(to / intervalSeconds));
  if (first < 1 || last <= first) throw new Error(`nothing to measure from ${from} s on`);
  const bytes = (payloadBytes[last - 1] as number) - (payloadBytes[first - 1] as number);
  return {
    payload: bytes / ((last - first) * intervalSeconds),
    reported: mean(reportedCpuPercent.slice(first, last)),
  };
}
