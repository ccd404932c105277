// How long a machine must be quiet before the next run: bursts of noise pass, and the more runs in a row they have spoilt, the
// longer it is waited.

const FIRST = 2;
const LONGEST = 30;

/** Seconds, after `spoilt` disturbed runs in a row. */
export const calmAfter = (spoilt: number): number => (spoilt === 0 ? 0 : Math.min(LONGEST, FIRST * 2 ** (spoilt - 1)));
