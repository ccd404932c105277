// What this machine cannot do: the reason, what it would take part by part, and the smaller range that would fit.

/** Exit code 4. Nothing has been started when it is thrown by the preflight; otherwise all is taken down first. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';

  constructor(
    readonly reason: string,
    /** One line a part, such as `memory: 130 containers x 38MB = 4.9GB, 2.1GB free`. */
    readonly demand: readonly string[] = [],
    /** Vnodes of the largest range that would fit; absent where size is not the matter. */
    readonly fits?: number,
  ) {
    super([reason, ...demand, ...(fits === undefined ? [] : [`a range of ${fits} vnodes would fit`])].join('\n  '));
  }
}
