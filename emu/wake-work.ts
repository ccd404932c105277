// A program that sleeps and wakes on the core it is pinned to, thousands of times a second, as a range does. Called with the
// seconds to do so.

/** ms. */
const SLEEP = 0.1;
const nobody = new Int32Array(new SharedArrayBuffer(4));

const until = performance.now() + Number(process.argv[2]) * 1000;
while (performance.now() < until) Atomics.wait(nobody, 0, 0, SLEEP);
