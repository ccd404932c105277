// The routers between vnodes where nothing emulates them: the pipes of each route, made when first used, cost nothing.

import { type DistilledNetwork, defaultQueue } from '../../models/index.js';
import { randomStream } from '../random.js';
import { type Access, ROLE } from './access.js';
import type { PipeProperties, Pipes } from './pipes.js';
import type { Routes } from './routes.js';

/** A pipe of the distilled network as its emulation has it; `tick`: see `PipeProperties`. */
export function distilledPipe(network: DistilledNetwork, pipe: number, mtu: number, seed: string): PipeProperties {
  const { rate, delay, loss, queue } = network.qualities[pipe];
  const random = loss > 0 ? { random: randomStream(seed, `loss/pipe/${pipe}`) } : {};
  const room = Number.isFinite(rate) ? (queue ?? defaultQueue(rate, mtu)) : Number.POSITIVE_INFINITY;
  return { bitsPerSecond: rate, burst: 0, queue: room, delay, loss, tick: 0, ...random };
}

export class RoutedPaths {
  /** Per pipe of the distilled network: the pipe that it is here. */
  private readonly made: number[] = [];

  constructor(
    private readonly pipes: Pipes,
    private readonly access: Access,
    private readonly routes: Routes,
    private readonly network: DistilledNetwork,
    private readonly mtu: number,
    private readonly seed: string,
  ) {}

  /** Sets a packet at the start of its route; false: there is no way to its receiver. */
  enter(packet: number): boolean {
    return this.routes.enter(packet);
  }

  /** Into the next pipe of its route; false: there is none, it has crossed. */
  forward(packet: number): boolean {
    const pipe = this.routes.next(packet);
    if (pipe < 0) return false;
    this.pipes.enqueue(this.made[pipe] ?? this.make(pipe), packet);
    return true;
  }

  /** Takes over what has changed in these pipes of the distilled network. */
  refresh(pipes: readonly number[]): void {
    this.routes.forget();
    for (const pipe of pipes) if (this.made[pipe] !== undefined) this.renew(pipe);
  }

  private renew(pipe: number): void {
    if (this.network.works(pipe))
      this.pipes.change(this.made[pipe], distilledPipe(this.network, pipe, this.mtu, this.seed));
    else this.pipes.fail(this.made[pipe]);
  }

  private make(pipe: number): number {
    const properties = distilledPipe(this.network, pipe, this.mtu, this.seed);
    this.made[pipe] = this.access.pipe(this.pipes.create(properties), ROLE.core, pipe);
    if (!this.network.works(pipe)) this.pipes.fail(this.made[pipe]);
    return this.made[pipe];
  }
}
