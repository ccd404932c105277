// What this machine measures for a scenario: real runs until enough were not disturbed.

import { calmAfter, type Quantities, quantitiesOf, TooNoisy } from '../../calibration/index.js';
import type { RunRecord, Scenario } from '../../models/index.js';

/** One real run, once the machine has been quiet for so many seconds. */
export type RealRun = (scenario: Scenario, seed: string, quiet: number) => Promise<RunRecord>;

export interface Measured {
  readonly records: readonly RunRecord[];
  readonly quantities: readonly Quantities[];
  /** Why runs were thrown away. */
  readonly discarded: readonly string[];
}

/** Disturbed runs of one density after which the machine is told that it is too noisy. */
const MOST_DISTURBED = 6;

/** @throws TooNoisy. */
export async function measured(run: RealRun, scenario: Scenario, repeats: number): Promise<Measured> {
  const records: RunRecord[] = [];
  const discarded: string[] = [];
  let spoilt = 0;
  while (records.length < repeats) {
    const record = await run(scenario, String(records.length + discarded.length + 1), calmAfter(spoilt));
    spoilt = record.disturbed.length === 0 ? 0 : spoilt + 1;
    if (spoilt === 0) records.push(record);
    else discarded.push(record.disturbed.join('; '));
    if (discarded.length >= MOST_DISTURBED)
      throw new TooNoisy(`${discarded.length} runs of one density were disturbed; the last one: ${discarded.at(-1)}`);
  }
  return { records, quantities: records.map(quantitiesOf), discarded };
}
