// The neighbour table as users meet it: what fits, what is refused, and when there is room again.

import { describe, expect, it } from 'vitest';
import { NEIGHBOUR_COLLECTION_INTERVAL, NeighbourState, NeighbourTable } from '../../../models/index.js';

const SECOND = 1e9;
const DEFAULTS = { gcThresh1: 128, gcThresh2: 512, gcThresh3: 1024 };
const MODERN = { routeHoldsNeighbour: false };
const middle = { uniform: () => 0.5 };

const times = (factor: number) => ({
  gcThresh1: DEFAULTS.gcThresh1 * factor,
  gcThresh2: DEFAULTS.gcThresh2 * factor,
  gcThresh3: DEFAULTS.gcThresh3 * factor,
});
const table = (thresholds = DEFAULTS, surroundings: ConstructorParameters<typeof NeighbourTable>[1] = MODERN) =>
  new NeighbourTable(thresholds, surroundings, middle);

/** Every peer asks for and finds every other, a millisecond apart. */
function mesh(peers: number, neighbours: NeighbourTable): void {
  let now = 0;
  for (let owner = 0; owner < peers; owner++)
    for (let peer = 0; peer < peers; peer++) {
      if (owner === peer || neighbours.find(owner, peer) >= 0) continue;
      const id = neighbours.create(owner, peer, now);
      if (id < 0) continue;
      if (neighbours.heard(peer, owner, now) >= 0) neighbours.resolved(id, now);
      now += 1e6;
    }
}

describe('capacity', () => {
  it('stops a burst of 1,500 at 1,022 beside the host and its router, and lets new ones in 45 s later', () => {
    const neighbours = table();
    const [host, router, sender] = [0, 1, 2];
    neighbours.resolved(neighbours.create(host, router, 0), 0);
    neighbours.resolved(neighbours.create(router, host, 0), 0);
    let entered = 0;
    for (let peer = 0; peer < 1500; peer++) {
      const id = neighbours.create(sender, 10 + peer, peer);
      if (id < 0) continue;
      entered++;
      neighbours.resolved(id, peer);
    }
    expect(entered).toBe(1022);
    expect(neighbours).toMatchObject({ entries: 1024, peak: 1024, refused: 478, overflows: 478 });

    const later = 45 * SECOND;
    for (let peer = 0; peer < 400; peer++)
      expect(neighbours.create(sender, 5000 + peer, later)).toBeGreaterThanOrEqual(0);
    expect(neighbours.refused).toBe(478);
    expect(neighbours.peak).toBe(1024);
  });

  it('counts all namespaces together: a full mesh of 32 fits, one of 33 does not', () => {
    const fits = table();
    mesh(32, fits);
    expect(fits).toMatchObject({ entries: 32 * 31, refused: 0, overflows: 0 });
    const overflows = table();
    mesh(33, overflows);
    expect(overflows.entries).toBe(1024);
    expect(overflows.refused).toBeGreaterThan(0);
  });

  it('never overflows with thresholds 256 times as large', () => {
    const neighbours = table(times(256));
    mesh(300, neighbours);
    expect(neighbours).toMatchObject({ entries: 300 * 299, refused: 0, overflows: 0 });
  });

  it('keeps IPv4 and IPv6 apart: each protocol has a table of its own', () => {
    const [four, six] = [table(), table()];
    mesh(33, four);
    mesh(32, six);
    expect(four.overflows).toBeGreaterThan(0);
    expect(six.overflows).toBe(0);
  });

  it('counts neither permanent entries nor loopback', () => {
    const neighbours = table(times(0));
    expect(neighbours.permanent(0, 1)).toBe(neighbours.find(0, 1));
    expect(neighbours.create(5, 5, 0)).toBe(neighbours.find(5, 5));
    expect(neighbours.create(0, 2, 0)).toBe(-1);
    expect(neighbours.entries).toBe(0);
    neighbours.failed(neighbours.find(0, 1), 0);
    expect(neighbours.used(neighbours.find(0, 1), 100 * SECOND)).toBe(NeighbourState.permanent);
  });

  it('counts a pair that keeps asking once among the refused, and every time among the overflows', () => {
    const neighbours = table(times(0));
    for (let second = 0; second < 3; second++) neighbours.create(0, 1, second * SECOND);
    neighbours.create(1, 0, 0);
    expect(neighbours).toMatchObject({ refused: 2, overflows: 4 });
  });
});

