// ModelNet's case studies that are rows of the reference table, each told by its case's picture. Rows M11 and M12.

import { type Case, multiplexedEdges, replicatedWeb } from './cases/index.js';
import { shape } from './finding.js';
import type { CoveredRow } from './row.js';

const rowOf = (id: string, { claim, method, run, id: name }: Case, expected: string): CoveredRow => ({
  ...{
    id,
    use: 'C',
    claim,
    expected,
    tolerance: 'shape',
    method: `${method}; the picture: \`rangefit study ${name}\``,
  },
  async run(context) {
    const { answer, ok } = await run(context);
    return shape(answer, ok);
  },
});

export const caseRows: readonly CoveredRow[] = [
  rowOf('M11', replicatedWeb, 'the second replica helps, the third only marginally'),
  rowOf('M12', multiplexedEdges, 'falls as vnodes per edge host grow'),
];
