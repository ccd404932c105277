// A fidelity metric: one quantity of a run judged against its ideal twin.

export type MetricId =
  | 'goodput'
  | 'completion-mean'
  | 'completion-p95'
  | 'completion-deviation'
  | 'rtt-p99'
  | 'loss'
  | 'lost-vnodes'
  | 'refused-neighbours';

export interface FidelityMetric {
  readonly metric: MetricId;
  /** What is judged: a share of the ideal (goodput), a relative or absolute difference, or a count. */
  readonly value: number;
  /** The bound on `value`, in the same terms: at least (goodput), at most (the others), both ways (deviation). */
  readonly tolerance: number;
  readonly ok: boolean;
  /** 1: as good as ideal (above: better); 0: on the tolerance; negative: broken. */
  readonly margin: number;
  /** What the run and its ideal twin gave, in `unit`. */
  readonly measured: number;
  readonly ideal: number;
  readonly unit: 'bit/s' | 's' | 'share' | 'count';
}

/** A tolerance of nothing still needs a scale for its margin. */
export const bound = (tolerance: number): number => Math.max(tolerance, 1e-6);