describe('states', () => {
  it('asks for three seconds, then fails, and asks again only when told to', () => {
    const neighbours = table();
    const id = neighbours.create(0, 1, 0);
    expect(neighbours.state(id, 3 * SECOND - 1)).toBe(NeighbourState.incomplete);
    expect(neighbours.used(id, 3 * SECOND)).toBe(NeighbourState.failed);
    neighbours.resolve(id, 4 * SECOND);
    expect(neighbours.state(id, 5 * SECOND)).toBe(NeighbourState.incomplete);
    neighbours.resolved(id, 5 * SECOND);
    expect(neighbours.state(id, 5 * SECOND)).toBe(NeighbourState.reachable);
  });

  it('is reachable for half to one and a half times 30 s, as drawn for each owner', () => {
    for (const [uniform, seconds] of [
      [0, 15],
      [0.5, 30],
      [1 - 2 ** -32, 44.9],
    ] as const) {
      const neighbours = new NeighbourTable(DEFAULTS, MODERN, { uniform: () => uniform });
      const id = neighbours.create(0, 1, 0);
      neighbours.resolved(id, 0);
      expect(neighbours.state(id, seconds * SECOND - 1)).toBe(NeighbourState.reachable);
      expect(neighbours.state(id, (seconds + 0.1) * SECOND)).toBe(NeighbourState.stale);
    }
  });

  it('stays reachable as long as the transport confirms', () => {
    const neighbours = table();
    const id = neighbours.create(0, 1, 0);
    neighbours.resolved(id, 0);
    for (let second = 0; second < 200; second += 20) neighbours.confirm(id, second * SECOND);
    expect(neighbours.state(id, 209 * SECOND)).toBe(NeighbourState.reachable);
    expect(neighbours.state(id, 211 * SECOND)).toBe(NeighbourState.stale);
  });

  it('waits five seconds for a confirmation when used while stale, then asks the known address', () => {
    const up = table();
    const id = up.create(0, 1, 0);
    up.resolved(id, 0);
    expect(up.used(id, 40 * SECOND)).toBe(NeighbourState.delay);
    expect(up.used(id, 45 * SECOND - 1)).toBe(NeighbourState.delay);
    expect(up.used(id, 45 * SECOND)).toBe(NeighbourState.reachable);

    const down = table(DEFAULTS, { ...MODERN, answers: () => false });
    const silent = down.create(0, 1, 0);
    down.resolved(silent, 0);
    down.used(silent, 40 * SECOND);
    expect(down.state(silent, 46 * SECOND)).toBe(NeighbourState.probe);
    expect(down.state(silent, 48 * SECOND)).toBe(NeighbourState.failed);

    const confirmed = table(DEFAULTS, { ...MODERN, answers: () => false });
    const used = confirmed.create(0, 1, 0);
    confirmed.resolved(used, 0);
    confirmed.used(used, 40 * SECOND);
    confirmed.confirm(used, 41 * SECOND);
    expect(confirmed.state(used, 46 * SECOND)).toBe(NeighbourState.reachable);
  });

  it('learns the address of a peer that asks, without vouching for it', () => {
    const neighbours = table();
    const fresh = neighbours.heard(0, 1, 0);
    expect(neighbours.state(fresh, 0)).toBe(NeighbourState.stale);
    neighbours.resolved(fresh, SECOND);
    expect(neighbours.heard(0, 1, 2 * SECOND)).toBe(fresh);
    expect(neighbours.state(fresh, 2 * SECOND)).toBe(NeighbourState.reachable);
    expect(table(times(0)).heard(0, 1, 0)).toBe(-1);
  });
});

describe('collection', () => {
  it('never runs periodically below gc_thresh1', () => {
    const neighbours = table();
    for (let peer = 1; peer < 128; peer++) neighbours.heard(0, peer, 0);
    for (let now = 0; now < 1000 * SECOND; now += NEIGHBOUR_COLLECTION_INTERVAL) neighbours.collectPeriodically(now);
    expect(neighbours.entries).toBe(127);
    neighbours.heard(0, 500, 1000 * SECOND);
    neighbours.collectPeriodically(1001 * SECOND);
    expect(neighbours.entries).toBe(1);
  });

  it('takes entries unused for 60 s, and failed ones at once', () => {
    const neighbours = table(times(0.5));
    for (let peer = 1; peer <= 100; peer++) neighbours.heard(0, peer, 0);
    neighbours.failed(neighbours.find(0, 1), 0);
    neighbours.collectPeriodically(59 * SECOND);
    expect(neighbours.entries).toBe(99);
    neighbours.collectPeriodically(60 * SECOND);
    expect(neighbours.entries).toBe(0);
    expect(neighbours.find(0, 2)).toBe(-1);
  });

  it('is forced from gc_thresh2 on, at most every 5 s, and stops there', () => {
    const neighbours = table();
    for (let peer = 1; peer <= 700; peer++) neighbours.heard(0, peer, 0);
    expect(neighbours.entries).toBe(700);
    neighbours.heard(0, 1001, 6 * SECOND);
    expect(neighbours.entries).toBe(512);
    for (let peer = 0; peer < 100; peer++) neighbours.heard(1, 2000 + peer, 7 * SECOND);
    expect(neighbours.entries).toBe(612);
    neighbours.heard(2, 1, 12 * SECOND);
    expect(neighbours.entries).toBe(512);
    expect(neighbours.refused).toBe(0);
  });

  it('spares young entries, and takes the oldest first', () => {
    const neighbours = table();
    for (let peer = 1; peer <= 1024; peer++) neighbours.heard(0, peer, 0);
    expect(neighbours.heard(0, 5000, 5 * SECOND)).toBe(-1);
    expect(neighbours.heard(0, 5000, 5 * SECOND + 1)).toBeGreaterThanOrEqual(0);
    expect(neighbours.entries).toBe(512);
    expect(neighbours.find(0, 513)).toBe(-1);
    expect(neighbours.find(0, 514)).toBeGreaterThanOrEqual(0);
  });

  it('cannot take what a cached route holds, where the kernel has such routes', () => {
    for (const routeHoldsNeighbour of [true, false]) {
      const neighbours = table(DEFAULTS, { routeHoldsNeighbour });
      for (let peer = 1; peer <= 1024; peer++) neighbours.hold(neighbours.heard(0, peer, 0));
      expect(neighbours.create(0, 5000, 100 * SECOND) < 0).toBe(routeHoldsNeighbour);
      neighbours.release(neighbours.find(0, 1024));
      expect(neighbours.create(0, 5001, 200 * SECOND)).toBeGreaterThanOrEqual(0);
    }
  });

  it('keeps its index in order through thousands of entries that come and go', () => {
    const neighbours = table(times(16));
    for (let round = 0; round < 20; round++) {
      const now = round * 70 * SECOND;
      neighbours.collectPeriodically(now);
      for (let peer = 0; peer < 2500; peer++)
        expect(neighbours.heard(round, 1000 + peer * 7, now)).toBe(neighbours.find(round, 1000 + peer * 7));
      expect(neighbours.entries).toBe(2500);
    }
  });
});
