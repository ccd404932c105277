// A lookup by key as CFS does it (SOSP 2001): finger tables halve the distance, so hops grow with the logarithm of the
// overlay's size, and blocks come back the way that the question went.

import { idealHost, type OverlayRecord, scenarioSchema } from '../../../models/index.js';
import { figure } from '../finding.js';
import { mean } from '../trend.js';
import type { Case } from './case.js';

const SIZES = [16, 64, 256, 1024];
const QUERIES = 40;
/** CFS stores files in blocks of 8 KB. */
const BLOCK = '8KB';

/** Hops that a lookup takes, on average: the holder is the last whom it reaches. */
const hopsOf = ({ reached, queries }: OverlayRecord): number =>
  reached.reduce<number>((sum, count) => sum + (count ?? 0), 0) / queries;

export const keyLookup: Case = {
  id: 'key-lookup',
  title: 'CFS: a block by its key',
  claim: 'a lookup takes half as many hops as the overlay has doublings (Chord)',
  source: 'ModelNet (OSDI 2002), case study of CFS; Dabek et al. (SOSP 2001)',
  method: `overlays of ${SIZES.join(', ')} vnodes with finger tables, ${QUERIES} lookups of blocks of ${BLOCK}, links of 10 Mbit/s and 20 ms`,
  async run(context) {
    const host = idealHost(context.host('pc3000', 'lxc'));
    const found = await Promise.all(
      SIZES.map(async (vnodes) => {
        const scenario = scenarioSchema.parse({
          name: 'study-key-lookup',
          workload: {
            ...{ kind: 'flood', vnodes, search: 'key', queries: QUERIES, block: BLOCK },
            ...{ join: '5s', searching: '20s', duration: '30s' },
          },
          link: { up: '10Mbit/s', down: '10Mbit/s', delay: '20ms' },
        });
        const { overlay, vnodes: all } = await context.run(scenario, host);
        if (!overlay) throw new Error('a lookup without an overlay');
        const times = all.flatMap(({ responses }) => (responses ? [responses.mean] : []));
        return { vnodes, hops: hopsOf(overlay), seconds: mean(times), answered: overlay.hits };
      }),
    );
    const expected = SIZES.map((size) => Math.log2(size) / 2);
    const close = found.every(({ hops }, i) => Math.abs(hops - (expected[i] as number)) <= 0.75);
    return {
      answer: `${found.map(({ hops }) => figure(hops)).join(', ')} hops with ${SIZES.join(', ')} vnodes; a block takes ${found.map(({ seconds }) => `${figure(1000 * seconds)} ms`).join(', ')}.`,
      ok: close && found.every(({ answered }) => answered === QUERIES),
      x: 'doublings of the overlay (log2 of its vnodes)',
      y: 'hops of a lookup',
      lines: [
        { name: 'simulated', points: found.map(({ vnodes, hops }) => [Math.log2(vnodes), hops] as const) },
        {
          name: 'half the doublings',
          points: SIZES.map((size, i) => [Math.log2(size), expected[i] as number] as const),
        },
      ],
    };
  },
};
