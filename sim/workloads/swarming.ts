// The swarm as a workload of a run: BitTorrent clients, their milestones, and how each vnode fared.

import type { VnodeRecord } from '../../models/index.js';
import type { Simulator } from '../simulator.js';
import { Swarm, type SwarmSetting } from './swarm/index.js';
import type { VnodeOutcome, Workload } from './workload.js';

export class Swarming implements Workload {
  readonly swarm: Swarm;
  private readonly simulator: Simulator;
  private readonly leechers: number;
  private readonly peaks: number[];

  constructor(setting: SwarmSetting) {
    this.swarm = new Swarm(setting);
    this.simulator = setting.simulator;
    this.leechers = setting.members.filter(({ role }) => role === 'leecher').length;
    this.peaks = setting.members.map(() => 0);
  }

  get payloadDelivered(): number {
    return this.swarm.payloadHeldTotal;
  }

  get completed(): number {
    return this.leechers - this.unfinished;
  }

  /** Those among them that left with less than everything, or were lost. */
  get unfinished(): number {
    return this.swarm.unfinished + this.swarm.abandoned;
  }

  start(): void {
    this.swarm.start();
  }

  /** The host lost this vnode. */
  lose(vnode: number): void {
    this.swarm.lose(vnode);
  }

  begin(vnode: number): number {
    return this.swarm.begin(vnode);
  }

  finish(vnode: number): boolean {
    return this.swarm.finish(vnode);
  }

  outcome(vnode: number): VnodeOutcome {
    const { role, startedAt, completedAt, leftAt, sent, received, milestones } = this.swarm.result(vnode);
    const leecher = role === 'leecher';
    const end = completedAt >= 0 ? completedAt : leftAt >= 0 ? leftAt : this.simulator.now;
    return {
      role: role as VnodeRecord['role'],
      sent,
      received,
      startedAt: startedAt < 0 ? null : startedAt / 1e9,
      completedAt: leecher && completedAt >= 0 ? completedAt / 1e9 : null,
      ...(leftAt >= 0 && { leftAt: leftAt / 1e9 }),
      milestones: milestones.map((time) => time / 1e9),
      goodput: leecher && startedAt >= 0 && end > startedAt ? (received * 8e9) / (end - startedAt) : null,
    };
  }

  memory(vnode: number): number {
    const bytes = this.swarm.memory(vnode);
    if (bytes > this.peaks[vnode]) this.peaks[vnode] = bytes;
    return bytes;
  }

  memoryPeak(vnode: number): number {
    return this.peaks[vnode];
  }

  /** Leechers write what they download; seeders read a file that is there once, on the shared base. */
  diskWritten(vnode: number): number {
    const { role, held } = this.swarm.result(vnode);
    return role === 'leecher' ? held : 0;
  }

  opened(endpoint: number): void {
    this.swarm.opened(endpoint);
  }

  readableNow(endpoint: number): void {
    this.swarm.readableNow(endpoint);
  }

  writableNow(endpoint: number): void {
    this.swarm.writableNow(endpoint);
  }

  closed(endpoint: number): void {
    this.swarm.closed(endpoint);
  }

  datagram(): void {
    throw new Error('a swarm sends no datagrams');
  }
}
