// This process' own garbage collections, kept out of runs.

import { setFlagsFromString } from 'node:v8';

/**
 * `work` with no collection of the old generation that V8 begins by itself: eight seconds after a program came to rest it
 * tidies up (src/heap/memory-reducer.cc), which takes tens of milliseconds of every core in the midst of a run. Where the
 * heap is full it is collected all the same. For all threads of this process; not to be nested.
 */
export async function withoutCollections<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString('--no-incremental-marking');
  try {
    return await work();
  } finally {
    setFlagsFromString('--incremental-marking');
  }
}
