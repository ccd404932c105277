// The nearest known name to a mistyped one.

/** Edits (insert, delete, replace, swap of neighbours) from one name to another: optimal string alignment. */
function edits(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, i) => new Array<number>(to.length + 1).fill(i));
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let j = 0; j <= to.length; j++) (rows[0] as number[])[j] = j;
  for (let i = 1; i <= from.length; i++)
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = least;
    }
  return at(from.length, to.length);
}

/** The known name that `name` probably meant: at most a third of it differs. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const needed = edits(name.toLowerCase(), candidate.toLowerCase());
    if (needed < fewest) [best, fewest] = [candidate, needed];
  }
  return best;
}

/** ` (did you mean "peers"?)`, or nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`;
}
