// The door of calibrate: measuring a machine, fitting a profile to it, and saying what was found.

export {
  checkOwnName,
  fitObservations,
  hasObservations,
  loadObservations,
  saveObservations,
  saveProfile,
} from './fitted.js';
export { CSV_COLUMNS, runsFromCsv } from './import-csv.js';
export { runFromIperf } from './import-iperf.js';
export { importedObservations } from './imported.js';
export { measure } from './measure.js';
export { untilQuiet } from './quiet.js';
export { readReceipt, refined } from './refine.js';
export { calibrationReport, heldOutTable } from './report.js';
export { type CalibrationRun, calibrationRuns } from './run.js';
