// Trends: how well points lie on a line, how well two orders agree, and where a curve first reaches a level.

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Coefficient of determination of the least-squares line through the points; 1 for points on a level line. */
export function rSquared(x: readonly number[], y: readonly number[]): number {
  const [middleX, middleY] = [mean(x), mean(y)];
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [i, at] of x.entries()) {
    const [dx, dy] = [at - middleX, (y[i] as number) - middleY];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return yy === 0 ? 1 : (xy * xy) / (xx * yy);
}

/** Ranks from 1, ties sharing their mean rank. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Spearman's rank correlation; 0 when one side does not vary. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [ranks(x), ranks(y)];
  const [middleA, middleB] = [mean(a), mean(b)];
  let aa = 0;
  let ab = 0;
  let bb = 0;
  for (const [i, rank] of a.entries()) {
    const [da, db] = [rank - middleA, (b[i] as number) - middleB];
    aa += da * da;
    ab += da * db;
    bb += db * db;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** The first x at which the polyline through the points reaches `level` from below; undefined: it never does. */
export function firstReach(x: readonly number[], y: readonly number[], level: number): number | undefined {
  for (const [i, value] of y.entries()) {
    if (value < level) continue;
    if (i === 0) return x[0];
    const before = y[i - 1] as number;
    const from = x[i - 1] as number;
    return from + (((x[i] as number) - from) * (level - before)) / (value - before);
  }
  return undefined;
}

/** The largest step between neighbours over the mean of the steps before it; 0 when it is the first, or nothing grows. */
export function jump(y: readonly number[]): number {
  const steps = y.slice(1).map((value, i) => value - (y[i] as number));
  const largest = steps.indexOf(Math.max(...steps));
  if (largest < 1) return 0;
  const before = mean(steps.slice(0, largest));
  return before <= 0 ? Number.POSITIVE_INFINITY : (steps[largest] as number) / before;
}

/** The largest rise of an ever growing count over any `length` rows. */
export function steepest(counts: readonly number[], length: number): number {
  let most = 0;
  for (let end = 0; end < counts.length; end++) {
    const start = end < length ? 0 : (counts[end - length] as number);
    most = Math.max(most, (counts[end] as number) - start);
  }
  return most;
}

/** The highest mean of `length` values in a row; of all of them where there are fewer. */
export function highestMean(values: readonly number[], length: number): number {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) as number) + value);
  return steepest(sums.slice(1), length) / Math.min(length, values.length);
}
