// The clock of a host whose governor lets it follow the load (drivers/cpufreq/cpufreq_ondemand.c, Linux 2.6.32):
// straight to the highest clock when the busiest core passes the up threshold, else the lowest clock that would keep
// that core ten points below it. All cores share one clock, as on a Core 2 Duo.

/** ns between samples; the kernel derives it from the transition latency, tens of milliseconds on laptops. */
const SAMPLING = 80_000_000;
const UP_THRESHOLD = 0.8;
const DOWN_DIFFERENTIAL = 0.1;

/** What the governor looks at: a core's load. */
export interface Governed {
  /** Wall ns that the core has been busy by `now`. */
  busyUntil(now: number): number;
  /** The same at the governor's last look. */
  busyAtSample: number;
}

export class Governor {
  /** Present clock over the highest. */
  clock: number;
  private sampledAt = 0;

  constructor(private readonly lowest: number) {
    this.clock = lowest;
  }

  /** Looks at the load since the last sample, if one is due. */
  sample(now: number, cores: readonly Governed[]): void {
    if (this.lowest === 1 || now - this.sampledAt < SAMPLING) return;
    const elapsed = now - this.sampledAt;
    let load = 0;
    for (const core of cores) {
      const busy = core.busyUntil(now) - core.busyAtSample;
      core.busyAtSample = core.busyUntil(now);
      if (busy / elapsed > load) load = busy / elapsed;
    }
    this.sampledAt = now;
    if (load > UP_THRESHOLD) this.clock = 1;
    else {
      const wanted = (this.clock * load) / (UP_THRESHOLD - DOWN_DIFFERENTIAL);
      if (wanted < this.clock) this.clock = wanted > this.lowest ? wanted : this.lowest;
    }
  }
}
