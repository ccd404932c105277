// A study: quick answers to many requests, each asked once, kept in a run folder as they come.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { resolveHost } from '../../models/index.js';
import { Interrupted } from '../interrupted.js';
import { type PlanRequest, plan, type QuickAnswer, quickAnswer } from '../planner/index.js';
import type { Runs } from '../pool.js';
import type { RunFolder } from '../run-folder.js';
import { SharedRuns } from '../shared-runs.js';
import type { DesignPoint } from './design.js';
import { answerSchema } from './sweep-document.js';

const intervalSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/** What a full plan says: of a change, or of a fleet, with what each kind of host holds in its order. */
const confirmedSchema = z.strictObject({
  vnodesPerHost: intervalSchema,
  hosts: intervalSchema,
  fits: z.boolean(),
  each: z.array(intervalSchema),
});
export type Confirmed = z.output<typeof confirmedSchema>;

/** One line of the run folder: an answer under the name of its job. */
export const studyEntry = z.strictObject({
  job: z.string(),
  answer: answerSchema.optional(),
  confirmed: confirmedSchema.optional(),
});
export type StudyEntry = z.output<typeof studyEntry>;

/** Vnodes of records kept for points that share their runs: some tens of megabytes. */
const KEPT_VNODES = 40_000;
/** Points at a time: enough that no thread waits at the end of one's rounds. */
const AT_ONCE = 4;

/** Everything an answer follows from, in a few characters; equal for equal requests. */
export function nameOf(request: PlanRequest, more: unknown = null): string {
  const { scenario, vnodes, seed, tolerances, whole = false, fleet = null, lab } = request;
  const declared = lab ? [lab.vnodes.map(({ memory, cpu }) => [memory, cpu])] : [];
  const hosts = request.hosts.map(({ profile, technology }) => [
    resolveHost(profile, technology, scenario.limits),
    profile,
  ]);
  const inputs = JSON.stringify(
    [scenario, hosts, vnodes, seed, tolerances, whole, fleet, more, ...declared],
    (_key, value) => (value === Number.POSITIVE_INFINITY ? 'infinite' : value),
  );
  return createHash('sha256').update(inputs).digest('hex').slice(0, 32);
}

const neighbourOf = (like: QuickAnswer | undefined) =>
  like && { knee: like.idleKnee ?? like.knee, firstLook: like.firstLook };

/** A quick answer's name: where its search began belongs to it. */
const jobOf = (request: PlanRequest, like: QuickAnswer | undefined): string =>
  nameOf(request, neighbourOf(like) ?? null);

export class Study {
  /** Points answered, those of them that the folder held, and points asked for: for whoever shows progress. */
  finished = 0;
  known = 0;
  asked = 0;
  private readonly kept = new Map<string, StudyEntry>();
  private readonly runs: SharedRuns;

  /** Begins with what the folder holds already. @throws InputError when its records are damaged. */
  constructor(
    runs: Runs,
    private readonly folder: Pick<RunFolder<unknown, StudyEntry>, 'entries' | 'add'>,
    private readonly phase: (text: string) => void,
  ) {
    this.runs = new SharedRuns(runs, KEPT_VNODES);
    for (const entry of folder.entries()) this.kept.set(entry.job, entry);
  }

  /** The answer for the request's first host. */
  async answer(request: PlanRequest, like?: QuickAnswer): Promise<QuickAnswer> {
    const job = jobOf(request, like);
    const known = this.kept.get(job)?.answer;
    if (known) return known;
    const answer = await quickAnswer(this.runs, request, neighbourOf(like), this.phase);
    this.keep({ job, answer });
    return answer;
  }

  /** A full plan: from scratch, with intervals. */
  async confirm(request: PlanRequest): Promise<Confirmed> {
    const job = nameOf(request, 'plan');
    const known = this.kept.get(job)?.confirmed;
    if (known) return known;
    const { answer, fits, alternatives } = await plan(request, this.runs, this.phase);
    const each = alternatives.map(({ vnodesPerHost }) => vnodesPerHost);
    const confirmed = { vnodesPerHost: answer.vnodesPerHost, hosts: answer.hosts, fits, each };
    this.keep({ job, confirmed });
    return confirmed;
  }

  /**
   * Answers to all points, in their order. Each begins where the one before it in the design ended, whoever is
   * finished first, so that the answers do not depend on the number of workers.
   * @param design with each point the one that it begins from.
   */
  async answers(
    design: readonly DesignPoint[],
    requestOf: (point: DesignPoint) => PlanRequest,
    base: QuickAnswer,
  ): Promise<QuickAnswer[]> {
    const answers = this.recalled(design, requestOf, base);
    const waiting = new Set(design.filter(({ index }) => !answers.has(index)));
    const running = new Map<number, Promise<void>>();
    this.asked = design.length;
    this.known = answers.size;
    this.finished = answers.size;
    let failure: unknown;
    while (failure === undefined && (waiting.size > 0 || running.size > 0)) {
      for (const point of waiting) {
        if (running.size >= AT_ONCE) break;
        const { index, before } = point;
        const like = before === null ? base : answers.get(before);
        if (!like) continue;
        waiting.delete(point);
        const done = this.answer(requestOf(point), like).then(
          (answer) => {
            answers.set(index, answer);
            this.finished++;
            running.delete(index);
          },
          (error: unknown) => {
            // An interruption ends the others too: the first reason is what counts.
            if (failure === undefined || failure instanceof Interrupted) failure = error;
            running.delete(index);
          },
        );
        running.set(index, done);
      }
      await Promise.race(running.values());
    }
    if (failure !== undefined) {
      await Promise.all(running.values());
      throw failure;
    }
    return design.map(({ index }) => answers.get(index) as QuickAnswer);
  }

  /** The points that the folder holds, each with the one that it began from. */
  private recalled(
    design: readonly DesignPoint[],
    requestOf: (point: DesignPoint) => PlanRequest,
    base: QuickAnswer,
  ): Map<number, QuickAnswer> {
    const answers = new Map<number, QuickAnswer>();
    for (const point of design) {
      const like = point.before === null ? base : answers.get(point.before);
      const answer = like && this.kept.get(jobOf(requestOf(point), like))?.answer;
      if (answer) answers.set(point.index, answer);
    }
    return answers;
  }

  private keep(entry: StudyEntry): void {
    this.folder.add(entry);
    this.kept.set(entry.job, entry);
  }
}
