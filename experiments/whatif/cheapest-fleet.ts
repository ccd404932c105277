// The cheapest fleet: how many hosts of each kind hold a range for the least money, as an integer program.

import highs from 'highs';

export interface Offer {
  readonly host: string;
  /** Whole vnodes that one such host holds; a pair is never divided. */
  readonly vnodesPerHost: number;
  /** null: as many as wanted. */
  readonly available: number | null;
  /** Of one host, in any currency. */
  readonly price: number;
}

/** Hosts of each offer, in order; null: all that there are do not hold the range. */
export async function cheapestFleet(offers: readonly Offer[], vnodes: number): Promise<number[] | null> {
  const useful = [...offers.keys()].filter((i) => (offers[i] as Offer).vnodesPerHost > 0);
  if (useful.length === 0) return null;
  const sum = (of: (offer: Offer) => number) => useful.map((i) => `${of(offers[i] as Offer)} x${i}`).join(' + ');
  const most = ({ available, vnodesPerHost }: Offer) => available ?? Math.ceil(vnodes / vnodesPerHost);
  const bounds = useful.map((i) => ` 0 <= x${i} <= ${most(offers[i] as Offer)}`);
  const program = [
    'Minimize',
    ` cost: ${sum(({ price }) => price)}`,
    'Subject To',
    ` holds: ${sum(({ vnodesPerHost }) => vnodesPerHost)} >= ${vnodes}`,
    'Bounds',
    ...bounds,
    'General',
    ` ${useful.map((i) => `x${i}`).join(' ')}`,
    'End',
  ].join('\n');
  // The package's types are those of its CommonJS build, whose default is one level further in.
  const solver = await (highs as unknown as typeof highs.default)();
  // The solver is content with a ten-thousandth above the least otherwise.
  const solution = solver.solve(program, { mip_rel_gap: 0, mip_abs_gap: 0 });
  if (solution.Status === 'Infeasible') return null;
  if (solution.Status !== 'Optimal') throw new Error(`the solver ended with ${solution.Status}`);
  return offers.map((_, i) => Math.abs(Math.round(Number(solution.Columns[`x${i}`]?.Primal ?? 0))));
}
