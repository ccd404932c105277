// Latin hypercube: few joint draws of many parameters, each parameter covered evenly (McKay, Beckman, Conover, 1979).

import { shuffle } from '../models/index.js';
import { randomStream } from '../sim/index.js';

/**
 * `draws` points; each name gets every stratum's middle once, in an order of its own, so that one more name changes
 * no other's. Values are probabilities in (0, 1).
 */
export function latinHypercube(names: readonly string[], draws: number, seed: string): ReadonlyMap<string, number>[] {
  const columns = new Map<string, number[]>();
  for (const name of [...names].sort()) {
    const strata = Array.from({ length: draws }, (_, i) => (i + 0.5) / draws);
    columns.set(name, shuffle(strata, randomStream(seed, `hypercube/${name}`)));
  }
  return Array.from({ length: draws }, (_, i) => {
    const point = new Map<string, number>();
    for (const [name, column] of columns) point.set(name, column[i] as number);
    return point;
  });
}
