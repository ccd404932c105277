// Verifying a plan: the planned density and one step to each side for real, beside what the simulator and the baselines
// predict there, and on request the knee itself.

import { fidelity, type ToleranceDocument, toleranceSchema } from '../../calibration/index.js';
import { hostProfileSchema, type Scenario, scenarioSchema, type Technology } from '../../models/index.js';
import { baselinesFor } from '../baselines/index.js';
import { enlarged, type PlanDocument, type Question, rounded, stepOf } from '../planner/index.js';
import type { SharedRuns } from '../shared-runs.js';
import { compared } from './compared.js';
import { comparedWithBaselines } from './compared-with-baselines.js';
import { measured, type RealRun } from './measured.js';
import { predicted } from './predicted.js';
import { realKnees } from './real-knee.js';
import type { Receipt, ReceiptDensity, ReceiptKnee } from './receipt-document.js';

export interface Verification {
  /** Real runs of each density. */
  readonly repeats: number;
  /** Ladders of real runs for the knee; 0: it is not measured. */
  readonly ladders: number;
  readonly run: RealRun;
  readonly runs: SharedRuns;
  readonly phase: (text: string) => void;
}

/** What a receipt says of where it was written. */
export type Written = Pick<Receipt, 'machine' | 'kernel' | 'measuredAt' | 'version' | 'command'>;

/** One step: a tenth of the density. */
const STEP_SHARE = 0.1;
/** A knee may be this share of itself off, or one step of vnodes. */
const KNEE_OFF = 0.1;
/** No ladder goes further above the predicted knee. */
const FURTHEST = 3;

/** The question that the plan answered. */
export function questionOf(plan: PlanDocument): Question {
  return {
    scenario: scenarioSchema.parse(plan.scenario),
    profile: hostProfileSchema.parse(plan.profile),
    technology: plan.technology as Technology,
    vnodes: plan.vnodes,
    seed: plan.seed,
    tolerances: toleranceSchema.parse(plan.tolerances satisfies ToleranceDocument),
    whole: true,
  };
}

/** The planned density, and a step below and above it; the lowest is one step of vnodes. */
export function densitiesAbout(planned: number, step: number): { vnodes: number; step: ReceiptDensity['step'] }[] {
  const whole = Math.max(step, Math.floor(planned / step) * step);
  const away = Math.max(step, Math.round((STEP_SHARE * whole) / step) * step);
  return [
    ...(whole - away >= step ? [{ vnodes: whole - away, step: 'below' as const }] : []),
    { vnodes: whole, step: 'planned' },
    { vnodes: whole + away, step: 'above' },
  ];
}

const warningsOf = ({ profile }: Question, machine: string): string[] => {
  const { calibration, name } = profile;
  if (!calibration) return [`${name} was not calibrated: what is measured here is another machine`];
  return calibration.machine === machine
    ? []
    : [`${name} was calibrated on ${calibration.machine}, this is ${machine}`];
};

async function measuredKnee(
  question: Question,
  plan: PlanDocument,
  { ladders, run, runs, phase }: Verification,
): Promise<ReceiptKnee> {
  const step = stepOf(question.scenario.workload);
  const { knee: foreseen } = plan.answer;
  const margins = async (vnodes: number, ladder: number) => {
    phase(`ladder ${ladder} of ${ladders}: ${vnodes} vnodes for real`);
    const scenario = enlarged(question.scenario, question.vnodes, vnodes);
    const { twins } = await predicted(question, scenario, runs);
    const { records } = await measured((one, seed, quiet) => run(one, `${ladder}.${seed}`, quiet), scenario, 1);
    const metrics = fidelity(records, twins, question.tolerances);
    return Object.fromEntries(metrics.map(({ metric, margin }) => [metric, margin]));
  };
  const start = Math.max(step, Math.round(foreseen.value / step) * step);
  const found = await realKnees({ margins, start, step, highest: FURTHEST * start }, ladders);
  const off = (foreseen.value - found.median) / Math.max(step, found.median);
  return {
    predicted: foreseen,
    ladders: found.ladders,
    measured: found.median,
    inside: found.median >= foreseen.low && found.median <= foreseen.high,
    off,
    ok: Math.abs(off) <= KNEE_OFF || Math.abs(foreseen.value - found.median) <= step,
  };
}

/** @throws TooNoisy, CannotRun; Interrupted when `runs` were stopped. */
export async function verify(plan: PlanDocument, how: Verification, written: Written): Promise<Receipt> {
  const begun = performance.now();
  const question = questionOf(plan);
  const { scenario: asked, profile, technology, tolerances, vnodes: range } = question;
  const baselines = await baselinesFor({ scenario: asked, profile, technology, goodput: tolerances.goodput });
  const densities: ReceiptDensity[] = [];
  for (const { vnodes, step } of densitiesAbout(plan.answer.vnodesPerHost.value, stepOf(asked.workload))) {
    const scenario: Scenario = enlarged(asked, range, vnodes);
    // First what is predicted: nothing that is measured can change it.
    how.phase(`${vnodes} vnodes, simulated`);
    const before = await predicted(question, scenario, how.runs);
    how.phase(`${vnodes} vnodes for real`);
    const after = await measured(how.run, scenario, how.repeats);
    densities.push(compared(question, { vnodes, step, scenario }, before, after, baselines));
  }
  const knee = how.ladders > 0 ? await measuredKnee(question, plan, how) : null;
  return rounded({
    ...{ format: 'rangefit/receipt' as const, formatVersion: 1 as const },
    host: plan.host,
    ...written,
    seed: plan.seed,
    question: plan.command ?? `${plan.vnodes} vnodes of ${asked.name} on ${plan.host}`,
    warnings: warningsOf(question, written.machine),
    densities,
    knee,
    comparisons: comparedWithBaselines(densities, knee, baselines),
    seconds: (performance.now() - begun) / 1000,
    ok: densities.every(({ rows }) => rows.every((row) => row.ok)) && (knee?.ok ?? true),
  });
}
