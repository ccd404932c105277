// Which timers set a core's clock anew, beside a plain list.

import { expect, it } from 'vitest';
import { PendingTimers } from '../../../sim/cpu/pending-timers.js';
import { randomStream } from '../../../sim/random.js';

it('tells a timer that is due before all that are still to come, as a list of all of them does', () => {
  const random = randomStream('pending', 'timers');
  const timers = new PendingTimers();
  const all: number[] = [];
  let now = 0;
  let firsts = 0;
  for (let i = 0; i < 5000; i++) {
    now += random.below(20);
    const at = now + random.below(100);
    const first = all.every((due) => due <= now || due > at);
    if (first) firsts++;
    expect(timers.add(at, now)).toBe(first);
    all.push(at);
  }
  expect(firsts).toBeGreaterThan(500);
  expect(firsts).toBeLessThan(4500);
});
