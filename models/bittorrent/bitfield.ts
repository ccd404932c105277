// Bitfields: one bit a piece, in 32-bit words; many of them lie side by side in one array, each from its own word on.

export type Words = Int32Array;

export function hasBit(words: Words, base: number, piece: number): boolean {
  return ((words[base + (piece >>> 5)] >>> (piece & 31)) & 1) === 1;
}

export function setBit(words: Words, base: number, piece: number): void {
  words[base + (piece >>> 5)] |= 1 << (piece & 31);
}

export function clearBit(words: Words, base: number, piece: number): void {
  words[base + (piece >>> 5)] &= ~(1 << (piece & 31));
}

/** Sets the first `pieces` bits. */
export function fillBits(words: Words, base: number, pieces: number): void {
  const whole = pieces >>> 5;
  words.fill(-1, base, base + whole);
  if ((pieces & 31) !== 0) words[base + whole] = (1 << (pieces & 31)) - 1;
}

/** Bits set in one word (the usual parallel sum). */
export function onesOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits set in `count` words from `base` on. */
export function countBits(words: Words, base: number, count: number): number {
  let ones = 0;
  for (let i = 0; i < count; i++) ones += onesOf(words[base + i]);
  return ones;
}

/** Bits set in the first bitfield and not in the second. */
export function countMissing(theirs: Words, theirBase: number, ours: Words, ourBase: number, count: number): number {
  let ones = 0;
  for (let i = 0; i < count; i++) ones += onesOf(theirs[theirBase + i] & ~ours[ourBase + i]);
  return ones;
}
