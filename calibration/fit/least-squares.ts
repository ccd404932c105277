// Weighted nonlinear least squares: Levenberg and Marquardt's damped steps within bounds, with derivatives by finite
// differences that can be taken in parallel.

import { Matrix, QrDecomposition } from 'ml-matrix';

/** One number to be found. All in the same unit; the fit itself is indifferent to which. */
export interface FitParameter {
  readonly name: string;
  readonly start: number;
  readonly low: number;
  readonly high: number;
  /** Finite difference to each side; absent: for functions that are exact to the last digits. */
  readonly step?: number;
}

export interface FitProblem {
  readonly parameters: readonly FitParameter[];
  /**
   * Residuals at each of several points, each residual divided by its standard error. All points are asked for at
   * once, so that they can be computed side by side.
   */
  residuals(points: readonly (readonly number[])[]): Promise<readonly (readonly number[])[]>;
}

/** Both rules are relative, so that units and sizes do not matter. */
export interface StoppingRules {
  /** A step that promises and brings less than this share of the sum of squares ends the fit. */
  readonly reduction: number;
  /** So does one that moves less than this share of the parameters, scaled as the steps are. */
  readonly movement: number;
  readonly iterations: number;
  /**
   * `fresh`: finite differences after every step. `updated`: each step corrects them by what it showed,
   * and they are taken afresh when a step fails and before the fit may end; for models that take long. Where they
   * begin to one side, those to both sides are taken once.
   */
  readonly derivatives: 'fresh' | 'updated';
  /** To both sides of a point, or to one: half the points; then to both sides where that leads no further. */
  readonly differences: 'central' | 'forward';
}

export const EXACT: StoppingRules = {
  reduction: 1e-14,
  movement: 1e-12,
  iterations: 2000,
  derivatives: 'fresh',
  differences: 'central',
};

export interface LeastSquaresFit {
  readonly values: readonly number[];
  /** Weighted, at `values`. */
  readonly residuals: readonly number[];
  /** One row a residual, one column a parameter, at `values` or, where they are only corrected, some steps before. */
  readonly jacobian: readonly (readonly number[])[];
  /** Sum of squared residuals. */
  readonly squares: number;
  readonly iterations: number;
  readonly stopped: 'reduction' | 'movement' | 'damping' | 'iterations';
}

/** Third root of the distance of neighbouring numbers: where rounding and curvature of a central difference balance. */
const EXACT_STEP = 6e-6;
/** More damping than this moves nothing any more. */
const MOST_DAMPING = 1e15;
const FIRST_DAMPING = 1e-3;
/** A step is taken when it brings this share of what it promised (Moré, 1978). */
const WORTH_TAKING = 1e-4;

const sumOfSquares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
const usable = (values: readonly number[] | undefined): values is readonly number[] =>
  values?.every(Number.isFinite) ?? false;

/** Where a parameter is moved to, to see what that changes; `above` equals `below` where it is not moved. */
interface Sides {
  readonly above: number;
  readonly below: number;
}

/** Both sides, or upwards alone; downwards where the bound leaves no room above. */
export function sidesOf(
  { low, high, step }: Pick<FitParameter, 'low' | 'high' | 'step'>,
  value: number,
  differences: StoppingRules['differences'],
): Sides {
  const h = step ?? EXACT_STEP * Math.max(Math.abs(value), 1e-8);
  const [above, below] = [Math.min(high, value + h), Math.max(low, value - h)];
  if (differences === 'central') return { above, below };
  return above - value >= value - below ? { above, below: value } : { above: value, below };
}

type Derivatives = (
  x: readonly number[],
  here: readonly number[],
  differences: StoppingRules['differences'],
) => Promise<number[][]>;

