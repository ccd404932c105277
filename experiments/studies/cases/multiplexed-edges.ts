// ModelNet's edge hosts: what is lost to switching between more and more vnodes on one host. Row M12.

import { type HostRecord, scenarioSchema } from '../../../models/index.js';
import { figure } from '../finding.js';
import type { StudyContext } from '../row.js';
import { spearman } from '../trend.js';
import type { Case } from './case.js';

/** Pairs on one host. All together send the same, whatever their number. */
const PAIRS = [2, 4, 8, 16, 32, 64];
/** bit/s of payload in full datagrams: what the host carries with any of these numbers. */
const OFFERED = 800e6;
const DATAGRAM = 1470;

interface Multiplexing {
  readonly pairs: number;
  /** bit/s for each busy core. */
  readonly perCore: number;
  /** Share of the CPU that goes to switching, cold caches included. */
  readonly switching: number;
}

async function multiplexed(context: StudyContext, pairs: number): Promise<Multiplexing> {
  const scenario = scenarioSchema.parse({
    name: 'study-edge-host',
    workload: {
      ...{ kind: 'pairs', pairs, transport: 'udp', packet: `${DATAGRAM}B`, duration: '1s' },
      rate: `${Math.round(OFFERED / pairs)}bit/s`,
    },
  });
  const { totals, hosts } = await context.run(scenario, context.host('pc3000', 'lxc'));
  const { cpu } = hosts[0] as HostRecord;
  const taken = Object.values(cpu.seconds).reduce((sum, seconds) => sum + seconds, 0);
  return { pairs, perCore: (totals.payloadBytes * 8) / taken, switching: cpu.seconds.switching / taken };
}

export const multiplexedEdges: Case = {
  id: 'multiplexed-edges',
  title: 'Vnodes on an edge host',
  claim: 'throughput is lost to context switches as vnodes per host grow',
  source: 'ModelNet (OSDI 2002), VN multiplexing; row M12',
  method: `${PAIRS.join(', ')} pairs on one pc3000 with LXC that send ${OFFERED / 1e6} Mbit/s of datagrams all together: throughput for each busy core`,
  async run(context) {
    const found = await Promise.all(PAIRS.map((pairs) => multiplexed(context, pairs)));
    const [first, last] = [found[0] as Multiplexing, found.at(-1) as Multiplexing];
    const rates = found.map(({ perCore }) => perCore);
    const lost = 1 - last.perCore / first.perCore;
    return {
      answer: `A core carries ${figure(first.perCore / 1e9)} Gbit/s with ${first.pairs} pairs and ${figure(last.perCore / 1e9)} with ${last.pairs}, ${figure(100 * lost)} % less; switching takes ${figure(100 * first.switching)} % and ${figure(100 * last.switching)} % of its time.`,
      ok: spearman(PAIRS, rates) < -0.5 && lost > 0 && last.switching > first.switching,
      x: 'vnodes on the host',
      y: 'throughput of a busy core (Gbit/s)',
      lines: [
        {
          name: 'throughput of a busy core',
          points: found.map(({ pairs, perCore }) => [2 * pairs, perCore / 1e9] as const),
        },
      ],
    };
  },
};
