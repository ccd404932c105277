// A parsed document that knows where in its source each value stands.

export type Path = readonly (string | number)[];

export interface Place {
  /** What to call the source: a file's name as the user gave it, or a flag. */
  readonly source: string;
  /** From 1; a flag has line and column 0. */
  readonly line: number;
  readonly column: number;
}

export interface Located {
  readonly source: string;
  readonly value: unknown;
  /** Where the value at `path` stands, or its key, or the nearest thing around it that exists. */
  place(path: Path, of: 'key' | 'value'): Place;
}

/** `file:line:column`, or the flag. */
export function written({ source, line, column }: Place): string {
  return line > 0 ? `${source}:${line}:${column}` : source;
}

/** Line and column, both from 1, of an offset in a text; lines end with LF. */
export function placeAt(source: string, text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { source, line, column: offset - start + 1 };
}
