// Tasks spread as on Linux 6.6 and later (kernel/sched/fair.c). A waking task goes where it last ran or where it is woken;
// other idle cores are looked for only while the host is not busy (SIS_UTIL). Every few ms when idle, and every 16 ms times
// their number when busy, cores even out their loads (sched_balance_domains); one that has tasks waiting at its tick has
// the idle ones, which have no tick, do so at once (nohz_balancer_kick). A core that has just run out of tasks fetches
// none: in traces of Linux 6.18 under pairs it did in 0 to 4 % of the cases in which one waited on the other core.

import { type Core, DOING } from './core.js';
import { fullest, type Movable, type Spreading } from './spreading.js';

/** How often loads are averaged, and an idle core looks for tasks, ns: the tick at 250 Hz. */
const TICK = 4_000_000;
/** Of the averages, ns: they forget half in 32 ms (kernel/sched/pelt.c). */
const TIME_CONSTANT = 46_166_241;
/** A busy core looks at the others after this times their number, ns (sd_init: busy_factor). */
const BUSY_INTERVAL = 16_000_000;
/** A core has too much when it has this many times another's load (imbalance_pct). */
const IMBALANCE = 1.17;
/** Who left a core so lately is left where its cache is, ns (sysctl_sched_migration_cost). */
const CACHE_HOT = 500_000;

export class SpreadByLoad implements Spreading {
  /** Share of the cores' time that tasks had, averaged as the kernel does. */
  private utilisation = 0;
  private averagedAt = 0;
  /** When a core with tasks waiting next kicks the idle ones, ns. */
  private kicksAt = 0;

  constructor(
    private readonly cores: readonly Core[],
    private readonly tasks: Movable,
  ) {}

  /**
   * The two ends of a pair start on one core, pairs on one after the other: traced on Linux 6.18 with two cores, a pair's client,
   * server and shaper timer were on one core in all of ten runs of one pair, three seconds after its start.
   */
  first(index: number): Core {
    return this.cores[(index >> 1) % this.cores.length];
  }

  place(task: number, home: Core, waker: Core | undefined, now: number): Core {
    if (!this.tasks.mayMove(task)) return home;
    // What nobody wakes was woken by a timer of its own core, whose interrupt that core has taken.
    const free = waker === undefined ? home.idle : home.available(now);
    const target = waker === undefined || waker === home ? home : nearWaker(home, waker, free);
    const open = target === home ? free : target.idle;
    const core = open ? target : free ? home : this.idleBeside(target, now);
    this.tasks.shift(task, core.minimumRuntime - home.minimumRuntime);
    return core;
  }

  fetch(): void {}

  balance(core: Core, now: number): void {
    this.average(now);
    if (core.runnable > 1 && now >= this.kicksAt) this.kick(now);
    if (now < core.balancesAt) return;
    core.balancesAt = now + (core.idle ? TICK : BUSY_INTERVAL * this.cores.length);
    const from = fullest(this.cores, core);
    if (!from) return;
    const tooMuch = from.load > IMBALANCE * core.load && from.load >= core.load + 1;
    if (core.idle || tooMuch) this.pull(from, core, now);
  }

  /** Has idle cores even out loads now. */
  private kick(now: number): void {
    this.kicksAt = now + TICK;
    for (const core of this.cores) {
      if (!core.idle) continue;
      core.balancesAt = now;
      if (core.doing === DOING.nothing) this.tasks.next(core);
    }
  }

  /** An idle core among the next ones, or `core`: the busier the host, the fewer are looked at (update_idle_cpu_scan). */
  private idleBeside(core: Core, now: number): Core {
    const { cores, utilisation } = this;
    const looked = Math.floor(cores.length * (1 - (IMBALANCE * utilisation) ** 2));
    const first = core.id - cores[0].id;
    for (let i = 1; i <= looked; i++) {
      const next = cores[(first + i) % cores.length];
      if (next.available(now)) return next;
    }
    return core;
  }

  private pull(from: Core, to: Core, now: number): void {
    const { tasks } = this;
    const task = from.waiting.take((waiting) => tasks.mayMove(waiting) && now - tasks.ranAt(waiting) >= CACHE_HOT);
    if (task === undefined) return;
    tasks.shift(task, to.minimumRuntime - from.minimumRuntime);
    tasks.enqueue(task, to);
  }

  private average(now: number): void {
    const elapsed = now - this.averagedAt;
    if (elapsed < TICK) return;
    this.averagedAt = now;
    const x = elapsed / TIME_CONSTANT;
    // exp(-x) to a ten-thousandth at a tick, and nothing of the past after a long time.
    const kept = 1 / (1 + x + (x * x) / 2);
    let taskTime = 0;
    for (const core of this.cores) {
      taskTime += core.taskTime;
      core.taskTime = 0;
      core.load = kept * core.load + (1 - kept) * core.runnable;
    }
    this.utilisation = kept * this.utilisation + ((1 - kept) * taskTime) / (elapsed * this.cores.length);
  }
}

/**
 * Of where it last ran (`free`: idle) and where it is woken: the core on which packet work that interrupts the idle task wakes
 * it, unless its own is free, too, or more than one is woken there (wake_affine_idle); else its own. Traced on Linux 6.18 with two
 * cores: of 61,000 wakes on top of a task of what had last run on the other core, 93 % let it stay there.
 */
const nearWaker = (home: Core, waker: Core, free: boolean): Core =>
  waker.idling && waker.waiting.length <= 1 && !free ? waker : home;
