// Turning points of a sample: found where they are, as surely as is said, and none where nothing changes.

import { describe, expect, it } from 'vitest';
import { radicalInverse } from '../../../experiments/whatif/design.js';
import { estimatedTurns, type Sighting } from '../../../experiments/whatif/turning-point.js';
import { randomStream } from '../../../sim/index.js';

const places = (count: number): number[] => Array.from({ length: count }, (_, i) => radicalInverse(i + 1, 2));
const seen = (count: number, idAt: (place: number) => string): Sighting[] =>
  places(count).map((place) => ({ place, value: place, id: idAt(place) }));

describe('turning points', () => {
  it('lie between the last point of one constraint and the first of another, when nothing else matters', () => {
    const { turns } = estimatedTurns(seen(40, (place) => (place < 0.62 ? 'memory' : 'cpu')));
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({ before: 'memory', after: 'cpu', below: 0, above: 1 });
    expect(turns[0]?.from).toBeLessThan(0.62);
    expect(turns[0]?.to).toBeGreaterThan(0.62);
    expect(turns[0]?.probability).toBeGreaterThan(0.999);
  });

  it('are found one after the other', () => {
    const { turns } = estimatedTurns(seen(60, (place) => (place < 0.3 ? 'memory' : place < 0.7 ? 'cpu' : 'range')));
    expect(turns.map(({ before, after }) => `${before} ${after}`)).toEqual(['memory cpu', 'cpu range']);
    for (const [i, place] of [0.3, 0.7].entries()) {
      expect(turns[i]?.from).toBeLessThan(place);
      expect(turns[i]?.to).toBeGreaterThan(place);
    }
  });

  it('lie within the interval nine times in ten, with other parameters that blur them', () => {
    const random = randomStream('turns', 'blurred');
    let found = 0;
    let within = 0;
    for (let trial = 0; trial < 400; trial++) {
      const turn = 0.2 + 0.6 * random.uniform();
      const { turns } = estimatedTurns(
        seen(40, (place) => (random.uniform() < (place < turn ? 0.1 : 0.8) ? 'a' : 'b')),
      );
      const [only, ...others] = turns;
      if (!only || others.length > 0) continue;
      found++;
      if (Number(only.from) <= turn && turn <= Number(only.to)) within++;
    }
    expect(found).toBeGreaterThan(320);
    expect(within / found).toBeGreaterThan(0.87);
  });

  it('are seldom made up where what binds is a matter of the others alone', () => {
    const random = randomStream('turns', 'none');
    const made = Array.from({ length: 400 }, () =>
      estimatedTurns(seen(40, () => (random.uniform() < 0.4 ? 'a' : 'b'))),
    ).filter(({ turns }) => turns.length > 0);
    expect(made.length).toBeLessThan(20);
  });

  it('cannot be told of a few points, and are impossible where one constraint binds throughout', () => {
    const few = estimatedTurns(seen(4, (place) => (place < 0.5 ? 'memory' : 'cpu')));
    expect(few.turns).toEqual([]);
    expect(few.probability).toBeGreaterThan(0);
    expect(estimatedTurns(seen(40, () => 'memory'))).toEqual({ probability: 0, turns: [] });
    const same = places(10).map((_, i) => ({ place: 0.5, value: 1, id: i < 5 ? 'memory' : 'cpu' }));
    expect(estimatedTurns(same).turns).toEqual([]);
  });
});
