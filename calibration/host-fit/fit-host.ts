// Fitting a host: its costs by running the simulator against the observations, with what is known of them before as
// further observations, and everything that the fit can say about itself.

import { type HostProfile, resolveHost, type Technology } from '../../models/index.js';
import { mean, quantile } from '../distribution.js';
import {
  type Bootstrap,
  bootstrap,
  bounded,
  type Covariance,
  covarianceOf,
  type FitParameter,
  type Identifiability,
  identifiability,
  type LeastSquaresFit,
  type StoppingRules,
  sidesOf,
  unbounded,
} from '../fit/index.js';
import { normalQuantile } from '../normal.js';
import type { Experiment, ObservedMetric, Quantities } from '../observations/index.js';
import { fitApart } from './apart.js';
import { conformal } from './conformal.js';
import { type FittedCost, FURTHEST, fittedCosts, hostAt } from './cost.js';
import { type ForwardRun, predict } from './forward.js';
import {
  type Compared,
  isFitted,
  modelFloor,
  residualsOf,
  standardError,
  type Target,
  targetsOf,
} from './residuals.js';

export interface HostFitOptions {
  readonly seed: string;
  /** Bootstrap draws. */
  readonly draws?: number;
  /** For observations of one repeat each: one simulated run of each, and fewer steps. */
  readonly quick?: boolean;
  readonly onProgress?: (text: string) => void;
}

export interface HostFit {
  readonly costs: readonly FittedCost[];
  /** In standard errors before the fit, from where each cost started. */
  readonly fit: LeastSquaresFit;
  readonly covariance: Covariance;
  readonly bootstrap: Bootstrap;
  readonly identifiability: Identifiability;
  /** Every observation, fitted ones and held-out ones. */
  readonly compared: readonly Compared[];
  /** By metric: the model's own standard error over its floor. */
  readonly stretch: Readonly<Partial<Record<ObservedMetric, number>>>;
  /** Largest difference between the linearised model of the bootstrap and the simulator, in standard errors. */
  readonly surrogateError: number;
}

/** Simulations differ by a little whatever is changed, so neither rule asks for more than shows. */
const RULES: StoppingRules = {
  reduction: 1e-2,
  movement: 1e-2,
  iterations: 40,
  derivatives: 'updated',
  differences: 'forward',
};
const QUICK_ITERATIONS = 15;
/** Finite difference, in standard errors before the fit: large beside what runs differ by on their own. */
const STEP = 0.7;
const DRAWS = 400;
/**
 * All costs over where they start. A machine is slower than usual as a whole before it is so in one way or another, and from
 * far off the search may end where no saturated run is left that tells what packets cost.
 */
const FACTORS = [1, 0.5, 2, 4];
/** A model is never believed to be better than this share of its floor. */
const LEAST_STRETCH = 0.4;

/**
 * Fits the profile's costs to the experiments that are not held out.
 * @throws Error when none can be fitted.
 */
export async function fitHost(
  profile: HostProfile,
  technology: Technology,
  experiments: readonly Experiment[],
  run: ForwardRun,
  { seed, draws = DRAWS, quick = false, onProgress = () => undefined }: HostFitOptions,
): Promise<HostFit> {
  const targets = targetsOf(experiments).filter(isFitted);
  const fitted = experiments.filter((experiment) => targets.some((target) => target.experiment === experiment));
  if (targets.length === 0) throw new Error('no observation to fit');
  const costs = fittedCosts(
    profile,
    technology,
    fitted.map(({ scenario }) => scenario),
  );
  const predictAll = async (these: readonly Experiment[], z: readonly number[]): Promise<Map<string, Quantities>> => {
    const all = these.map(async (experiment) => {
      // Costs are averages over both speeds of cores that others use, too.
      const host = { ...resolveHost(profile, technology, experiment.scenario.limits), sharedCores: undefined };
      const there = hostAt(host, costs, z, experiment.scenario);
      return [experiment.id, await predict(run, experiment, there, seed, quick ? 1 : undefined)] as const;
    });
    return new Map(await Promise.all(all));
  };
  const parameters = costs.map(({ name }) => ({ name, start: 0, low: -FURTHEST, high: FURTHEST, step: STEP }));
  onProgress(`${costs.length} costs to ${targets.length} observations: first derivatives`);
  const fit = await fitApart(
    {
      ...{ parameters, starts: FACTORS.map((factor) => allTimes(costs, factor)), targets, predict: predictAll },
      onStep: (step, off) => onProgress(`step ${step}: residuals of ${off.toFixed(2)} standard errors`),
    },
    quick ? { ...RULES, iterations: QUICK_ITERATIONS } : RULES,
  );

  const stretch = stretchOf(targets, fit);
  const reweighted = reweigh(targets, fit, stretch);
  const covariance = covarianceOf(reweighted, 'at least given');
  const groupOf = [...targets.map(({ experiment }) => experiment.id), ...costs.map(() => null)];
  onProgress('bootstrap and held-out experiments');
  const resampled = bootstrap(parameters, reweighted, groupOf, draws, seed);
  const known = identifiability(
    costs.map(({ name }) => name),
    reweighted.jacobian.slice(0, targets.length),
    covariance,
  );
  const surrogateError = await surrogateCheck(resampled, fit, async (z) => {
    return [...residualsOf(targets, await predictAll(fitted, z)).map(bounded), ...z];
  });
  const told = await compareAll(experiments, parameters, fit.values, covariance, stretch, predictAll);
  const compared = conformal(told);
  return { costs, fit, covariance, bootstrap: resampled, identifiability: known, compared, stretch, surrogateError };
}

