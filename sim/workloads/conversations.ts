// Conversations: applications that exchange messages over streams. What a vnode says costs it CPU before it is sent, what
// it hears costs it CPU before it is understood.

import type { Host } from '../../models/index.js';
import type { Endpoints } from '../endpoints.js';
import type { Streams, Tasks } from '../transport.js';
import { Inboxes } from './inboxes.js';

/** What hears the messages; called in the vnode's own time. */
export interface Listener {
  /** @param endpoint the vnode's own end. */
  heard(vnode: number, endpoint: number, type: number, argument: number, bytes: number): void;
}

export interface ConversationParts {
  readonly endpoints: Endpoints;
  readonly streams: Streams;
  readonly tasks: Tasks;
  readonly hosts: readonly Host[];
  readonly hostOf: readonly number[];
}

interface Job {
  readonly endpoint: number;
  readonly type: number;
  readonly argument: number;
  readonly bytes: number;
  /** ns of the vnode's work before the message goes out. */
  readonly work: number;
}

export class Conversations {
  /** Bytes of messages said and heard, per vnode. */
  readonly said: Float64Array;
  readonly heard: Float64Array;
  private readonly inboxes = new Inboxes();
  private readonly jobs: Job[][];
  /** Jobs that were paid for when the vnode's work began. */
  private readonly paid: Int32Array;
  /** Endpoints with something to read, per vnode. */
  private readonly ready: Set<number>[];

  constructor(
    private readonly parts: ConversationParts,
    private readonly listener: Listener,
  ) {
    const vnodes = parts.hostOf.length;
    this.said = new Float64Array(vnodes);
    this.heard = new Float64Array(vnodes);
    this.jobs = parts.hostOf.map(() => []);
    this.ready = parts.hostOf.map(() => new Set());
    this.paid = new Int32Array(vnodes);
  }

  /** @returns the client's endpoint. */
  open(client: number, server: number): number {
    const endpoint = this.parts.streams.open(client, server);
    this.inboxes.reserve(2 * (endpoint + 2));
    return endpoint;
  }

  /** The vnode of this end will say it, after `work` ns of its own. */
  say(endpoint: number, type: number, argument: number, bytes: number, work = 0): void {
    const vnode = this.parts.endpoints.vnode[endpoint];
    this.jobs[vnode].push({ endpoint, type, argument, bytes, work });
    this.parts.tasks.wake(vnode);
  }

  /** Messages that the vnode has still to send. */
  saying(vnode: number): number {
    return this.jobs[vnode].length;
  }

  readableNow(endpoint: number): void {
    const vnode = this.parts.endpoints.vnode[endpoint];
    this.ready[vnode].add(endpoint);
    this.parts.tasks.wake(vnode);
  }

  begin(vnode: number): number {
    const { hosts, hostOf, streams } = this.parts;
    const { systemCall, copyPerByte } = hosts[hostOf[vnode]].cpu;
    let cost = 0;
    for (const endpoint of this.ready[vnode]) cost += systemCall + copyPerByte * streams.readable(endpoint);
    const jobs = this.jobs[vnode];
    for (const { bytes, work } of jobs) cost += work + systemCall + copyPerByte * bytes;
    this.paid[vnode] = jobs.length;
    return cost;
  }

  /** True: there is more to do that was not paid for yet. */
  finish(vnode: number): boolean {
    const jobs = this.jobs[vnode];
    const due = jobs.splice(0, this.paid[vnode]);
    this.paid[vnode] = 0;
    for (const job of due) this.send(vnode, job);
    const ready = [...this.ready[vnode]];
    this.ready[vnode].clear();
    for (const endpoint of ready) this.listen(vnode, endpoint);
    return jobs.length > 0;
  }

  private send(vnode: number, { endpoint, type, argument, bytes }: Job): void {
    this.said[vnode] += bytes;
    this.inboxes.push(endpoint ^ 1, type, argument, bytes);
    this.parts.streams.write(endpoint, bytes);
  }

  private listen(vnode: number, endpoint: number): void {
    const { inboxes } = this;
    let left = this.parts.streams.read(endpoint);
    this.heard[vnode] += left;
    while (left > 0) {
      const size = inboxes.firstSize(endpoint);
      const missing = size - inboxes.read[endpoint];
      if (left < missing) {
        inboxes.read[endpoint] += left;
        return;
      }
      left -= missing;
      const [type, argument] = [inboxes.firstType(endpoint), inboxes.firstArgument(endpoint)];
      inboxes.pop(endpoint);
      this.listener.heard(vnode, endpoint, type, argument, size);
    }
  }
}
