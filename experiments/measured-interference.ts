// Interference measured on a machine: a victim's speed alone and beside each stress, round after round.

import { type InterferenceRound, lostShares, type MeasuredInterference } from '../calibration/index.js';
import { type RunRecord, type Scenario, STRESSES, type Stress } from '../models/index.js';
import { interferenceScenario, victimSpeed } from './studies/index.js';

/** @param emulate runs a scenario for real, by itself. @param phase told what comes next. */
export async function measureInterference(
  emulate: (scenario: Scenario) => Promise<RunRecord>,
  { seconds, repeats }: { readonly seconds: number; readonly repeats: number },
  phase: (text: string) => void,
): Promise<MeasuredInterference> {
  const rounds: InterferenceRound[] = [];
  for (let round = 1; round <= repeats; round++) {
    phase(`round ${round} of ${repeats}: the victim alone`);
    const alone = victimSpeed(await emulate(interferenceScenario('none', seconds)));
    if (alone === 0) throw new Error('a victim that does nothing when it is alone');
    const beside: Partial<Record<Stress, number>> = {};
    for (const stress of STRESSES) {
      phase(`round ${round} of ${repeats}: beside ${stress}`);
      beside[stress] = victimSpeed(await emulate(interferenceScenario(stress, seconds)));
    }
    rounds.push({ alone, beside: beside as Record<Stress, number> });
  }
  return lostShares(rounds);
}
