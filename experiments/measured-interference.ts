// Interference measured on a machine: a victim's speed beside each stress, over its speed alone, a few times each.

import type { MeasuredInterference } from '../calibration/index.js';
import { type RunRecord, type Scenario, STRESSES, type Stress } from '../models/index.js';
import { interferenceScenario, victimSpeed } from './studies/index.js';

/** @param emulate runs a scenario for real, by itself. @param phase told what comes next. */
export async function measureInterference(
  emulate: (scenario: Scenario) => Promise<RunRecord>,
  { seconds, repeats }: { readonly seconds: number; readonly repeats: number },
  phase: (text: string) => void,
): Promise<MeasuredInterference> {
  const lost = new Map<Stress, number[]>(STRESSES.map((stress) => [stress, []]));
  for (let round = 0; round < repeats; round++) {
    phase(`round ${round + 1} of ${repeats}: the victim alone`);
    const alone = victimSpeed(await emulate(interferenceScenario('none', seconds)));
    if (alone === 0) throw new Error('a victim that does nothing when it is alone');
    for (const stress of STRESSES) {
      phase(`round ${round + 1} of ${repeats}: beside ${stress}`);
      const speed = victimSpeed(await emulate(interferenceScenario(stress, seconds)));
      // Noise may make it faster beside a stress than alone: that is no interference.
      lost.get(stress)?.push(Math.max(0, 1 - speed / alone));
    }
  }
  const shares = STRESSES.map((stress) => {
    const seen = lost.get(stress) as number[];
    const value = seen.reduce((sum, share) => sum + share, 0) / seen.length;
    return [stress, { value, low: Math.min(...seen), high: Math.max(...seen) }];
  });
  return Object.fromEntries(shares) as MeasuredInterference;
}
