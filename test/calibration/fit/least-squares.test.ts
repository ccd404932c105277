// The fit against NIST's certified values, from both certified starts, and what it does at bounds.

import { describe, expect, it } from 'vitest';
import { covarianceOf, EXACT, leastSquares } from '../../../calibration/fit/index.js';
import { certifiedProblems } from './nist.js';

describe("NIST's certified problems", () => {
  for (const { name, model, x, y, starts, certified, errors, squares } of certifiedProblems)
    for (const [which, start] of starts.entries())
      it(`${name} from start ${which + 1}: seven digits of the values, five of their standard errors`, async () => {
        const parameters = start.map((value, i) => ({
          ...{ name: `b${i + 1}`, start: value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
        }));
        const residuals = async (points: readonly (readonly number[])[]) =>
          points.map((point) => x.map((at, i) => model(at, point) - (y[i] as number)));
        const fit = await leastSquares({ parameters, residuals });
        const { errors: found } = covarianceOf(fit, 'from residuals');
        expect(Math.abs(fit.squares / squares - 1)).toBeLessThan(1e-9);
        for (const [i, value] of certified.entries()) {
          expect(Math.abs((fit.values[i] as number) / value - 1)).toBeLessThan(1e-7);
          expect(Math.abs((found[i] as number) / (errors[i] as number) - 1)).toBeLessThan(1e-5);
        }
      });
});

it.each(certifiedProblems)('comes to the same with corrected derivatives: $name', async (problem) => {
  const { model, x, y, starts, certified } = problem;
  const [, near = []] = starts;
  const parameters = near.map((start, i) => ({ name: `b${i + 1}`, start, low: -1e6, high: 1e6 }));
  let asked = 0;
  const residuals = async (points: readonly (readonly number[])[]) => {
    asked += points.length;
    return points.map((point) => x.map((at, i) => model(at, point) - (y[i] as number)));
  };
  const pointsOf = async (derivatives: 'fresh' | 'updated') => {
    asked = 0;
    const fit = await leastSquares({ parameters, residuals }, { ...EXACT, derivatives });
    for (const [i, value] of certified.entries())
      expect(Math.abs((fit.values[i] as number) / value - 1)).toBeLessThan(1e-6);
    return asked;
  };
  const fresh = await pointsOf('fresh');
  const updated = await pointsOf('updated');
  // With more than a few parameters, by fewer points.
  if (parameters.length > 4) expect(updated).toBeLessThan(0.8 * fresh);
});

const lineThrough = (points: readonly (readonly [number, number])[]) => async (at: readonly (readonly number[])[]) =>
  at.map(([a = 0, b = 0]) => points.map(([x, y]) => a + b * x - y));

it('looks to both sides before it ends where differences to one side show no slope', async () => {
  const parabola = async (points: readonly (readonly number[])[]) => points.map(([x = 0]) => [(x - 2) ** 2 + 1]);
  const parameters = [{ name: 'x', start: 0, low: -10, high: 10, step: 0.7 }];
  const rules = { reduction: 1e-6, movement: 1e-6, iterations: 60, derivatives: 'fresh' } as const;
  const fit = await leastSquares({ parameters, residuals: parabola }, { ...rules, differences: 'forward' });
  // Half a step before the minimum, ((x + h - 2)^2 - (x - 2)^2) / h is nothing.
  expect(fit.values[0]).toBeCloseTo(2, 2);
});

it('asks for no point of a place twice: the other sides alone before it ends', async () => {
  const asked: string[] = [];
  const line = lineThrough([
    [0, 1],
    [1, 3.5],
    [2, 5],
  ]);
  const parameters = ['a', 'b'].map((name) => ({ name, start: 0, low: -10, high: 10, step: 0.5 }));
  const residuals = (points: readonly (readonly number[])[]) => {
    asked.push(...points.map((point) => point.join(' ')));
    return line(points);
  };
  const fit = await leastSquares({ parameters, residuals }, { ...EXACT, differences: 'forward', reduction: 1e-6 });
  expect(fit.values[1]).toBeCloseTo(2, 3);
  expect(asked.length).toBeGreaterThan(8);
  expect(new Set(asked).size).toBe(asked.length);
});

it('takes derivatives to both sides once, where it corrects those that it has', async () => {
  const batches: number[] = [];
  const residuals = async (points: readonly (readonly number[])[]) => {
    batches.push(points.length);
    return points.map(([x = 0, y = 0]) => [(x - 2) ** 2 + 1, (y - 1) ** 2 + 0.5 * x]);
  };
  const parameters = ['x', 'y'].map((name) => ({ name, start: 0, low: -10, high: 10, step: 0.7 }));
  const rules = { reduction: 1e-6, movement: 1e-6, iterations: 60, derivatives: 'updated' } as const;
  const best = await leastSquares({ parameters, residuals });
  batches.length = 0;
  const fit = await leastSquares({ parameters, residuals }, { ...rules, differences: 'forward' });
  expect(fit.squares).toBeLessThan(1.001 * best.squares);
  // Two points are one side of both, or the other; four would be both again.
  expect(Math.max(...batches)).toBe(2);
});

describe('bounds', () => {
  it('hold a parameter that would pass them, and the others are the best beside it', async () => {
    const residuals = lineThrough([
      [0, 1],
      [1, 3],
      [2, 5],
    ]);
    const fit = await leastSquares({
      parameters: [
        { name: 'a', start: 0, low: -10, high: 10 },
        { name: 'b', start: 0, low: -10, high: 1.5 },
      ],
      residuals,
    });
    expect(fit.values[1]).toBe(1.5);
    // The mean of y - 1.5 x.
    expect(fit.values[0]).toBeCloseTo(1.5, 9);
  });

  it('do not hold a parameter that starts at one and belongs inside', async () => {
    const residuals = lineThrough([
      [0, 1],
      [1, 3],
    ]);
    const fit = await leastSquares({
      parameters: [
        { name: 'a', start: 10, low: -10, high: 10 },
        { name: 'b', start: -10, low: -10, high: 10 },
      ],
      residuals,
    });
    expect(fit.values[0]).toBeCloseTo(1, 9);
    expect(fit.values[1]).toBeCloseTo(2, 9);
  });
});
