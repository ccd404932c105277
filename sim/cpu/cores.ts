// The cores of all hosts: each does one thing at a time. Packet work (softirq) goes before tasks until it has had a
// core for 2 ms while tasks wait; from then on ksoftirqd shares the core with them like any other task, alone where
// kernels wait for it, else until an interrupt brings more packet work (kernel/softirq.c). Tasks share by least virtual
// runtime, and pay for every switch.

import type { Host } from '../../models/index.js';
import { randomStream } from '../random.js';
import type { EventHandler, Simulator } from '../simulator.js';
import type { Application, Tasks } from '../transport.js';
import { Core, DOING, KSOFTIRQD, NO_TASK } from './core.js';
import { Governor } from './governor.js';
import { Pace } from './pace.js';
import type { PacketWork } from './packet-work.js';
import { SpreadAtOnce } from './spread-at-once.js';
import { SpreadByLoad } from './spread-by-load.js';
import type { Movable, Spreading } from './spreading.js';

/** kernel/softirq.c: MAX_SOFTIRQ_TIME. */
const SOFTIRQ_STRETCH = 2_000_000;
/** A waking task takes the core from a running one that is ahead by more than this (kernel/sched/fair.c). */
const WAKEUP_GRANULARITY = 1_000_000;
const NICE_0_SHARES = 1024;

export class Cores implements EventHandler, Tasks, Movable {
  readonly all: Core[] = [];
  /** The core whose work is being carried out right now; -1 outside. */
  current = -1;
  private readonly kind: number;
  /** A task of an ideal host has slept. */
  private readonly rousing: number;
  private readonly ofHost: Core[][] = [];
  private readonly spreading: Spreading[] = [];
  private readonly tasksOn: number[] = [];
  private work: PacketWork | undefined;
  private application: Application | undefined;
  /** Per task: the core it last ran on (-1: a host without costs), shares, and what it is about. */
  private readonly home: number[] = [];
  private readonly shares: number[] = [];
  private readonly pinned: boolean[] = [];
  private readonly owner: number[] = [];
  private readonly fixedWork: number[] = [];
  private readonly runtime: number[] = [];
  private readonly leftAt: number[] = [];
  private readonly remaining: number[] = [];
  private readonly runnable: boolean[] = [];
  private readonly again: boolean[] = [];
  private readonly woken: boolean[] = [];
  private readonly stopped: boolean[] = [];
  /** CPU ns at full clock each task got. */
  readonly got: number[] = [];

  /** @param seed names the streams of cores that others use, too. */
  constructor(
    private readonly simulator: Simulator,
    private readonly seed = '',
  ) {
    this.kind = simulator.register(this);
    this.rousing = simulator.register({ handle: (task) => this.wake(task) });
  }

  connect(work: PacketWork, application: Application): void {
    this.work = work;
    this.application = application;
  }

  /** The cores of a host; none for an ideal one. Returns the host's index here. */
  addHost(host: Host): number {
    const cores: Core[] = [];
    const governor = new Governor(host.cpu.lowestClock);
    for (let i = 0; i < (host.ideal ? 0 : host.cores); i++) {
      const id = this.all.length;
      const pace = new Pace(host.sharedCores, randomStream(this.seed, `pace/${id}`));
      const core = new Core(id, this.ofHost.length, host, governor, pace);
      this.all.push(core);
      cores.push(core);
    }
    this.tasksOn.push(0);
    const Spread = host.kernel.spreadsByLoad ? SpreadByLoad : SpreadAtOnce;
    this.spreading.push(new Spread(cores, this));
    return this.ofHost.push(cores) - 1;
  }

  coresOf(host: number): readonly Core[] {
    return this.ofHost[host] as Core[];
  }

