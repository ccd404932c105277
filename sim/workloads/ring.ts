// Ring: generators that each send to a random receiver as fast as they can, as ModelNet's ring of routers was loaded. The
// first of each two vnodes generates, the second receives, often from several at once.

import type { RingWorkload } from '../../models/index.js';
import { randomStream } from '../random.js';
import type { EventHandler } from '../simulator.js';
import { Application, type ApplicationParts } from './application.js';
import type { VnodeOutcome } from './workload.js';

/** iperf3's default length of a TCP write, as pairs have it. */
const CHUNK = 131_072;
/** Nobody starts hundreds of processes at the same instant, ns. */
const START_SPREAD = 20_000_000;

export interface RingParts extends ApplicationParts {
  readonly workload: RingWorkload;
}

export class Ring extends Application implements EventHandler {
  private readonly kind: number;
  private readonly endpoint: number[];

  constructor(private readonly ring: RingParts) {
    super(ring);
    this.kind = ring.simulator.register(this);
    this.endpoint = ring.hostOf.map(() => -1);
  }

  start(): void {
    const { workload, simulator, seed } = this.ring;
    const random = randomStream(seed, 'ring/start');
    for (let generator = 0; generator < workload.vnodes; generator += 2)
      simulator.schedule(random.below(START_SPREAD), this.kind, generator);
  }

  handle(generator: number): void {
    const { workload, seed } = this.ring;
    const receivers = workload.vnodes >> 1;
    const receiver = 2 * randomStream(seed, `ring/${generator}`).below(receivers) + 1;
    this.endpoint[generator] = this.talk.open(generator, receiver);
    this.more(generator);
  }

  override writableNow(endpoint: number): void {
    this.more(this.ring.endpoints.vnode[endpoint]);
  }

  heard(_vnode: number, _endpoint: number, _type: number, _argument: number, bytes: number): void {
    this.payloadDelivered += bytes;
  }

  override finish(vnode: number): boolean {
    const again = super.finish(vnode);
    if (vnode % 2 === 0) this.more(vnode);
    return again;
  }

  outcome(vnode: number): VnodeOutcome {
    const { simulator } = this.ring;
    const received = this.talk.heard[vnode];
    return {
      ...{ role: vnode % 2 === 0 ? 'client' : 'server', sent: this.talk.said[vnode], received, startedAt: 0 },
      ...{ completedAt: null, milestones: [] },
      goodput: vnode % 2 === 1 && simulator.now > 0 ? (received * 8e9) / simulator.now : null,
    };
  }

  /** Another chunk, if the send buffer has room for it and none is being prepared. */
  private more(generator: number): void {
    const endpoint = this.endpoint[generator];
    if (endpoint < 0 || this.talk.saying(generator) > 0) return;
    const space = Math.min(CHUNK, this.ring.streams.space(endpoint));
    if (space > 0) this.talk.say(endpoint, 0, 0, space);
  }
}
