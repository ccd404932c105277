// One core: what it does now, what waits for it, and where its time went.

import type { CpuSeconds, Host } from '../../models/index.js';
import { Cache } from './cache.js';
import type { Governor } from './governor.js';
import type { Pace } from './pace.js';
import { PendingTimers } from './pending-timers.js';
import { RunQueue } from './run-queue.js';
import { WorkQueue } from './work-queue.js';

export const DOING = { nothing: 0, softirq: 1, task: 2, finishing: 3 } as const;

/** The task number of every core's ksoftirqd. */
export const KSOFTIRQD = -1;
export const NO_TASK = -2;

export class Core {
  doing: number = DOING.nothing;
  /** When the present work will be done; events at other times are stale. */
  due = -1;
  /** When it began, ns. */
  since = 0;
  item = 0;
  task = KSOFTIRQD;
  readonly softirqs = new WorkQueue();
  /** Packet work that comes after all of `softirqs`: tasklets. */
  readonly left = new WorkQueue();
  readonly waiting = new RunQueue();
  minimumRuntime = 0;
  ksoftirqdRuntime = 0;
  /** Packet work is left to ksoftirqd. */
  deferring = false;
  /** ksoftirqd is in the run queue, or held. */
  threadWaits = false;
  /** Goes on once packet work is done, for its slice is not over; where waking tasks do not take the core from it. */
  held: number = NO_TASK;
  /** Wall ns that the present or held task has had of its slice. */
  sliceUsed = 0;
  /** It runs a task, or carries out what the task's work was for. */
  inTask = false;
  stretchSince = -1;
  /** Packet work has started in this stretch, which costs. */
  started = false;
  /** Timers that are due before, ns, are served by an interrupt that has begun. */
  timersUntil = 0;
  readonly timers = new PendingTimers();
  /** Runnable tasks, averaged; wall ns in which it had some, since the last average; when it next evens out loads, ns. */
  load = 0;
  taskTime = 0;
  balancesAt = 0;
  /** Cost at full clock still to be paid for the present work: leaving idle, switching, the work itself. */
  wakeupLeft = 0;
  switchLeft = 0;
  workLeft = 0;
  /** What the last `account` found: wall ns, and work done in ns at full clock. */
  spentWall = 0;
  spentWork = 0;
  contextSwitches = 0;
  wakeups = 0;
  /** ns by kind, at full clock of the core as it is, and busy wall ns. */
  readonly taken: CpuSeconds = { softirq: 0, application: 0, switching: 0, wakeup: 0, background: 0 };
  busy = 0;
  busyAtSample = 0;
  /** When it became idle, ns; -1: it is not. */
  private restingSince = 0;
  private background = false;
  private lastTask = Number.NaN;
  /** What the kernel takes for running: the idle task too. */
  private current: number = NO_TASK;
  private readonly cache: Cache;

  constructor(
    readonly id: number,
    readonly hostIndex: number,
    readonly host: Host,
    readonly governor: Governor,
    private readonly pace: Pace,
  ) {
    this.cache = new Cache(host.cpu.cache, host.cpu.workingSet);
  }

  /** No task has it or wants it. Packet work interrupts the idle task, which still counts as idle (idle_cpu). */
  get idle(): boolean {
    return !this.inTask && !this.wanted;
  }

  /** The kernel takes the idle task for running, and packet work on top of it for its own. */
  get idling(): boolean {
    return this.current === NO_TASK;
  }

  /** The idle task is to go: packet work on top of it ends as soon as there is a choice (need_resched). */
  get yields(): boolean {
    return this.idling && this.wanted;
  }

  /** Idle, and not for so long that it is the hypervisor's; one that does packet work has its processor. */
  available(now: number): boolean {
    if (!this.idle) return false;
    const { virtual, cpu } = this.host;
    return !virtual || this.restingSince < 0 || now - this.restingSince < cpu.deepIdleAfter;
  }

  /** A task would have it at once if there were no packet work. */
  get wanted(): boolean {
    return this.waiting.length > 0 || this.held !== NO_TASK;
  }

  /** Tasks that have the core or want it. */
  get runnable(): number {
    return this.waiting.length + (this.inTask || this.held !== NO_TASK ? 1 : 0);
  }

  /** `item` is being worked on. */
  get inPacketWork(): boolean {
    return this.doing === DOING.softirq;
  }

  /** Busy wall ns up to now, the present work included. */
  busyUntil(now: number): number {
    return this.doing === DOING.softirq || this.doing === DOING.task ? this.busy + now - this.since : this.busy;
  }

  /** Starts work of `cost` ns (at full clock) for a task, or for packets (KSOFTIRQD). */
  begin(doing: number, task: number, background: boolean, now: number, cost: number): void {
    this.pace.follow(now);
    this.doing = doing;
    this.inTask = doing === DOING.task || this.deferring;
    this.since = now;
    this.wakeupLeft = this.restingSince < 0 ? 0 : this.exitCost(now - this.restingSince);
    this.restingSince = -1;
    this.switchLeft = 0;
    this.workLeft = cost;
    this.background = background;
    if (doing === DOING.task || this.deferring) this.switchTo(task);
    this.task = task;
  }

  /** Work at full clock done in a ns: less at a lower clock, and where others slow the core. */
  get rate(): number {
    return this.governor.clock * this.pace.speed;
  }

  /** When the rate may change in the midst of work, ns. */
  get steadyUntil(): number {
    return this.pace.until;
  }

  get costLeft(): number {
    return this.wakeupLeft + this.switchLeft + this.workLeft;
  }

  /** Accounts the time since the present work began, or since the last call. */
  account(now: number): void {
    const wall = now - this.since;
    this.since = now;
    this.busy += wall;
    if (this.inTask || this.wanted) this.taskTime += wall;
    let cost = wall * this.rate;
    const { taken } = this;
    // Whoever has a slowed core has it for longer, as the kernel accounts it.
    const { speed } = this.pace;
    const wakeup = cost < this.wakeupLeft ? cost : this.wakeupLeft;
    this.wakeupLeft -= wakeup;
    taken.wakeup += wakeup / speed;
    cost -= wakeup;
    const switching = cost < this.switchLeft ? cost : this.switchLeft;
    this.switchLeft -= switching;
    taken.switching += switching / speed;
    cost -= switching;
    this.workLeft -= cost;
    const lasted = cost / speed;
    if (this.doing === DOING.softirq) taken.softirq += lasted;
    else if (this.background) taken.background += lasted;
    else taken.application += lasted;
    this.spentWall = wall;
    this.spentWork = cost;
  }

  /** Nothing to do until something is raised or woken. */
  rest(now: number): void {
    this.doing = DOING.nothing;
    this.inTask = false;
    if (this.restingSince < 0) this.restingSince = now;
    this.becomes(NO_TASK);
  }

  private exitCost(idle: number): number {
    const { idleExit, deepIdleExit, deepIdleAfter } = this.host.cpu;
    return idle >= deepIdleAfter ? deepIdleExit : idleExit;
  }

  /** Counts switches as the kernel does: to and from the idle task as well, though what ran last finds its cache warm. */
  private becomes(task: number): void {
    if (task === this.current) return;
    this.current = task;
    this.contextSwitches++;
  }

  private switchTo(task: number): void {
    this.becomes(task);
    if (task === this.lastTask) return;
    this.lastTask = task;
    const { cpu } = this.host;
    this.switchLeft = cpu.contextSwitch + (task === KSOFTIRQD ? 0 : this.cache.enter(task) * cpu.refillPerByte);
  }
}
