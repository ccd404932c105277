// Swarms as fluids: closed forms that bound a download (Kumar and Ross) or describe a steady swarm (Qiu and Srikant).

/** Sizes in any unit of data, rates in that unit a second. */
export interface DistributionProblem {
  readonly file: number;
  /** Upload rate of all seeders together. */
  readonly seeding: number;
  readonly leechers: number;
  /** Upload and download rate of each leecher. */
  readonly upload: number;
  readonly download: number;
}

/**
 * Seconds that the last leecher needs at least: the file once through the seeders, once through its own downlink, and
 * all copies through all uplinks (Kumar and Ross, Peer-assisted file distribution: the minimum distribution time,
 * HotWeb 2006).
 */
export function minimumDistributionTime(problem: DistributionProblem): number {
  const { file, seeding, leechers, upload, download } = problem;
  return Math.max(file / seeding, file / download, (leechers * file) / (seeding + leechers * upload));
}

/** Rates in files a second, as in Qiu and Srikant's model. */
export interface FluidSwarm {
  /** Upload and download rate of a peer. */
  readonly upload: number;
  readonly download: number;
  /** How much of a leecher's upload finds takers, 0 to 1. */
  readonly effectiveness: number;
  /** Rates at which leechers give up and seeders leave. */
  readonly abort: number;
  readonly leave: number;
}

export interface FluidSteadyState {
  /** Seconds a leecher stays. */
  readonly downloadTime: number;
  /** Leechers and seeders for each peer that arrives in a second. */
  readonly leechers: number;
  readonly seeders: number;
}

/** Steady state of Qiu and Srikant (Modeling and performance analysis of BitTorrent-like networks, SIGCOMM 2004). */
export function fluidSteadyState({ upload, download, effectiveness, abort, leave }: FluidSwarm): FluidSteadyState {
  const longest = Math.max(1 / download, (1 / effectiveness) * (1 / upload - 1 / leave));
  const downloadTime = 1 / (abort + 1 / longest);
  return { downloadTime, leechers: downloadTime, seeders: 1 / (leave * (1 + abort * longest)) };
}
