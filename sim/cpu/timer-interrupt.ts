// The interrupt of a core's timer: which timers it serves beside its own (kernel/time/hrtimer.c).

import type { Core } from './core.js';

/**
 * From when a timer is due to its handler's last look at the clock on a core that is not idle, ns: what is due until then is
 * served with it (hrtimer_interrupt). Programming the next one comes after. Traced on Linux 6.18 in a virtual machine: handlers
 * looked 6 to 7 us after shapers' timers were due on busy cores (12 pairs at 100 Mbit/s, the mode), 10 to 13 us on idle ones
 * (4 pairs); interrupts a timer 0.76 with 4 pairs, 0.83 with 8, 0.64 with 12 (one run each).
 */
const LAST_LOOK = 6000;

/**
 * Packet work `item`, raised now, is a timer's interrupt on this core and what it is for, `cost` ns in all: sets until when
 * timers that become due are served with it.
 */
export function beginInterrupt(core: Core, now: number, item: number, cost: number): void {
  const { timerInterrupt } = core.host.cpu;
  const { rate } = core;
  const atOnce = core.inPacketWork && core.since === now && core.item === item;
  // An idle core has its idle state to leave before it serves the interrupt.
  const begins = atOnce ? core.due - cost / rate : now;
  core.timersUntil = begins + Math.min(timerInterrupt, LAST_LOOK) / rate;
}
