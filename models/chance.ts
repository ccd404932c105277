// Where a model leaves a choice to chance: the draws come in from outside, so that the rules stay pure.

export interface Chance {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
}

/** In place, Fisher and Yates. */
export function shuffle<T>(items: T[], chance: Pick<Chance, 'below'>): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = chance.below(i + 1);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

/**
 * A standard exponential variate by comparisons alone (von Neumann, 1951), so that its last bits are the same in every
 * engine, which a logarithm's need not be.
 */
export function exponential(random: Pick<Chance, 'uniform'>): number {
  for (let whole = 0; ; whole++) {
    const first = random.uniform();
    let last = first;
    let run = 1;
    for (let next = random.uniform(); next < last; next = random.uniform()) {
      last = next;
      run++;
    }
    if (run % 2 === 1) return whole + first;
  }
}
