// Two fits instead of one: what room costs (memory, set-up) shows in other metrics than what work costs, so neither has to
// wait for the other's steps, and simulated runs of work say nothing of room.

import { bounded, type FitParameter, type LeastSquaresFit, leastSquares, type StoppingRules } from '../fit/index.js';
import type { Experiment, ObservedMetric, Quantities } from '../observations/index.js';
import { isOfRoom } from './cost.js';
import { residualsOf, type Target } from './residuals.js';

/** Metrics that costs of room show in. */
const ROOM_METRICS: ReadonlySet<ObservedMetric> = new Set(['memory', 'kernelMemory', 'setup']);

export interface ApartProblem {
  readonly parameters: readonly FitParameter[];
  /** Points of which the best is where the fit begins; one at least. */
  readonly starts: readonly (readonly number[])[];
  readonly targets: readonly Target[];
  /** By experiment; all parameters are given. */
  readonly predict: (
    experiments: readonly Experiment[],
    values: readonly number[],
  ) => Promise<ReadonlyMap<string, Quantities>>;
  readonly onStep: (step: number, rootMeanSquare: number) => void;
}

/**
 * Least squares of the targets' residuals, bounded, and of the parameters, each in standard errors; as if of one fit, with no
 * derivatives of metrics of room by costs of work and the other way round.
 */
export async function fitApart(
  { parameters, starts, targets, predict, onStep }: ApartProblem,
  rules: StoppingRules,
): Promise<LeastSquaresFit> {
  const values = parameters.map(({ start }) => start);
  const residuals = [...targets.map(() => 0), ...values];
  const jacobian = residuals.map((_, i) => parameters.map((_, j): number => (i - targets.length === j ? 1 : 0)));
  const ends: Pick<LeastSquaresFit, 'iterations' | 'stopped'>[] = [];
  for (const room of [true, false]) {
    const columns = [...parameters.keys()].filter((j) => isOfRoom(parameters[j]?.name ?? '') === room);
    const rows = [...targets.keys()].filter((i) => ROOM_METRICS.has(targets[i]?.metric as ObservedMetric) === room);
    const seen = rows.map((i) => targets[i] as Target);
    const experiments = [...new Set(seen.map(({ experiment }) => experiment))];
    if (columns.length === 0) continue;
    const at = async (point: readonly number[]) => {
      const predicted = await predict(experiments, placed(values, columns, point));
      return [...residualsOf(seen, predicted).map(bounded), ...point];
    };
    const residualsAt = (points: readonly (readonly number[])[]) => Promise.all(points.map(at));
    const start = await best(
      starts.map((point) => columns.map((j) => point[j] as number)),
      residualsAt,
    );
    const fit = await leastSquares(
      {
        parameters: columns.map((j, k) => ({ ...(parameters[j] as FitParameter), start: start[k] as number })),
        residuals: residualsAt,
      },
      rules,
      (step, squares) => onStep(step, Math.sqrt(squares / Math.max(1, rows.length))),
    );
    const theirs = [...rows, ...columns.map((j) => targets.length + j)];
    for (const [k, j] of columns.entries()) values[j] = fit.values[k] as number;
    for (const [k, i] of theirs.entries()) {
      residuals[i] = fit.residuals[k] as number;
      jacobian[i] = placed(jacobian[i] as number[], columns, fit.jacobian[k] as readonly number[]);
    }
    ends.push(fit);
  }
  const squares = residuals.reduce((sum, one) => sum + one * one, 0);
  const iterations = ends.reduce((sum, one) => sum + one.iterations, 0);
  return { values, residuals, jacobian, squares, iterations, stopped: ends.at(-1)?.stopped ?? 'movement' };
}

/** The point with the least sum of squared residuals, of those at which the model has a value. */
async function best(
  points: readonly (readonly number[])[],
  residualsAt: (points: readonly (readonly number[])[]) => Promise<readonly (readonly number[])[]>,
): Promise<readonly number[]> {
  const squares = (await residualsAt(points))
    .map((all) => all.reduce((sum, one) => sum + one * one, 0))
    .map((sum) => (Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum));
  return points[squares.indexOf(Math.min(...squares))] as readonly number[];
}

/** The vector with `point` at `columns`. */
function placed(vector: readonly number[], columns: readonly number[], point: readonly number[]): number[] {
  const there = [...vector];
  for (const [k, j] of columns.entries()) there[j] = point[k] as number;
  return there;
}
