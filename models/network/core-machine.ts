// Core machines: the hosts that emulate pipes, and what a packet costs there.

import { z } from 'zod';
import { duration } from '../units.js';

/** Times in ns. */
export interface CoreMachine {
  readonly title: string;
  /** To take a packet in at the NIC and to send it on in the end. */
  readonly perPacket: number;
  /** To move it from a pipe to the next. */
  readonly perHop: number;
  /** To send, or to take in, a descriptor of a packet whose next pipe another core has. */
  readonly perCrossing: number;
  /** Frames that wait at the NIC; more are lost. */
  readonly ring: number;
  /** Bits per second, each way. */
  readonly nicRate: number;
  /** Through the switch to another machine. */
  readonly switchDelay: number;
}

export const coreMachines = {
  /**
   * ModelNet's own: 1.4 GHz Pentium III, FreeBSD 4.5, gigabit switch. `perPacket` and `perHop` together fitted to row M6
   * (120 flows of one hop over a full gigabit link take half of the CPU); their ratio, the crossing, the ring (a
   * tg3-class NIC's 512) and the switch are assumed.
   */
  'pentium3-1400': {
    title: '1.4 GHz Pentium III, FreeBSD 4.5',
    perPacket: 3_500,
    perHop: 500,
    perCrossing: 1_500,
    ring: 512,
    nicRate: 1e9,
    switchDelay: 20_000,
  },
  /** Costs nothing and loses nothing: only the clock is left of it. */
  ideal: {
    title: 'a core without costs',
    perPacket: 0,
    perHop: 0,
    perCrossing: 0,
    ring: Number.POSITIVE_INFINITY,
    nicRate: Number.POSITIVE_INFINITY,
    switchDelay: 0,
  },
} as const satisfies Record<string, CoreMachine>;

export const coresSchema = z.strictObject({
  count: z.int().min(1).max(64).default(1),
  machine: z.enum(['pentium3-1400', 'ideal']).default('pentium3-1400'),
  /** Which core emulates which link: chosen at the start, or core numbers in the order of the links. */
  assign: z
    .union([z.enum(['k-clusters', 'random']), z.array(z.int().min(0).max(63)).max(1_000_000)])
    .default('k-clusters'),
  /** The clock by which packets are moved (ModelNet: 10 kHz). */
  tick: duration.prefault('100us'),
  /** Packet debt: what a packet is late at one pipe it is early at the next. */
  debt: z.boolean().default(true),
});

export type Cores = z.output<typeof coresSchema>;
