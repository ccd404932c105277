// A program that tells how fast the core it is pinned to does kernel work: bytes written into a pipe and read from it
// again. Called with the seconds to do so and the pipe; prints, as a JSON list, ns a round trip in one 10 ms after another.

import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** ms. */
const BIN = 10;
const WARM_UP = 200;
const ROUNDS = 5;
/** A full segment's payload. */
const BYTES = 1448;

const [seconds = '', pipe = ''] = process.argv.slice(2);
const descriptor = openSync(pipe, 'r+');
const buffer = Buffer.alloc(BYTES);

/** ns a round trip, over the next `ms`. */
function timed(ms: number): number {
  const begun = performance.now();
  let rounds = 0;
  let elapsed = 0;
  do {
    for (let i = 0; i < ROUNDS; i++) {
      writeSync(descriptor, buffer, 0, BYTES);
      readSync(descriptor, buffer, 0, BYTES, null);
    }
    rounds += ROUNDS;
    elapsed = performance.now() - begun;
  } while (elapsed < ms);
  return Math.round((elapsed * 1e6) / rounds);
}

timed(WARM_UP);
const bins = Array.from({ length: Math.round((Number(seconds) * 1000) / BIN) }, () => timed(BIN));
closeSync(descriptor);
console.log(JSON.stringify(bins));