/** Takes derivatives; those to both sides of where they were last taken to one ask for the other side alone. */
function derivativesOf({ parameters, residuals }: FitProblem): Derivatives {
  let place: readonly number[] = [];
  const known = new Map<string, readonly number[] | undefined>();
  return async (x, here, differences) => {
    if (x !== place) known.clear();
    place = x;
    const sides = parameters.map((parameter, j) => sidesOf(parameter, x[j] as number, differences));
    const points = sides.flatMap(({ above, below }, j) => [above, below].map((value) => ({ j, value })));
    const keyOf = ({ j, value }: { j: number; value: number }) => `${j} at ${value}`;
    const asked = points.filter((point) => point.value !== x[point.j] && !known.has(keyOf(point)));
    const answers = await residuals(asked.map(({ j, value }) => x.map((old, i) => (i === j ? value : old))));
    for (const [k, point] of asked.entries()) known.set(keyOf(point), answers[k]);
    const seen = points.map((point) => (point.value === x[point.j] ? here : known.get(keyOf(point))));
    return here.map((middle, i) =>
      sides.map(({ above, below }, j) => {
        // A point where the model has no value is replaced by the middle.
        const [up, down] = [seen[2 * j]?.[i] ?? Number.NaN, seen[2 * j + 1]?.[i] ?? Number.NaN];
        const [upper, top] = Number.isFinite(up) ? [up, above] : [middle, x[j] as number];
        const [lower, bottom] = Number.isFinite(down) ? [down, below] : [middle, x[j] as number];
        return top > bottom ? (upper - lower) / (top - bottom) : 0;
      }),
    );
  };
}

/** The step that minimises |r + J s|^2 + damping |D s|^2, over the free parameters only. */
function dampedStep(
  jacobian: readonly (readonly number[])[],
  residuals: readonly number[],
  scale: readonly number[],
  free: readonly number[],
  damping: number,
): number[] {
  const rows = jacobian.map((row) => free.map((j) => row[j] as number));
  const damped = free.map((j, k) => free.map((_, l) => (k === l ? Math.sqrt(damping) * (scale[j] as number) : 0)));
  const left = new Matrix([...rows, ...damped]);
  const right = Matrix.columnVector([...residuals.map((r) => -r), ...free.map(() => 0)]);
  const solution = new QrDecomposition(left).solve(right).to1DArray();
  const step = scale.map(() => 0);
  for (const [k, j] of free.entries()) step[j] = solution[k] as number;
  return step;
}

/**
 * The least change after which the derivatives agree with what the step showed (Broyden, 1965), where they are not nothing
 * (Schubert, 1970): what has no effect on a residual does not get one.
 */
function corrected(
  jacobian: readonly (readonly number[])[],
  step: readonly number[],
  expected: readonly number[],
  shown: readonly number[],
): number[][] {
  return jacobian.map((row, i) => {
    const length = sumOfSquares(step.filter((_, j) => row[j] !== 0));
    if (length === 0) return [...row];
    const missed = ((shown[i] as number) - (expected[i] as number)) / length;
    return row.map((slope, j) => (slope === 0 ? 0 : slope + missed * (step[j] as number)));
  });
}

/** Parameters that are not held at a bound which the sum of squares pushes them against. */
function freeParameters(
  parameters: readonly FitParameter[],
  x: readonly number[],
  jacobian: readonly (readonly number[])[],
  residuals: readonly number[],
): number[] {
  return parameters.flatMap(({ low, high }, j) => {
    const slope = jacobian.reduce((sum, row, i) => sum + (row[j] as number) * (residuals[i] as number), 0);
    const value = x[j] as number;
    const held = (value <= low && slope >= 0) || (value >= high && slope <= 0);
    const flat = jacobian.every((row) => row[j] === 0);
    return held || flat ? [] : [j];
  });
}

/**
 * Finds the parameters with the least sum of squared weighted residuals within their bounds.
 * @throws Error when the model has no value at the start.
 */
