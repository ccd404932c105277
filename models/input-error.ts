// A mistake in what the user gave: one clear line (where, expected, found), exit code 2, never a stack trace.

export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(
    /** Where it stands: a file with line and column, a flag, or a path such as `scenario.link.up`. */
    readonly where: string,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`${where}: expected ${expected}, found ${found}`);
  }
}
