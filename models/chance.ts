// Where a model leaves a choice to chance: the draws come in from outside, so that the rules stay pure.

export interface Chance {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
}
