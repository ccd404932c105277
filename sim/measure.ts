// What a run is measured by as it goes: one row of the time series each interval, peaks, and vnodes lost to memory.

import { type CpuSeconds, type MemoryUse, memoryUse, type Series } from '../models/index.js';
import type { Cores } from './cpu/index.js';
import type { Network } from './network/index.js';
import type { Placement } from './placement.js';
import type { EventHandler, Simulator } from './simulator.js';
import type { Workload } from './workloads/index.js';

export class Measure implements EventHandler {
  readonly peakReported: number[];
  readonly peakMemory: MemoryUse[];
  /** Per vnode: its host has memory for it. */
  readonly alive: boolean[];
  private readonly kind: number;
  private readonly containers: number[];
  /** Per host: its vnodes, in order. */
  private readonly vnodesOn: readonly (readonly number[])[];
  private readonly busyBefore: number[];
  private readonly takenBefore: number[];
  private rowAt = 0;
  private readonly rows: {
    -readonly [K in Exclude<keyof Series, 'intervalSeconds' | 'takenCpuPercentByKind'>]: number[];
  } = {
    payloadBytes: [],
    reportedCpuPercent: [],
    takenCpuPercent: [],
    neighbourEntries: [],
    memoryBytes: [],
    completed: [],
  };
  /** Of the first host, like the other rows. */
  private readonly kinds: Record<keyof CpuSeconds, number[]> = {
    softirq: [],
    application: [],
    switching: [],
    wakeup: [],
    background: [],
  };
  private readonly kindsBefore: CpuSeconds = { softirq: 0, application: 0, switching: 0, wakeup: 0, background: 0 };

  constructor(
    private readonly simulator: Simulator,
    private readonly placement: Placement,
    private readonly cores: Cores,
    private readonly network: Network,
    private readonly workload: Workload,
    private readonly interval: number,
    private readonly lose: (vnode: number) => void,
  ) {
    this.kind = simulator.register(this);
    const { hosts, hostOf } = placement;
    const vnodesOn: number[][] = hosts.map(() => []);
    for (const [vnode, host] of hostOf.entries()) vnodesOn[host].push(vnode);
    this.vnodesOn = vnodesOn;
    this.containers = vnodesOn.map((vnodes) => vnodes.length);
    this.alive = hostOf.map(() => true);
    this.peakReported = hosts.map(() => 0);
    this.peakMemory = hosts.map((host) => memoryUse(host, 0, 0));
    this.busyBefore = hosts.map(() => 0);
    this.takenBefore = hosts.map(() => 0);
  }

  start(): void {
    this.limitMemory();
    this.simulator.schedule(this.interval, this.kind, 0);
  }

  handle(): void {
    this.row();
    this.simulator.schedule(this.simulator.now + this.interval, this.kind, 0);
  }

  series(): Series {
    if (this.simulator.now > this.rowAt) this.row();
    return { intervalSeconds: this.interval / 1e9, ...this.rows, takenCpuPercentByKind: this.kinds };
  }

  /** Bytes a host's containers and clients take now. */
  memory(host: number): MemoryUse {
    let clients = 0;
    for (const vnode of this.vnodesOn[host]) if (this.alive[vnode]) clients += this.workload.memory(vnode);
    return memoryUse(this.placement.hosts[host], this.containers[host], clients);
  }

  private row(): void {
    const { simulator, placement, workload, network, rows } = this;
    const elapsed = simulator.now - this.rowAt;
    this.rowAt = simulator.now;
    this.limitMemory();
    for (const host of placement.hosts.keys()) {
      const busy = this.sum(host, (core) => core.busyUntil(simulator.now));
      const taken = this.sum(host, ({ taken: t }) => t.softirq + t.application + t.switching + t.wakeup + t.background);
      const reported = ((busy - this.busyBefore[host]) / elapsed) * 100;
      if (reported > this.peakReported[host]) this.peakReported[host] = reported;
      if (host === 0) {
        rows.reportedCpuPercent.push(round(reported));
        rows.takenCpuPercent.push(round(((taken - this.takenBefore[host]) / elapsed) * 100));
        this.kindsRow(elapsed);
      }
      this.busyBefore[host] = busy;
      this.takenBefore[host] = taken;
    }
    rows.payloadBytes.push(workload.payloadDelivered);
    rows.completed.push(workload.completed);
    rows.neighbourEntries.push(network.resolution.tables[0]?.entries ?? 0);
    rows.memoryBytes.push(this.memory(0).total);
  }

  private kindsRow(elapsed: number): void {
    for (const kind of Object.keys(this.kinds) as (keyof CpuSeconds)[]) {
      const taken = this.sum(0, (core) => core.taken[kind]);
      this.kinds[kind].push(round(((taken - this.kindsBefore[kind]) / elapsed) * 100));
      this.kindsBefore[kind] = taken;
    }
  }

  private sum(host: number, of: (core: Cores['all'][number]) => number): number {
    let sum = 0;
    for (const core of this.cores.coresOf(host)) sum += of(core);
    return sum;
  }

  /** A host out of memory loses the vnode that came last, until the others fit (mm/oom_kill.c takes the youngest of equals). */
  private limitMemory(): void {
    for (const [host, { ideal, memoryBytes }] of this.placement.hosts.entries()) {
      const vnodes = this.vnodesOn[host];
      let use = this.memory(host);
      for (let last = vnodes.length - 1; !ideal && use.total > memoryBytes && last >= 0; last--) {
        const vnode = vnodes[last];
        if (!this.alive[vnode]) continue;
        this.alive[vnode] = false;
        this.containers[host]--;
        this.lose(vnode);
        use = this.memory(host);
      }
      if (use.total > this.peakMemory[host].total) this.peakMemory[host] = use;
    }
  }
}

/** Three decimals are enough for a percentage, and keep records short. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;
