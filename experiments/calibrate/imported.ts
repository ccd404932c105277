// Imported runs as observations: rows of the same experiment are its repeats.

import {
  deliveredMetric,
  type Machine,
  type Observations,
  observed,
  type PlannedExperiment,
  type Quantities,
  type RunEntry,
} from '../../calibration/index.js';
import { InputError, type ScenarioDocument, scenarioSchema } from '../../models/index.js';
import { check, parseDocument } from '../documents/index.js';
import { type Setting, withSettings } from '../settings.js';

/** One run that somebody measured elsewhere. */
export interface ImportedRun {
  /** File and line, for what is wrong with it. */
  readonly where: string;
  readonly workload: ScenarioDocument['workload'];
  readonly link: object;
  readonly network: object;
  readonly heldOut: boolean;
  readonly quantities: Quantities;
}

function plannedFor(run: ImportedRun, settings: readonly Setting[], index: number): PlannedExperiment {
  const id = `import-${index + 1}`;
  const document = { name: id, workload: run.workload, link: run.link, network: run.network };
  const located = parseDocument(`${id}.json`, JSON.stringify(document));
  try {
    const scenario = check(withSettings(located, scenarioSchema, settings), scenarioSchema, 'scenario');
    return { id, rung: 'imported', scenario, heldOut: run.heldOut, quick: false };
  } catch (error) {
    // The scenario was made from the row: that is where the mistake is.
    if (error instanceof InputError && error.where.startsWith(id))
      throw new InputError(run.where, error.expected, error.found);
    throw error;
  }
}

/** What can be measured of a workload, and predicted for it. */
const MEASURED: Readonly<Record<string, readonly string[]>> = {
  pairs: ['cpu', 'rate', 'rtt'],
  idle: ['cpu', 'memory', 'kernelMemory', 'setup'],
};

function checkMeasured({ where, workload, quantities }: ImportedRun): void {
  const known = MEASURED[workload.kind] ?? [];
  for (const name of Object.keys(quantities))
    if (!known.includes(name)) throw new InputError(where, `${known.join(', ')} of ${workload.kind}`, name);
}

/** @param settings of `scenario.*`, for what the measurements do not tell, such as a shaper. @throws InputError. */
export function importedObservations(
  name: string,
  machine: Machine,
  runs: readonly ImportedRun[],
  settings: readonly Setting[],
): Observations {
  if (runs.length === 0) throw new InputError('import', 'at least one run', 'none');
  const planned = new Map<string, PlannedExperiment>();
  const entries = runs.map((run): RunEntry => {
    checkMeasured(run);
    const experiment = plannedFor(run, settings, planned.size);
    const { name: _own, ...same } = experiment.scenario;
    const key = JSON.stringify({ ...same, heldOut: experiment.heldOut });
    const known = planned.get(key) ?? experiment;
    planned.set(key, known);
    const { rate, ...rest } = run.quantities;
    const delivered = rate === undefined ? {} : { [deliveredMetric(experiment.scenario)]: rate };
    return { id: known.id, quantities: { ...rest, ...delivered }, disturbed: [], seconds: 0 };
  });
  return {
    format: 'rangefit/observations',
    formatVersion: 1,
    name,
    machine,
    measuredAt: 'elsewhere',
    versions: {},
    origin: 'import',
    experiments: observed([...planned.values()], entries),
  };
}
