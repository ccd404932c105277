// The interference that Xavier et al. published (PDP 2013): LU in one container or VM beside a stressed other one.

import { STRESSES, type Stress, stressNames } from '../../interference.js';
import type { TechnologyDocument } from './technology.js';

type Table = NonNullable<TechnologyDocument['interference']>;

const ROWS: Readonly<Record<Stress, string>> = {
  cpu: 'L1',
  memory: 'L2',
  disk: 'L3',
  fork: 'L4',
  receive: 'L5',
  send: 'L6',
};

/** In the order of `STRESSES`; null: the victim did not run, and all of its speed was lost. */
export function publishedInterference(shares: readonly (string | null)[]): Table {
  const entry = (stress: Stress, i: number) => {
    const ran = shares[i] !== null;
    const note = `Xavier et al. (PDP 2013), row ${ROWS[stress]}, ${stressNames[stress]}${ran ? '' : ': did not run'}`;
    return [stress, { value: shares[i] ?? '100%', source: 'published' as const, note }];
  };
  return Object.fromEntries(STRESSES.map(entry)) as Table;
}
