// The door of the host fit: a host's costs from observations, and the profile that comes of it.

export { conformal } from './conformal.js';
export { fitHost, type HostFit, type HostFitOptions, ninety } from './fit-host.js';
export { type ForwardRun, predict } from './forward.js';
export { type HeldOutCheck, type HeldOutMetric, heldOutCheck } from './held-out.js';
export { leafAt } from './leaf.js';
export { fittedProfile, measuredInterference } from './profile.js';
export { type Compared, modelError } from './residuals.js';
export { startingProfile } from './starting-profile.js';
