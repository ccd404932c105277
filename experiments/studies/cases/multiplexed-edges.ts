// ModelNet's edge hosts: what is lost to switching between more and more vnodes on one host. Row M12.

import type { HostRecord } from '../../../models/index.js';
import { figure } from '../finding.js';
import { runPairs, WARM_UP } from '../pairs.js';
import type { StudyContext } from '../row.js';
import { steady } from '../steady.js';
import { spearman } from '../trend.js';
import type { Case } from './case.js';

/** Pairs on one host, all sending as fast as they can: the host is full from the first few on. */
export const EDGE_PAIRS = [2, 4, 8, 16, 32, 64];

export interface Multiplexing {
  readonly pairs: number;
  /** bit/s, all together. */
  readonly aggregate: number;
  /** Share of the CPU that goes to switching, cold caches included. */
  readonly switching: number;
}

export function multiplexing(context: StudyContext): Promise<Multiplexing[]> {
  const host = context.host('pc3000', 'lxc');
  return Promise.all(
    EDGE_PAIRS.map(async (pairs) => {
      const record = await runPairs(context, host, { pairs, attach: 'bridge', seconds: 1.5 });
      const { cpu } = record.hosts[0] as HostRecord;
      const taken = Object.values(cpu.seconds).reduce((sum, seconds) => sum + seconds, 0);
      return { pairs, aggregate: steady(record, WARM_UP).payload * 8, switching: cpu.seconds.switching / taken };
    }),
  );
}

export function multiplexingVerdict(found: readonly Multiplexing[]): { readonly ok: boolean; readonly lost: number } {
  const rates = found.map(({ aggregate }) => aggregate);
  const most = Math.max(...rates);
  const last = rates.at(-1) as number;
  const trend = spearman(
    found.map(({ pairs }) => pairs),
    rates,
  );
  return { ok: trend < 0 && last < most, lost: 1 - last / most };
}

export const multiplexedEdges: Case = {
  id: 'multiplexed-edges',
  title: 'Vnodes on an edge host',
  claim: 'throughput is lost to context switches as vnodes per host grow',
  source: 'ModelNet (OSDI 2002), VN multiplexing; row M12',
  method: `${EDGE_PAIRS.join(', ')} pairs on one pc3000 with LXC, all sending as fast as they can`,
  async run(context) {
    const found = await multiplexing(context);
    const { ok, lost } = multiplexingVerdict(found);
    const [first, last] = [found[0] as Multiplexing, found.at(-1) as Multiplexing];
    return {
      answer: `${figure(100 * lost)} % of the throughput is lost with ${last.pairs} pairs, where switching takes ${figure(100 * last.switching)} % of the CPU, with ${first.pairs} pairs ${figure(100 * first.switching)} %.`,
      ok,
      x: 'vnodes on the host',
      y: 'aggregate (Gbit/s)',
      lines: [
        {
          name: 'throughput of all vnodes',
          points: found.map(({ pairs, aggregate }) => [2 * pairs, aggregate / 1e9] as const),
        },
      ],
    };
  },
};
