// The door of emu: a scenario in, a run record out, measured on real containers.

export { CannotRun } from './cannot-run.js';
export type { Capabilities } from './capabilities.js';
export { probeCapabilities } from './capabilities.js';
