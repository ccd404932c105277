// What fidelity was held to, in one line.

import { percent } from '../wording.js';

export const tolerancesText = (tolerances: Readonly<Record<string, unknown>>): string =>
  Object.entries(tolerances)
    .map(([name, value]) => `${name} ${typeof value === 'number' && value > 0 && value < 1 ? percent(value) : value}`)
    .join(', ');
