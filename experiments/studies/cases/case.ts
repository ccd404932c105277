// A case: a study of a source that is told by a picture, and what must be seen in it.

import type { StudyContext } from '../row.js';

export interface CaseLine {
  readonly name: string;
  /** x and y. */
  readonly points: readonly (readonly [number, number])[];
}

export interface CaseFinding {
  /** One sentence. */
  readonly answer: string;
  /** What the source says is to be seen. */
  readonly ok: boolean;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly CaseLine[];
}

export interface Case {
  readonly id: string;
  readonly title: string;
  /** What the source says, and which one it is. */
  readonly claim: string;
  readonly source: string;
  /** How it is done here. */
  readonly method: string;
  run(context: StudyContext): Promise<CaseFinding>;
}