/** In standard errors before the fit, within the bounds. */
const allTimes = (costs: readonly FittedCost[], factor: number): number[] =>
  costs.map(({ spread }) => Math.max(-FURTHEST, Math.min(FURTHEST, Math.log(factor) / spread)));

/** Per metric, how far the residuals are from what measurement and floor explain: the root of their mean square. */
function stretchOf(targets: readonly Target[], fit: LeastSquaresFit): Partial<Record<ObservedMetric, number>> {
  const squares = new Map<ObservedMetric, number[]>();
  for (const [i, target] of targets.entries()) {
    const off = unbounded(fit.residuals[i] as number) * standardError(target);
    const own = Math.max(0, off * off - target.error * target.error);
    const floor = modelFloor(target);
    squares.set(target.metric, [...(squares.get(target.metric) ?? []), own / (floor * floor)]);
  }
  const entries = [...squares].map(([metric, all]) => [metric, Math.max(LEAST_STRETCH, Math.sqrt(mean(all)))]);
  return Object.fromEntries(entries) as Partial<Record<ObservedMetric, number>>;
}

/** The fit with its observations weighted by what the model turned out to be worth; the priors keep their weight. */
function reweigh(
  targets: readonly Target[],
  fit: LeastSquaresFit,
  stretch: Readonly<Partial<Record<ObservedMetric, number>>>,
): LeastSquaresFit {
  const weights = fit.residuals.map((_, i) => {
    const target = targets[i];
    return target ? standardError(target) / standardError(target, stretch) : 1;
  });
  const residuals = fit.residuals.map((value, i) => value * (weights[i] as number));
  const jacobian = fit.jacobian.map((row, i) => row.map((value) => value * (weights[i] as number)));
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  return { ...fit, residuals, jacobian, squares };
}

/** The draws furthest out along the first parameter, simulated: how far the linear model is from the simulator there. */
async function surrogateCheck(
  { draws }: Bootstrap,
  { values, residuals, jacobian }: LeastSquaresFit,
  simulated: (z: readonly number[]) => Promise<number[]>,
): Promise<number> {
  const distance = (draw: readonly number[]) =>
    draw.reduce((sum, value, j) => sum + (value - (values[j] as number)) ** 2, 0);
  const sorted = [...draws].sort((a, b) => distance(a) - distance(b));
  const draw = sorted[Math.floor(0.9 * (sorted.length - 1))];
  if (!draw) return 0;
  const there = await simulated(draw);
  const errors = there.map((value, i) => {
    const linear = (jacobian[i] as readonly number[]).reduce(
      (sum, slope, j) => sum + slope * ((draw[j] as number) - (values[j] as number)),
      residuals[i] as number,
    );
    return Math.abs(value - linear);
  });
  return quantile(errors, 0.95);
}

type PredictAll = (these: readonly Experiment[], z: readonly number[]) => Promise<Map<string, Quantities>>;

async function compareAll(
  experiments: readonly Experiment[],
  parameters: readonly FitParameter[],
  z: readonly number[],
  covariance: Covariance,
  stretch: Readonly<Partial<Record<ObservedMetric, number>>>,
  predictAll: PredictAll,
): Promise<Compared[]> {
  const targets = targetsOf(experiments);
  const sides = parameters.map((parameter, j) => sidesOf(parameter, z[j] as number, RULES.differences));
  const moved = (j: number, value: number) => z.map((old, k) => (k === j ? value : old));
  const middle = await predictAll(experiments, z);
  const beside = await Promise.all(
    sides.map(async ({ above, below }, j) => ({
      above: above === z[j] ? middle : await predictAll(experiments, moved(j, above)),
      below: below === z[j] ? middle : await predictAll(experiments, moved(j, below)),
    })),
  );
  return targets.flatMap((target) => {
    const at = (seen: Map<string, Quantities> | undefined) => seen?.get(target.experiment.id)?.[target.metric];
    const predicted = at(middle);
    if (predicted === undefined) return [];
    const slopes = sides.map(({ above, below }, j) => {
      const difference = (at(beside[j]?.above) ?? predicted) - (at(beside[j]?.below) ?? predicted);
      return above > below ? difference / (above - below) : 0;
    });
    let variance = 0;
    for (const [j, row] of covariance.matrix.entries())
      for (const [k, value] of row.entries()) variance += (slopes[j] as number) * value * (slopes[k] as number);
    const spread = Math.hypot(Math.sqrt(Math.max(0, variance)), standardError(target, stretch));
    return [{ target, predicted, spread }];
  });
}

/** 5 % and 95 % points of a normal about `value`. */
export const ninety = (value: number, error: number): { low: number; high: number } => {
  const reach = normalQuantile(0.95) * error;
  return { low: value - reach, high: value + reach };
};
