// Explorations: plans being made for the pages that watch them. Pages with the same state watch the same plan.

import { scenarioSchema } from '../../models/index.js';
import { failureOf } from '../exit-codes.js';
import { Interrupted } from '../interrupted.js';
import type { Environment } from '../places.js';
import { planRequest } from '../plan-request.js';
import { type PlanDocument, plan, type SoFar, type TestedDensity, things } from '../planner/index.js';
import type { RecentRuns } from './recent-runs.js';
import { commandFor, type State } from './state.js';

/** What is known of a plan so far. */
export interface Progress {
  readonly command: string;
  readonly doing: string;
  readonly asked: number;
  readonly finished: number;
  /** What the workload's users count, and how many vnodes each is. */
  readonly counted: { readonly word: string; readonly each: number };
  /** Of the first host, by density. */
  readonly densities: readonly TestedDensity[];
  /** What those say, until the plan is made. */
  readonly soFar?: SoFar;
  readonly document?: PlanDocument;
  /** One line; the plan cannot be made. */
  readonly failure?: string;
}

export type Listener = (progress: Progress) => void;

/** Plans that are kept when nobody watches them any longer. */
const KEPT = 30;
/** ms: a page that is loaded again comes back within this time. */
const GRACE = 2000;

class Exploration {
  readonly listeners = new Set<Listener>();
  readonly stop = new AbortController();
  progress: Progress;
  over = false;
  private leaving: NodeJS.Timeout | undefined;

  constructor(command: string) {
    this.progress = {
      command,
      doing: 'the start',
      asked: 0,
      finished: 0,
      counted: { word: 'vnode', each: 1 },
      densities: [],
    };
  }

  tell(change: Partial<Progress>): void {
    this.progress = { ...this.progress, ...change };
    this.over ||= this.progress.document !== undefined || this.progress.failure !== undefined;
    for (const listener of this.listeners) listener(this.progress);
  }

  join(listener: Listener): void {
    clearTimeout(this.leaving);
    this.listeners.add(listener);
    listener(this.progress);
  }

  /** @param forget called when the plan was given up. */
  leave(listener: Listener, forget: () => void): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0 || this.over) return;
    this.leaving = setTimeout(() => {
      this.stop.abort();
      forget();
    }, GRACE);
    this.leaving.unref();
  }
}

export class Explorations {
  private readonly known = new Map<string, Exploration>();

  constructor(
    private readonly runs: RecentRuns,
    private readonly environment: Environment,
  ) {}

  /** Tells of the plan for this state, at once and with every change. @returns how to stop listening. */
  watch(state: State, listener: Listener): () => void {
    const command = commandFor(state);
    const exploration = this.known.get(command) ?? this.begin(state, command);
    exploration.join(listener);
    return () =>
      exploration.leave(listener, () => {
        if (this.known.get(command) === exploration) this.known.delete(command);
      });
  }

  /** The finished plan for this state, if there is one. */
  document(state: State): PlanDocument | undefined {
    return this.known.get(commandFor(state))?.progress.document;
  }

  /** Gives everything up. */
  end(): void {
    for (const { stop } of this.known.values()) stop.abort();
  }

  private begin(state: State, command: string): Exploration {
    const exploration = new Exploration(command);
    this.known.set(command, exploration);
    for (const [oldest, { over, listeners }] of this.known) {
      if (this.known.size <= KEPT) break;
      if (over && listeners.size === 0) this.known.delete(oldest);
    }
    void this.explore(exploration, state);
    return exploration;
  }

  private async explore(exploration: Exploration, state: State): Promise<void> {
    const runs = this.runs.for(exploration.stop.signal);
    const counted = () => ({ asked: runs.asked, finished: runs.finished });
    const seen: TestedDensity[] = [];
    let first: string | undefined;
    try {
      // A watcher joins before anything is told, a mistake in the input included.
      await Promise.resolve();
      const request = planRequest({ ...state, command: exploration.progress.command }, this.environment);
      exploration.tell({ counted: things({ scenario: scenarioSchema.encode(request.scenario) }) });
      const document = await plan(
        request,
        runs,
        (doing) => exploration.tell({ doing, ...counted() }),
        (host, density, soFar) => {
          first ??= host;
          if (host !== first) return;
          seen.push(density);
          seen.sort((a, b) => a.vnodesPerHost - b.vnodesPerHost);
          exploration.tell({ densities: [...seen], soFar, ...counted() });
        },
      );
      exploration.tell({ document, densities: document.method.densities, ...counted() });
    } catch (error) {
      if (error instanceof Interrupted) return;
      exploration.tell({ failure: failureOf(error).message.trim() });
    }
  }
}
