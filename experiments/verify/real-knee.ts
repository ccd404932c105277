// The knee as this machine has it: the planner's own search, with real runs instead of simulated ones.

import { findKnee, quantile } from '../../calibration/index.js';

interface Ladder {
  /** Margin by metric of one real run. */
  readonly margins: (vnodes: number, ladder: number) => Promise<Readonly<Record<string, number>>>;
  readonly start: number;
  readonly step: number;
  readonly highest: number;
}

/** Rungs of one ladder: a bracket is found and halved. */
const ROUNDS = 7;
const RESOLUTION = 0.05;

/** One ladder after another: two at once would share the machine. */
export async function realKnees(
  { margins, start, step, highest }: Ladder,
  ladders: number,
): Promise<{ readonly ladders: number[]; readonly median: number }> {
  const found: number[] = [];
  for (let ladder = 1; ladder <= ladders; ladder++) {
    const { density } = await findKnee({
      evaluate: async (vnodes) => ({ seeds: [await margins(vnodes, ladder)] }),
      ...{ lowest: step, highest, start, step, resolution: RESOLUTION, sections: 1, rounds: ROUNDS },
    });
    found.push(density);
  }
  return { ladders: found, median: quantile(found, 0.5) };
}
