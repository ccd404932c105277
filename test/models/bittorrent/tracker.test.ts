// Whom a tracker hands out.

import { describe, expect, it } from 'vitest';
import { AnnouncedPeers, nearSelection, type PeerSelection, uniformSelection } from '../../../models/index.js';
import { randomStream } from '../../../sim/random.js';

const announced = (count: number) => {
  const peers = new AnnouncedPeers();
  for (let member = 0; member < count; member++) peers.add(member);
  return peers;
};

const tally = (selection: PeerSelection, asking: number, want: number, peers: AnnouncedPeers, rounds: number) => {
  const random = randomStream('test', 'tracker');
  const chosen = new Int32Array(want);
  const counts = new Array<number>(peers.count).fill(0);
  for (let round = 0; round < rounds; round++) {
    const count = selection.select(asking, want, peers, random, chosen);
    const list = [...chosen.subarray(0, count)];
    expect(new Set(list).size).toBe(count);
    expect(list).not.toContain(asking);
    expect(count).toBe(Math.min(want, peers.count - (asking < peers.count ? 1 : 0)));
    for (const member of list) counts[member]++;
  }
  return counts;
};

describe('peer selection', () => {
  it('hands out every other peer equally often', () => {
    const counts = tally(uniformSelection, 3, 10, announced(50), 4900);
    expect(counts[3]).toBe(0);
    for (const [member, count] of counts.entries()) {
      if (member === 3) continue;
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
  });

  it('hands out everyone when there are few, and nobody to the first', () => {
    expect(tally(uniformSelection, 99, 200, announced(5), 1)).toEqual([1, 1, 1, 1, 1]);
    expect(uniformSelection.select(0, 5, new AnnouncedPeers(), randomStream('a', 'b'), new Int32Array(5))).toBe(0);
  });

  it('counts a peer that announces again once', () => {
    const peers = announced(5);
    peers.add(2);
    expect(peers.count).toBe(5);
  });

  it('hands out near peers with the share that is asked for', () => {
    const near = (asking: number, other: number) => asking < 50 === other < 50;
    const counts = tally(
      nearSelection(near, () => 0.25),
      0,
      20,
      announced(100),
      2000,
    );
    const close = counts.slice(0, 50).reduce((sum, count) => sum + count, 0);
    expect(close / (2000 * 20)).toBeGreaterThan(0.24);
    expect(close / (2000 * 20)).toBeLessThan(0.26);
  });

  it('fills the list from the other kind when one is used up', () => {
    const near = (_: number, other: number) => other < 3;
    tally(
      nearSelection(near, () => 1),
      50,
      20,
      announced(60),
      5,
    );
    tally(
      nearSelection(near, () => 0),
      1,
      59,
      announced(60),
      5,
    );
  });
});
