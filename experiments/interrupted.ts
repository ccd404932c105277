// An end that somebody wished for.

/** Ctrl-C, or whoever stopped the runs. Exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
