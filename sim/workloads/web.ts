// Web: clients ask their nearest replica for what a trace says, each over one connection that stays open (HTTP/1.1).

import type { DistilledNetwork, WebWorkload } from '../../models/index.js';
import { type RandomStream, randomStream } from '../random.js';
import type { EventHandler } from '../simulator.js';
import { Application, type ApplicationParts, responsesOf } from './application.js';
import type { VnodeOutcome } from './workload.js';

const MESSAGE = { request: 0, response: 1 } as const;

export interface WebParts extends ApplicationParts {
  readonly workload: WebWorkload;
  /** The routers between the vnodes, by which distance is measured; undefined: all are equally near. */
  readonly routers: DistilledNetwork | undefined;
}

export class Web extends Application implements EventHandler {
  private readonly kind: number;
  private readonly chance: RandomStream[];
  /** Per vnode: its client's endpoint, when each unanswered request went out, and how long the answered ones took. */
  private readonly endpoint: number[];
  private readonly asked: number[][];
  private readonly took: number[][];

  constructor(private readonly web: WebParts) {
    super(web);
    const { simulator, hostOf, seed } = web;
    this.kind = simulator.register(this);
    this.chance = hostOf.map((_, vnode) => randomStream(seed, `web/${vnode}`));
    this.endpoint = hostOf.map(() => -1);
    this.asked = hostOf.map(() => []);
    this.took = hostOf.map(() => []);
  }

  start(): void {
    const { workload, simulator, hostOf } = this.web;
    for (let client = workload.replicas; client < hostOf.length; client++)
      simulator.schedule(this.chance[client].below(workload.interval), this.kind, client);
  }

  /** A client's next request is due, whether the last one is answered or not. */
  handle(client: number): void {
    const { workload, simulator } = this.web;
    if (this.endpoint[client] < 0) this.endpoint[client] = this.talk.open(client, this.nearest(client));
    const size = workload.trace[this.chance[client].below(workload.trace.length)];
    this.asked[client].push(simulator.now);
    this.talk.say(this.endpoint[client], MESSAGE.request, size, workload.request);
    simulator.schedule(simulator.now + 1 + this.chance[client].below(2 * workload.interval), this.kind, client);
  }

  heard(vnode: number, endpoint: number, type: number, argument: number, bytes: number): void {
    if (type === MESSAGE.request) {
      this.talk.say(endpoint, MESSAGE.response, 0, Math.max(1, argument), this.web.workload.work);
      return;
    }
    this.payloadDelivered += bytes;
    this.completed++;
    this.took[vnode].push(this.web.simulator.now - (this.asked[vnode].shift() as number));
  }

  outcome(vnode: number): VnodeOutcome {
    const { workload, simulator } = this.web;
    const client = vnode >= workload.replicas;
    const received = this.talk.heard[vnode];
    return {
      ...{ role: client ? 'client' : 'server', sent: this.talk.said[vnode], received, startedAt: 0 },
      ...{ completedAt: null, milestones: [] },
      goodput: client && simulator.now > 0 ? (received * 8e9) / simulator.now : null,
      ...(client && { responses: responsesOf(this.took[vnode]) }),
    };
  }

  /** The replica that packets reach soonest, in turn among equals. */
  private nearest(client: number): number {
    const { workload, routers } = this.web;
    let best = (client - workload.replicas) % workload.replicas;
    if (!routers) return best;
    let least = Number.POSITIVE_INFINITY;
    for (let replica = 0; replica < workload.replicas; replica++) {
      const route = routers.route(client, replica, true);
      const delay = route?.reduce((sum, pipe) => sum + routers.qualities[pipe].delay, 0) ?? Number.POSITIVE_INFINITY;
      if (delay >= least) continue;
      least = delay;
      best = replica;
    }
    return best;
  }
}
