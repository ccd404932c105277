// Named random streams: each entity draws from its own, so one more peer shifts nobody's draws.

import seedrandom from 'seedrandom';

export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
}

/** The stream that (seed, run, name) names. */
export function randomStream(seed: string, name: string): RandomStream {
  const generator = seedrandom.alea(`${seed}/${name}`);
  return {
    uniform: () => generator.double(),
    below: (bound) => Math.floor(generator.double() * bound),
  };
}
