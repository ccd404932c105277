// A row: one published figure, what it takes to get it from the simulator, and how close that has to be.

import type { Tolerances } from '../../calibration/index.js';
import type { Host, HostProfile, LimitsMode, RunRecord, Scenario, Technology } from '../../models/index.js';
import type { SimulationOptions } from '../../sim/index.js';
import type { Runs } from '../pool.js';

/**
 * F: a profile may be fitted to it, so it is never a check. C: a check, and nothing may be fitted to it.
 * I: follows from the inputs by arithmetic or construction, so it must hold and checks nothing either.
 */
export type Use = 'F' | 'C' | 'I';

/** What a row may ask of the world. Runs asked for twice are run once. */
export interface StudyContext {
  readonly seed: string;
  /** A host of the catalogue by name. @throws InputError when there is none, or not with this technology. */
  host(name: string, technology?: Technology, limits?: LimitsMode): Host;
  profile(name: string, technology?: Technology): HostProfile;
  run(scenario: Scenario, host: Host, options?: StudyOptions): Promise<RunRecord>;
  /** For real, in containers on this machine. @throws NotHere where that cannot be. */
  emulate(scenario: Scenario): Promise<RunRecord>;
  /** Of fidelity against ideal twins: the defaults, unless the user moved them for all rows. */
  readonly tolerances: Tolerances;
  readonly runs: Runs;
}

export interface StudyOptions extends Pick<SimulationOptions, 'window' | 'seriesInterval' | 'perHost'> {
  /** Another stream of randomness than the study's own. */
  readonly seed?: string;
}

export interface Finding {
  /** What the simulator gives, in the words and units of the expected figure. */
  readonly got: string;
  /** Distance from the expected figure, a share of it or in `errorUnit`; null where a shape is expected. */
  readonly error: number | null;
  readonly errorUnit?: string;
  readonly ok: boolean;
  /** The numbers behind it, for fits. */
  readonly values?: Readonly<Record<string, number>>;
}

interface Figure {
  readonly id: string;
  readonly use: Use;
  /** What the source says, in a few words. */
  readonly claim: string;
  readonly expected: string;
  readonly tolerance: string;
}

export interface CoveredRow extends Figure {
  /** How the figure is taken from runs, where that is not obvious. */
  readonly method?: string;
  /** Why it misses, as far as known; shown when it does. */
  readonly cause?: string;
  /** It measures: it is run by itself, after everything that only simulates. */
  readonly emulated?: true;
  readonly run: (context: StudyContext) => Finding | Promise<Finding>;
}

/** This machine cannot measure what a row asks for; the row is skipped. */
export class NotHere extends Error {}

export interface UncoveredRow extends Figure {
  readonly uncovered: string;
}

export type Row = CoveredRow | UncoveredRow;

export const isCovered = (row: Row): row is CoveredRow => 'run' in row;
