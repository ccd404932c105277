// The README's list of what the simulator misses: every row that fails, none that does not, with the figure of the run.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReproducedRow } from '../../experiments/reproduce-document.js';
import { studies } from '../../experiments/studies/index.js';
import { root } from '../built.js';
import { crossesOf, wrongCrosses } from './crosses.js';

const row = (differs: Partial<ReproducedRow>): ReproducedRow => ({
  ...{
    id: 'P4',
    use: 'C',
    claim: 'a claim',
    expected: '2.62 MB/s',
    got: '2.971 MB/s',
    error: 0.13,
    errorUnit: 'share',
  },
  ...{ tolerance: '10 %', status: 'fail', reason: 'a cause' },
  ...differs,
});

const page = (list: string) => `before\n<!-- crosses: begin -->\n${list}\n<!-- crosses: end -->\n- after`;
const LIST =
  '- **P4**: a swarm, 2.62 MB/s; *here\n  2.971 MB/s*. Why.\n- **E3**, used to fit: a cap; *here 1.265 Gb/s*.';
const E3 = row({ id: 'E3', use: 'F', got: '1.265 Gb/s' });

describe('the list of what is missed', () => {
  it('is right when it has every miss with its figure', () => {
    expect(crossesOf(page(LIST)).map(({ id }) => id)).toEqual(['P4', 'E3']);
    expect(wrongCrosses(crossesOf(page(LIST)), [row({}), E3, row({ id: 'P3', status: 'pass' })])).toEqual([]);
  });

  it('is wrong when one is missing, one is too many, or a figure is another', () => {
    const wrong = (...rows: ReproducedRow[]) => wrongCrosses(crossesOf(page(LIST)), rows);
    expect(wrong(row({}), E3, row({ id: 'E16', use: 'F', got: '64200' }))).toEqual([
      'E16 is missed and not listed: *here 64200*',
    ]);
    expect(wrong(row({ status: 'pass' }), E3)).toEqual(['P4 is listed and not missed']);
    expect(wrong(row({ got: '3 MB/s' }), E3)).toEqual(['P4 is *here 3 MB/s*, and not 2.971 MB/s']);
    expect(wrong(row({ use: 'F' }), E3)).toEqual(['P4 is used to fit']);
    expect(() => crossesOf(page('- **P4**: no figure'))).toThrow('no figure that is missed');
  });

  it('of the README has rows that there are, in their order', () => {
    const crosses = crossesOf(readFileSync(join(root, 'README.md'), 'utf8'));
    const listed = studies.filter(({ id }) => crosses.some((cross) => cross.id === id));
    expect(crosses.map(({ id, fitted }) => [id, fitted])).toEqual(listed.map(({ id, use }) => [id, use === 'F']));
  });
});
