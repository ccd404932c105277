// Climbing the ladder: every experiment once, then again, then those whose repeats differ most; disturbed runs are
// thrown away and made up for, and a machine that disturbs too many is told so.

import type { RunRecord, Scenario } from '../../models/index.js';
import { metricRules, type ObservedMetric, quantitiesOf } from '../observations/index.js';
import { calmAfter } from './calm.js';
import type { RunEntry } from './run-entry.js';
import type { PlannedExperiment } from './rungs.js';

export interface ClimbOptions {
  /** Repeats of each experiment at least. */
  readonly repeats: number;
  /** Seconds after which no further repeat is started. */
  readonly budget: number;
  /** Runs made earlier, when resuming. */
  readonly before: readonly RunEntry[];
  /** Waits until the machine has been quiet for so many seconds. @throws TooNoisy when it does not become so. */
  readonly quiet: (seconds: number) => Promise<void>;
  /** Waits out a noisy stretch, at the end of which the machine has been quiet for long. @throws TooNoisy when it does not end. */
  readonly respite: () => Promise<void>;
  readonly emulate: (scenario: Scenario, seed: string) => Promise<RunRecord>;
  /** Seconds of a clock that only goes forward. */
  readonly clock: () => number;
  /** After every run, before the next begins. */
  readonly onEntry: (entry: RunEntry, progress: ClimbProgress) => void;
}

export interface ClimbProgress {
  readonly done: number;
  readonly all: number;
  /** Seconds left, from what runs took so far. */
  readonly left: number;
}

/** The machine does not hold still: nothing that is measured on it would mean much. */
export class TooNoisy extends Error {
  override readonly name = 'TooNoisy';
}

/** Runs of one experiment that may be thrown away. */
const ATTEMPTS = 3;
/** Of the latest runs, the share that may have been disturbed. */
const LATEST = 12;
const TOO_MANY = 0.5;
/** Noisy stretches that are waited out; one that begins within so many runs of the last is its going on. */
const STRETCHES = 4;
const SOON = 2 * LATEST;
/** Repeats of one experiment at most. */
const MOST_REPEATS = 5;
/** A mean is narrow enough when its error is below this share of what a model could be off by anyway. */
const NARROW = 0.5;
/** Seconds that a run is expected to take before any has been made. */
const FIRST_GUESS = 5;

const undisturbed = (entries: readonly RunEntry[], id: string): RunEntry[] =>
  entries.filter((entry) => entry.id === id && entry.disturbed.length === 0);

/** Standard error of the mean over what a model could be off by, the worst metric; Infinity before two repeats. */
export function width(entries: readonly RunEntry[]): number {
  const metrics = Object.keys(entries[0]?.quantities ?? {}) as ObservedMetric[];
  if (entries.length < 2) return Number.POSITIVE_INFINITY;
  return Math.max(
    0,
    ...metrics.map((metric) => {
      const values = entries.flatMap(({ quantities }) =>
        quantities[metric] === undefined ? [] : [quantities[metric]],
      );
      if (values.length < 2 || metricRules[metric].allowed === null) return 0;
      const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
      const { floor, floorShare } = metricRules[metric];
      return Math.sqrt(variance / values.length) / Math.hypot(floor, floorShare * middle);
    }),
  );
}

/** The experiment to run next; undefined: enough is known. */
function nextOf(
  experiments: readonly PlannedExperiment[],
  entries: readonly RunEntry[],
  given: ReadonlySet<string>,
  repeats: number,
  inTime: boolean,
): PlannedExperiment | undefined {
  const open = experiments.filter(({ id }) => !given.has(id));
  const made = (id: string) => undisturbed(entries, id).length;
  for (let round = 0; round < (inTime ? repeats : 1); round++) {
    const missing = open.find(({ id }) => made(id) <= round);
    if (missing) return missing;
  }
  if (!inTime) return undefined;
  const wide = open
    .filter(({ id }) => made(id) < MOST_REPEATS)
    .map((experiment) => ({ experiment, width: width(undisturbed(entries, experiment.id)) }))
    .filter((one) => repeats > 1 && one.width > NARROW)
    .sort((a, b) => b.width - a.width);
  return wide[0]?.experiment;
}

/**
 * Runs the experiments and returns every entry, those of before included.
 * @throws TooNoisy; whatever `emulate` throws. Everything that was finished has been told to `onEntry` by then.
 */
export async function climb(experiments: readonly PlannedExperiment[], options: ClimbOptions): Promise<RunEntry[]> {
  const { repeats, budget, before, quiet, respite, emulate, clock, onEntry } = options;
  const entries: RunEntry[] = [...before];
  const given = new Set<string>();
  let begun = clock() - before.reduce((sum, { seconds }) => sum + seconds, 0);
  /** Where the runs begin by which the machine is judged: those made since it was last left alone. */
  let judged = before.length;
  let stretches = 0;
  const made = () => entries.slice(judged);
  for (;;) {
    const elapsed = clock() - begun;
    const experiment = nextOf(experiments, entries, given, repeats, elapsed < budget);
    if (!experiment) return entries;
    await quiet(calmAfter(spoilt(made())));
    const from = clock();
    const attempt = entries.filter(({ id }) => id === experiment.id).length + 1;
    const record = await emulate(experiment.scenario, String(attempt));
    const entry: RunEntry = {
      id: experiment.id,
      quantities: quantitiesOf(record),
      disturbed: [...record.disturbed],
      seconds: clock() - from,
    };
    entries.push(entry);
    const now = made();
    const thrown = now.filter(({ id, disturbed }) => id === experiment.id && disturbed.length > 0).length;
    if (thrown >= ATTEMPTS && undisturbed(entries, experiment.id).length === 0) given.add(experiment.id);
    onEntry(entry, progressOf(experiments, entries, given, repeats, budget - (clock() - begun)));
    const latest = now.slice(-LATEST);
    const share = latest.filter(({ disturbed }) => disturbed.length > 0).length / LATEST;
    if (share <= TOO_MANY) continue;
    if (stretches === STRETCHES || (stretches > 0 && now.length < SOON))
      throw new TooNoisy(
        `${Math.round(share * LATEST)} of the last ${LATEST} runs were disturbed; the last one: ${entry.disturbed.join('; ') || 'not'}`,
      );
    stretches++;
    const left = clock();
    await respite();
    begun += clock() - left;
    judged = entries.length;
    given.clear();
  }
}

/** Disturbed runs at the end. */
const spoilt = (entries: readonly RunEntry[]): number =>
  entries.length - 1 - entries.findLastIndex(({ disturbed }) => disturbed.length === 0);

function progressOf(
  experiments: readonly PlannedExperiment[],
  entries: readonly RunEntry[],
  given: ReadonlySet<string>,
  repeats: number,
  budgetLeft: number,
): ClimbProgress {
  const counted = experiments.filter(({ id }) => !given.has(id));
  const done = counted.reduce((sum, { id }) => sum + Math.min(repeats, undisturbed(entries, id).length), 0);
  const all = counted.length * repeats;
  const each = entries.length > 0 ? entries.reduce((sum, e) => sum + e.seconds, 0) / entries.length : FIRST_GUESS;
  return { done, all, left: Math.max(0, Math.min(Math.max(budgetLeft, 0), (all - done) * each)) };
}