export async function leastSquares(
  problem: FitProblem,
  rules: StoppingRules = EXACT,
  onIteration: (iteration: number, squares: number, values: readonly number[]) => void = () => undefined,
): Promise<LeastSquaresFit> {
  const { parameters } = problem;
  let x = parameters.map(({ start, low, high }) => Math.min(high, Math.max(low, start)));
  const [first] = await problem.residuals([x]);
  if (!usable(first)) throw new Error('the model has no value at the start of the fit');
  let residuals = first;
  let squares = sumOfSquares(residuals);
  const derivatives = derivativesOf(problem);
  let jacobian = await derivatives(x, residuals, rules.differences);
  const scale = parameters.map(() => 0);
  let damping = FIRST_DAMPING;
  let growth = 2;
  let fresh = true;
  let { differences } = rules;
  /** As they were last taken: corrections are for steps, and give an effect to what has none. */
  let found = jacobian;
  const renew = async (): Promise<void> => {
    jacobian = await derivatives(x, residuals, differences);
    found = jacobian;
    fresh = true;
  };
  /** Noise in one-sided differences may have ended the search: false once both sides have been looked at. */
  const looksAgain = async (): Promise<boolean> => {
    if (differences === 'central') return false;
    differences = 'central';
    damping = FIRST_DAMPING;
    growth = 2;
    await renew();
    return true;
  };
  const result = async (iterations: number, stopped: LeastSquaresFit['stopped']): Promise<LeastSquaresFit> => {
    if (!fresh) await renew();
    return { values: x, residuals, jacobian: found, squares, iterations, stopped };
  };
  for (let iteration = 1; iteration <= rules.iterations; iteration++) {
    // The largest that each column has been: steps then do not depend on units (Moré, 1978).
    for (const j of scale.keys())
      scale[j] = Math.max(scale[j] as number, Math.sqrt(sumOfSquares(jacobian.map((row) => row[j] as number))));
    const free = freeParameters(parameters, x, jacobian, residuals);
    if (squares === 0 || (free.length === 0 && !(await looksAgain()))) return result(iteration, 'movement');
    if (free.length === 0) continue;
    const step = dampedStep(jacobian, residuals, scale, free, damping);
    const next = parameters.map(({ low, high }, j) =>
      Math.min(high, Math.max(low, (x[j] as number) + (step[j] as number))),
    );
    const taken = next.map((value, j) => value - (x[j] as number));
    const expected = jacobian.map(
      (row, i) => (residuals[i] as number) + row.reduce((sum, slope, j) => sum + slope * (taken[j] as number), 0),
    );
    const promised = squares - sumOfSquares(expected);
    const [there] = await problem.residuals([next]);
    const brought = usable(there) ? squares - sumOfSquares(there) : Number.NEGATIVE_INFINITY;
    const length = (vector: readonly number[]) =>
      Math.sqrt(sumOfSquares(vector.map((v, j) => v * (scale[j] as number))));
    const small = length(taken) <= rules.movement * length(x);
    const little = promised <= rules.reduction * squares && Math.abs(brought) <= rules.reduction * squares;
    if (brought > 0 && brought >= WORTH_TAKING * promised) {
      const shown = there as readonly number[];
      if (rules.derivatives === 'updated') {
        jacobian = corrected(jacobian, taken, expected, shown);
        // Those to both sides are the last that are taken after others: from there on corrected ones will do.
        fresh = differences !== rules.differences;
      }
      x = next;
      residuals = shown;
      squares = sumOfSquares(residuals);
      onIteration(iteration, squares, x);
      if (rules.derivatives === 'fresh') await renew();
      // Nielsen's rule (1999): how much of the promise was kept decides how far to trust the next step.
      const kept = brought / promised;
      const rest = 2 * kept - 1;
      damping = Math.max(1e-15, damping * Math.max(1 / 3, 1 - rest * rest * rest));
      growth = 2;
    } else if (!fresh) {
      // The corrected derivatives led nowhere: only fresh ones tell whether there is anywhere to go.
      await renew();
      continue;
    } else {
      damping *= growth;
      growth *= 2;
    }
    if (!fresh && (little || small)) {
      // Corrected derivatives may promise little where fresh ones promise more.
      await renew();
      continue;
    }
    const over = little ? 'reduction' : small ? 'movement' : damping > MOST_DAMPING ? 'damping' : undefined;
    if (over !== undefined && !(await looksAgain())) return result(iteration, over);
  }
  return result(rules.iterations, 'iterations');
}
