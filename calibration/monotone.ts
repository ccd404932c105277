// Margins made monotone: a denser host is never more faithful, so what noise turns round is averaged.

export interface MarginPoint {
  readonly density: number;
  readonly margin: number;
  /** Standard error of the margin; 0: exact. */
  readonly error: number;
}

/** Standard errors by which two margins must differ to differ at all. */
const SIGNIFICANT = 2.5;
/** The error of an exact margin, so that weights stay finite. */
const EXACT = 1e-9;

interface Block {
  margin: number;
  weight: number;
  points: number;
}

/**
 * The margins of `points` (by ascending density), never rising: neighbours that rise within their errors are averaged
 * by their weights (pool adjacent violators; Ayer and others, 1955), and their error shrinks as that of an average. A
 * rise beyond errors is no noise: a denser host then counts no better than the broken one below it.
 */
export function monotoneMargins(points: readonly MarginPoint[]): MarginPoint[] {
  const blocks: Block[] = [];
  for (const { margin, error } of points) {
    const scale = Math.max(error, EXACT);
    let block: Block = { margin, weight: 1 / (scale * scale), points: 1 };
    for (let before = blocks.at(-1); before && before.margin < block.margin; before = blocks.at(-1)) {
      const allowed = SIGNIFICANT * Math.sqrt(1 / before.weight + 1 / block.weight);
      if (block.margin - before.margin > allowed) {
        block = { ...block, margin: before.margin };
        break;
      }
      const weight = before.weight + block.weight;
      const average = (before.margin * before.weight + block.margin * block.weight) / weight;
      block = { margin: average, weight, points: before.points + block.points };
      blocks.pop();
    }
    blocks.push(block);
  }
  const smooth: MarginPoint[] = [];
  for (const { margin, weight, points: count } of blocks) {
    const error = weight >= 1 / (EXACT * EXACT) ? 0 : 1 / Math.sqrt(weight);
    for (let i = 0; i < count; i++)
      smooth.push({ density: (points[smooth.length] as MarginPoint).density, margin, error });
  }
  return smooth;
}