  /**
   * A task on `host`; the first ones are the vnodes' applications, in order, so that they share the vnodes' numbers.
   * `owner` >= 0: the vnode whose application says what it costs; otherwise `fixedWork` ns each
   * time. Pinned tasks stay on the host's first core.
   */
  addTask(host: number, owner: number, fixedWork = 0, shares = NICE_0_SHARES, pinned = false): number {
    const cores = this.ofHost[host] as Core[];
    const task = this.home.length;
    const onHost = this.tasksOn[host]++;
    if (cores.length === 0) this.home.push(-1);
    else this.home.push((pinned ? cores[0] : this.spreading[host].first(onHost)).id);
    this.shares.push(shares);
    this.pinned.push(pinned);
    this.owner.push(owner);
    this.fixedWork.push(fixedWork);
    this.runtime.push(0);
    this.leftAt.push(Number.NEGATIVE_INFINITY);
    this.remaining.push(0);
    this.runnable.push(false);
    this.again.push(false);
    this.woken.push(false);
    this.stopped.push(false);
    this.got.push(0);
    return task;
  }

  /** Is there packet work to pay for on this vnode's host? */
  homeCore(task: number): number {
    return this.home[task];
  }

  /** Packet work for a core; it starts at once unless other packet work is before it. */
  raise(coreId: number, item: number): void {
    const core = this.all[coreId] as Core;
    core.softirqs.push(item);
    // An interrupt on top of a task, or the end of a task's own system call, does all packet work there is.
    if (core.deferring && core.task !== KSOFTIRQD && !core.host.kernel.softirqsWait) core.deferring = false;
    if (core.doing === DOING.nothing) this.next(core);
    else if (core.doing === DOING.task && !core.deferring) {
      this.preempt(core);
      this.next(core);
    }
  }

  /** Packet work to be done after what `core` is at: at once, or by ksoftirqd where a task is to have an idle core. */
  leave(core: Core, item: number): void {
    core.left.push(item);
  }

  wake(task: number): void {
    if (this.stopped[task]) return;
    const home = this.home[task];
    if (home < 0) {
      this.runOnIdealHost(task);
      return;
    }
    if (this.runnable[task]) {
      this.again[task] = true;
      return;
    }
    this.runnable[task] = true;
    this.woken[task] = true;
    const core = this.place(task, this.all[home] as Core);
    // A sleeper is let in no further back than half a latency behind the queue (place_entity).
    const floor = core.minimumRuntime - core.host.kernel.schedulingLatency / 2;
    if (this.runtime[task] < floor) this.runtime[task] = floor;
    core.waiting.push(task, this.runtime[task]);
    core.wakeups++;
    if (core.doing === DOING.nothing) this.next(core);
    else if (core.doing === DOING.task && this.mayPreempt(core, task)) {
      this.preempt(core);
      this.next(core);
    } else if (core.doing === DOING.task) this.endSlice(core);
  }

  sleep(task: number, until: number): void {
    const home = this.home[task];
    if (home < 0) this.simulator.schedule(until, this.rousing, task);
    else (this.work as PacketWork).sleep(task, home, until);
  }

  /** The task is gone: it never runs again. */
  stop(task: number): void {
    this.stopped[task] = true;
  }

  handle(id: number): void {
    const core = this.all[id] as Core;
    const { now } = this.simulator;
    if (core.due !== now) return;
    core.due = -1;
    if (core.doing === DOING.softirq) {
      core.account(now);
      core.doing = DOING.finishing;
      this.current = id;
      (this.work as PacketWork).finish(core.item, id);
      this.current = -1;
      core.doing = DOING.nothing;
    } else if (core.doing === DOING.task) this.taskStops(core);
    this.next(core);
  }

  private runOnIdealHost(task: number): void {
    const owner = this.owner[task];
    if (owner < 0) return;
    if (this.runnable[task]) {
      this.again[task] = true;
      return;
    }
    const application = this.application as Application;
    this.runnable[task] = true;
    do {
      this.again[task] = false;
      application.begin(owner);
      if (application.finish(owner)) this.again[task] = true;
    } while (this.again[task]);
    this.runnable[task] = false;
  }

