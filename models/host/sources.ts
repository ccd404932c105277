// How a data file writes a number: as text with its unit (or plain), with its source, its 90 % interval and a note.

export interface Sourced<V extends string | number> {
  readonly value: V;
  readonly low?: V;
  readonly high?: V;
  readonly source: 'published' | 'assumed';
  readonly note: string;
}

/** Stated by a publication, without an interval. */
export const published = <V extends string | number>(value: V, note: string): Sourced<V> => ({
  value,
  source: 'published',
  note,
});

/** Chosen by us between `low` and `high`: the note says on what grounds. */
export const assumed = <V extends string | number>(value: V, low: V, high: V, note: string): Sourced<V> => ({
  value,
  low,
  high,
  source: 'assumed',
  note,
});

/** A number that makes the simulator give published results: `rows` of the reference figures, used to fit. */
export const fitted = <V extends string | number>(value: V, low: V, high: V, rows: string): Sourced<V> => ({
  value,
  low,
  high,
  source: 'published',
  note: `Fitted to ${rows}`,
});
