// The trajectory digest tells apart what differs: times, events, their order and their number.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Digest } from '../../sim/digest.js';

type Step = readonly [time: number, event: number];

function digest(steps: readonly Step[]): string {
  const trajectory = new Digest();
  for (const [time, event] of steps) trajectory.add(time, event);
  return trajectory.value();
}

const step = fc.tuple(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.nat({ max: 2 ** 31 }));

it('is sixteen hexadecimal digits, the same for the same trajectory', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      expect(digest(steps)).toMatch(/^[0-9a-f]{16}$/);
      expect(digest(steps)).toBe(digest(steps));
    }),
  );
});

it('is the same on every platform', () => {
  expect(digest([])).toBe('811c9dc501000193');
  expect(
    digest([
      [0, 1],
      [1_000_000_000, 32],
      [2 ** 52 + 1, 33],
    ]),
  ).toMatchInlineSnapshot(`"389dc2ac8cabc777"`);
});

it('changes with one event more, one less, or two in the other order', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 50 }), fc.nat(), (steps, where) => {
      const i = where % (steps.length - 1);
      const [first, second] = [steps[i] as Step, steps[i + 1] as Step];
      fc.pre(first[0] !== second[0] || first[1] !== second[1]);
      const whole = digest(steps);
      expect(digest([...steps.slice(0, i), second, first, ...steps.slice(i + 2)])).not.toBe(whole);
      expect(digest(steps.slice(0, -1))).not.toBe(whole);
      expect(digest([...steps, first])).not.toBe(whole);
    }),
  );
});

it('sees a time that differs only above its lower 32 bits, or only in them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.nat(2 ** 20), fc.nat(2 ** 31), (before, time, event) => {
      const base = digest([...before, [time, event]]);
      expect(digest([...before, [time + 2 ** 32, event]])).not.toBe(base);
      expect(digest([...before, [time + 1, event]])).not.toBe(base);
      expect(digest([...before, [time, event + 1]])).not.toBe(base);
    }),
  );
});
