// The door of emu: a scenario in, a run record out, measured on real containers.

export { CannotRun } from './cannot-run.js';
export type { Capabilities } from './capabilities.js';
export { probeCapabilities } from './capabilities.js';
export { type Cleaned, clean } from './cleanup.js';
export { coreTimes } from './core-times.js';
export { type Doctor, diagnose } from './doctor.js';
export { describeEmulation, type EmulationOptions, type EmulationProgress, emulate } from './emulate.js';
export { execIn } from './exec.js';
export { holdFile, releaseFile } from './file-lock.js';
export { type KnownRun, knownRuns } from './journal.js';
export { runId } from './names.js';
export { listen, stolenFromWakers } from './noise.js';
export { type Containers, containersInCgroups, containersOfRun, type Outlook, outlook } from './outlook.js';
export { hostShell, type Shell } from './shell.js';
export { launchIn } from './vnode-programs.js';
