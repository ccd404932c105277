// The door of fit: parameters from observations, and what the observations cannot tell about them.

export { type Bootstrap, bootstrap } from './bootstrap.js';
export { type Covariance, covarianceOf } from './covariance.js';
export { bounded, unbounded } from './huber.js';
export { type Identifiability, identifiability, type Knowledge } from './identifiability.js';
export {
  EXACT,
  type FitParameter,
  type FitProblem,
  type LeastSquaresFit,
  leastSquares,
  type StoppingRules,
  sidesOf,
} from './least-squares.js';
