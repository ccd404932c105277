// The pipes of an emulated core: each flow has its own chain of equal pipes, each way (ModelNet's capacity test).

import { defaultQueue, type Scenario } from '../../models/index.js';
import { type Access, ROLE } from './access.js';
import type { Pipes } from './pipes.js';

export class CorePaths {
  /** First pipe of the chain that an endpoint receives through. */
  private readonly first = new Map<number, number>();

  constructor(
    private readonly pipes: Pipes,
    private readonly access: Access,
    private readonly core: NonNullable<Scenario['network']['core']>,
    private readonly mtu: number,
  ) {}

  /** Puts a packet for `endpoint` into the `hop`-th pipe of its chain; false: there are no more, it has crossed. */
  enqueue(endpoint: number, hop: number, packet: number): boolean {
    if (hop >= this.core.hops) return false;
    this.pipes.enqueue(this.chain(endpoint) + hop, packet);
    return true;
  }

  private chain(endpoint: number): number {
    const known = this.first.get(endpoint);
    if (known !== undefined) return known;
    const { rate, delay, tick = 0, queue = defaultQueue(rate, this.mtu) } = this.core;
    const pipe = { bitsPerSecond: rate, burst: 0, queue, delay, loss: 0, tick };
    const first = this.access.pipe(this.pipes.create(pipe), ROLE.core, endpoint);
    for (let hop = 1; hop < this.core.hops; hop++) this.access.pipe(this.pipes.create(pipe), ROLE.core, endpoint);
    this.first.set(endpoint, first);
    return first;
  }
}