  private place(task: number, home: Core): Core {
    const waker = this.current < 0 ? undefined : this.all[this.current];
    const spreading = this.spreading[home.hostIndex] as Spreading;
    return spreading.place(task, home, waker?.hostIndex === home.hostIndex ? waker : undefined, this.simulator.now);
  }

  private mayPreempt(core: Core, task: number): boolean {
    if (!core.host.kernel.wakeupPreemption || core.task === task) return false;
    const elapsed = ((this.simulator.now - core.since) * NICE_0_SHARES) / this.shares[core.task];
    return this.runtime[core.task] + elapsed > this.runtime[task] + WAKEUP_GRANULARITY;
  }

  /** Takes the running task off the core; it keeps what it has not done yet. */
  private preempt(core: Core): void {
    this.charge(core);
    // Work that ends this very instant still has its end to come.
    if (this.remaining[core.task] < 1) this.remaining[core.task] = 1;
    core.due = -1;
    core.doing = DOING.nothing;
    this.goesOn(core, core.task);
  }

  /** The task wants the core again: at once while its slice lasts, where it may keep the core, else in its turn. */
  private goesOn(core: Core, task: number): void {
    const { wakeupPreemption, minimumGranularity } = core.host.kernel;
    if (!wakeupPreemption && core.sliceUsed < minimumGranularity) core.held = task;
    else this.enqueue(task, core);
  }

  /** Accounts the running task's time up to now. */
  private charge(core: Core): void {
    const { task } = core;
    core.account(this.simulator.now);
    core.sliceUsed += core.spentWall;
    this.leftAt[task] = this.simulator.now;
    this.runtime[task] += (core.spentWall * NICE_0_SHARES) / this.shares[task];
    this.remaining[task] -= core.spentWork;
    this.got[task] += core.spentWork;
  }

  /** A task's event: its work is done, or its slice is over. */
  private taskStops(core: Core): void {
    const { task } = core;
    this.charge(core);
    core.doing = DOING.nothing;
    if (this.remaining[task] >= 1) {
      this.goesOn(core, task);
      return;
    }
    this.remaining[task] = 0;
    const owner = this.owner[task];
    this.again[task] = false;
    if (owner >= 0) {
      core.doing = DOING.finishing;
      this.current = core.id;
      if ((this.application as Application).finish(owner)) this.again[task] = true;
      this.current = -1;
      core.doing = DOING.nothing;
    }
    if (this.again[task]) this.goesOn(core, task);
    else this.runnable[task] = false;
  }

  /** Gives the core its next thing to do. */
  next(core: Core): void {
    const { now } = this.simulator;
    core.governor.sample(now, this.ofHost[core.hostIndex] as Core[]);
    this.spreading[core.hostIndex].balance(core, now);
    if (core.softirqs.length === 0 && core.left.length > 0) this.takeUp(core);
    if (core.softirqs.length > 0 && !core.deferring) {
      if (core.stretchSince < 0) core.stretchSince = now;
      if (now - core.stretchSince <= SOFTIRQ_STRETCH || !core.wanted) {
        this.runSoftirq(core, core.started ? 0 : core.host.cpu.softirqStart);
        return;
      }
      core.deferring = true;
      if (!core.threadWaits) this.wakeThread(core);
    }
    core.stretchSince = -1;
    core.started = false;
    const task = this.choose(core);
    if (task === NO_TASK) core.rest(now);
    else if (task !== KSOFTIRQD) this.runTask(core, task);
    else {
      core.threadWaits = false;
      core.deferring = core.softirqs.length > 0;
      if (core.deferring) this.runDeferred(core);
      else this.next(core);
    }
  }

  /** What was left for after the packet work: ksoftirqd's, where a task is to have the core first (handle_softirqs). */
  private takeUp(core: Core): void {
    while (core.left.length > 0) core.softirqs.push(core.left.shift());
    if (core.yields && !core.threadWaits) {
      this.wakeThread(core);
      core.deferring = true;
    }
  }

