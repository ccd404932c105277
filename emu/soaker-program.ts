// A soaker's program: reads the clock without end, and adds up the time that it had the core to itself. Its CPU time
// would not do: the kernel charges a task for the interrupts and the packet work that interrupt it.
// node soaker-program.js FILE: nanoseconds so far, little endian, as a 64-bit float at the file's start.

import { openSync, writeSync } from 'node:fs';

/** Reading the clock takes a tenth of this. Whoever waits longer was interrupted, ns. */
const INTERRUPTED = 1000;
/** Had since it last told, ns: what a reader may miss. */
const TOLD_EVERY = 1e6;

function soak(file: number): never {
  const told = Buffer.alloc(8);
  let had = 0;
  let since = 0;
  let before = performance.now();
  for (;;) {
    const now = performance.now();
    const passed = (now - before) * 1e6;
    before = now;
    if (passed >= INTERRUPTED) continue;
    since += passed;
    if (since < TOLD_EVERY) continue;
    had += since;
    since = 0;
    told.writeDoubleLE(had);
    writeSync(file, told, 0, 8, 0);
  }
}

soak(openSync(process.argv[2] as string, 'w'));
