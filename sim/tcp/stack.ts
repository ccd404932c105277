// Everything the files of TCP share: the connections' records, the pools, and what lies above and below.

import type { Endpoints } from '../endpoints.js';
import type { Packets } from '../packets.js';
import { type RandomStream, randomStream } from '../random.js';
import type { RttHistogram } from '../rtt-histogram.js';
import type { Simulator } from '../simulator.js';
import type { PacketCarrier, StreamEvents } from '../transport.js';
import { PacedRows, RateSample } from './paced.js';
import { Ranges } from './ranges.js';
import { INTS, REALS } from './record.js';
import { Segments } from './segments.js';

export class Stack {
  /** One row of `REALS` and one of `INTS` per endpoint. Replaced when `reserve` grows them. */
  reals: Float64Array;
  ints: Int32Array;
  private capacity: number;
  readonly segments = new Segments();
  readonly ranges = new Ranges();
  /** Rows of connections that are paced, and what the acknowledgement at hand says of the rate. */
  readonly paced = new PacedRows();
  readonly sample = new RateSample();
  /** Of which phase a gain cycle begins in. */
  readonly phases: RandomStream;
  /** Event kinds: the two timers, and what small queues or pacing held back. */
  transmitTimer = -1;
  acknowledgeTimer = -1;
  heldBack = -1;
  /** What the acknowledgement at hand brought: segments newly sacked, found lost; a DSACK; a reordering timer. */
  newlySacked = 0;
  newlyLost = 0;
  sawDuplicate = false;
  keepTimer = false;
  /** The packet that carries it. */
  acknowledgement = -1;
  /** The endpoint whose packet is being handed to the carrier, -1: none. */
  sender = -1;
  /** The endpoint whose packet is being taken in, -1: none. */
  receiving = -1;

  constructor(
    readonly simulator: Simulator,
    readonly packets: Packets,
    readonly endpoints: Endpoints,
    readonly rtt: RttHistogram,
    readonly events: StreamEvents,
    public carrier: PacketCarrier,
    seed: string,
    capacity = 256,
  ) {
    this.phases = randomStream(seed, 'tcp/phases');
    this.capacity = capacity;
    this.reals = new Float64Array(capacity * REALS);
    this.ints = new Int32Array(capacity * INTS);
  }

  /** Makes room for `endpoints` rows. */
  reserve(endpoints: number): void {
    if (endpoints <= this.capacity) return;
    while (this.capacity < endpoints) this.capacity *= 2;
    const reals = new Float64Array(this.capacity * REALS);
    reals.set(this.reals);
    this.reals = reals;
    const ints = new Int32Array(this.capacity * INTS);
    ints.set(this.ints);
    this.ints = ints;
  }
}
