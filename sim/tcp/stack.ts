// Everything the files of TCP share: the connections' records, the pools, and what lies above and below.

import type { Endpoints } from '../endpoints.js';
import type { Packets } from '../packets.js';
import type { RttHistogram } from '../rtt-histogram.js';
import type { Simulator } from '../simulator.js';
import type { PacketCarrier, StreamEvents } from '../transport.js';
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
  /** Event kinds: the two timers, and what small queues held back. */
  transmitTimer = -1;
  acknowledgeTimer = -1;
  smallQueues = -1;
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
    capacity = 256,
  ) {
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
