// Round-trip times per vnode as a histogram of fixed log-spaced buckets: percentiles without storing samples.
// Each power of two is cut into 32 equal buckets (the HDR histogram's layout), so a percentile is exact to 1/32.

const SUB_BITS = 5;
const SUB = 1 << SUB_BITS;
/** Samples are kept in units of 2^10 ns (about 1 us) up to 2^31 of them (about 36 min). */
const UNIT_BITS = 10;
const UNIT = 1 << UNIT_BITS;
const LARGEST = 2 ** 31 - 1;
const BUCKETS = (31 - SUB_BITS + 1) * SUB;

/** `units`: an integer in [0, 2^31). */
function bucketOf(units: number): number {
  if (units < SUB) return units;
  const power = 31 - Math.clz32(units) - SUB_BITS;
  return ((power + 1) << SUB_BITS) + ((units >>> power) & (SUB - 1));
}

/** The bucket's middle, in units. */
function middleOf(bucket: number): number {
  if (bucket < SUB) return bucket;
  const power = (bucket >> SUB_BITS) - 1;
  const low = (SUB + (bucket & (SUB - 1))) * (1 << power);
  return low + ((1 << power) - 1) / 2;
}

export class RttHistogram {
  private counts: Uint32Array;
  private vnodes: number;

  constructor(vnodes = 64) {
    this.counts = new Uint32Array(vnodes * BUCKETS);
    this.vnodes = vnodes;
  }

  /** `rtt`: ns, not negative. */
  add(vnode: number, rtt: number): void {
    if (vnode >= this.vnodes) this.grow(vnode);
    const units = rtt >= LARGEST * UNIT ? LARGEST : Math.floor(rtt / UNIT);
    this.counts[vnode * BUCKETS + bucketOf(units)]++;
  }

  /** Samples of the vnode. */
  count(vnode: number): number {
    if (vnode >= this.vnodes) return 0;
    let total = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) total += this.counts[vnode * BUCKETS + bucket];
    return total;
  }

  /** The sample below which `share` (0 to 1) of the vnode's samples lie, ns; undefined when it has none. */
  quantile(vnode: number, share: number): number | undefined {
    const total = this.count(vnode);
    if (total === 0) return undefined;
    const rank = Math.min(total, Math.max(1, Math.ceil(share * total)));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[vnode * BUCKETS + bucket];
      if (seen >= rank) return Math.round((middleOf(bucket) + 0.5) * UNIT);
    }
    throw new Error('histogram holds fewer samples than it counted');
  }

  private grow(vnode: number): void {
    while (this.vnodes <= vnode) this.vnodes *= 2;
    const counts = new Uint32Array(this.vnodes * BUCKETS);
    counts.set(this.counts);
    this.counts = counts;
  }
}
