// Patience: how long a verb that measures waits for the machine to be quiet.

import { InputError, parseDuration } from '../models/index.js';

/** Seconds. @throws InputError. */
export function patienceFrom(text: string): number {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined)
    throw new InputError('--patience', 'a duration such as 60s or 10min', JSON.stringify(text));
  return nanoseconds / 1e9;
}