  /** Takes the task that is held, else the one in the queue whose turn it is. */
  private choose(core: Core): number {
    const { held } = core;
    core.held = NO_TASK;
    if (held !== NO_TASK) return held;
    core.sliceUsed = 0;
    if (core.waiting.length === 0) this.spreading[core.hostIndex].fetch(core);
    if (core.waiting.length === 0) return NO_TASK;
    const least = core.waiting.leastRuntime;
    if (least > core.minimumRuntime) core.minimumRuntime = least;
    return core.waiting.pop();
  }

  private runSoftirq(core: Core, start: number): void {
    core.item = core.softirqs.shift();
    const work = this.work as PacketWork;
    const interrupt = work.inInterrupt(core.item);
    if (!interrupt) core.started = true;
    const cost = (interrupt ? 0 : start) + work.start(core.item, core.id);
    core.begin(DOING.softirq, KSOFTIRQD, false, this.simulator.now, cost);
    this.schedule(core, core.costLeft);
  }

  /** ksoftirqd's turn: one item, after which it goes on like any task. */
  private runDeferred(core: Core): void {
    this.runSoftirq(core, 0);
    const wall = core.due - this.simulator.now;
    core.ksoftirqdRuntime += wall;
    core.sliceUsed += wall;
    core.threadWaits = true;
    this.goesOn(core, KSOFTIRQD);
  }

  private wakeThread(core: Core): void {
    if (core.ksoftirqdRuntime < core.minimumRuntime) core.ksoftirqdRuntime = core.minimumRuntime;
    core.threadWaits = true;
    this.enqueue(KSOFTIRQD, core);
  }

  private runTask(core: Core, task: number): void {
    if (this.remaining[task] < 1) {
      const owner = this.owner[task];
      const work = owner >= 0 ? (this.application as Application).begin(owner) : this.fixedWork[task];
      this.remaining[task] = work < 1 ? 1 : work;
    }
    core.begin(DOING.task, task, this.owner[task] < 0, this.simulator.now, this.remaining[task]);
    this.home[task] = core.id;
    core.switchLeft += this.woken[task] ? core.host.cpu.taskWake : 0;
    this.woken[task] = false;
    const rest = core.waiting.length === 0 ? core.costLeft : Math.min(core.costLeft, this.slice(core));
    this.schedule(core, Math.min(rest, (core.steadyUntil - this.simulator.now) * core.rate));
  }

  /** How long a task may run while others wait (sched_slice). */
  private slice(core: Core): number {
    const { schedulingLatency, minimumGranularity, wakeupPreemption } = core.host.kernel;
    const fair = schedulingLatency / (core.waiting.length + 1);
    const whole = fair > minimumGranularity ? fair : minimumGranularity;
    return wakeupPreemption ? whole : Math.max(1, whole - core.sliceUsed);
  }

  /** A task that ran alone has company now: its slice ends. */
  private endSlice(core: Core): void {
    const end = core.since + Math.round(this.slice(core));
    const { now } = this.simulator;
    if (core.due <= end || core.due <= now) return;
    core.due = end > now ? end : now + 1;
    this.simulator.schedule(core.due, this.kind, core.id);
  }

  private schedule(core: Core, cost: number): void {
    const wall = Math.max(1, Math.round(cost / core.rate));
    core.due = this.simulator.now + wall;
    this.simulator.schedule(core.due, this.kind, core.id);
  }

  mayMove(task: number): boolean {
    return task !== KSOFTIRQD && !this.pinned[task];
  }

  ranAt(task: number): number {
    return this.leftAt[task];
  }

  shift(task: number, by: number): void {
    this.runtime[task] += by;
  }

  enqueue(task: number, core: Core): void {
    core.waiting.push(task, task === KSOFTIRQD ? core.ksoftirqdRuntime : this.runtime[task]);
  }
}
