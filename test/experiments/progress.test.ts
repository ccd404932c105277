// The time left of a long verb: from what was done since it began, whatever was finished before.

import { describe, expect, it } from 'vitest';
import { type Counted, remaining } from '../../experiments/progress.js';

/** A clock that is set by hand, and what is counted. */
function watched() {
  const runs = { asked: 0, finished: 0, known: 0 } satisfies Counted;
  let seconds = 1000;
  const left = remaining(runs, () => seconds * 1000);
  return {
    at(after: number, differs: Partial<typeof runs>): string {
      seconds = 1000 + after;
      Object.assign(runs, differs);
      return left();
    },
  };
}

describe('the time left', () => {
  it('goes on as fast as it went', () => {
    const { at } = watched();
    expect(at(0, { asked: 20 })).toBe('');
    expect(at(30, { finished: 5 })).toBe('about 2 min left');
    expect(at(60, { finished: 15 })).toBe('about 20 s left');
    expect(at(80, { finished: 20 })).toBe('');
  });

  it('leaves out what an earlier run had finished', () => {
    const { at } = watched();
    expect(at(1, { asked: 100, finished: 90, known: 90 })).toBe('');
    // Two in 40 s, and eight to go: not 92 in 40 s.
    expect(at(40, { finished: 92 })).toBe('about 3 min left');
  });

  it('leaves out what was done before anything was counted', () => {
    const { at } = watched();
    expect(at(100, {})).toBe('');
    expect(at(101, { asked: 4 })).toBe('');
    expect(at(110, { finished: 1 })).toBe('about 30 s left');
  });
});
