// A tracker's peer selection: whom it hands out to a peer that announces (BEP 3).

import type { Chance } from '../chance.js';

/** Swarm members that have announced themselves. Members are indexes into the swarm's directory. */
export class AnnouncedPeers {
  /** The first `count` are valid; selections may reorder them. */
  members = new Int32Array(64);
  count = 0;
  private readonly known = new Set<number>();

  /** Announcing again changes nothing. */
  add(member: number): void {
    if (this.known.has(member)) return;
    this.known.add(member);
    if (this.count === this.members.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.members);
      this.members = larger;
    }
    this.members[this.count++] = member;
  }

  /** Whoever has left is named to nobody any more. */
  remove(member: number): void {
    if (!this.known.delete(member)) return;
    const place = this.members.subarray(0, this.count).indexOf(member);
    this.members[place] = this.members[--this.count];
  }
}

/** The rule by which peers get acquainted. */
export interface PeerSelection {
  /** Puts up to `want` announced members other than `asking` into `chosen`; returns how many. No member twice. */
  select(asking: number, want: number, announced: AnnouncedPeers, chance: Chance, chosen: Int32Array): number;
}

/** Draws `want` of the first `count` items without putting back, by the first steps of a shuffle. */
function draw(
  items: Int32Array,
  count: number,
  want: number,
  chance: Chance,
  chosen: Int32Array,
  from: number,
): number {
  const taken = want < count ? want : count;
  for (let i = 0; i < taken; i++) {
    const j = i + chance.below(count - i);
    const item = items[j];
    items[j] = items[i];
    items[i] = item;
    chosen[from + i] = item;
  }
  return taken;
}

/** Uniformly at random, as trackers do. */
export const uniformSelection: PeerSelection = {
  select(asking, want, announced, chance, chosen) {
    const most = want < chosen.length ? want : chosen.length;
    const { members, count } = announced;
    let others = count;
    for (let i = 0; i < count; i++) {
      if (members[i] !== asking) continue;
      members[i] = members[count - 1];
      members[count - 1] = asking;
      others--;
      break;
    }
    return draw(members, others, most, chance, chosen, 0);
  },
};

/**
 * Each peer handed out is, with the probability that `nearShare` gives for the asking member, one that is near to it,
 * otherwise one that is not; when one kind is used up, the other fills the list. For a range that is composed of one
 * simulated host and remote peers: `near` is the same host, `nearShare` the chance that it has in the whole range.
 */
export function nearSelection(
  near: (asking: number, other: number) => boolean,
  nearShare: (asking: number) => number,
): PeerSelection {
  let close = new Int32Array(64);
  let far = new Int32Array(64);
  return {
    select(asking, want, announced, chance, chosen) {
      const { members, count } = announced;
      if (close.length < count) {
        close = new Int32Array(members.length);
        far = new Int32Array(members.length);
      }
      let closeCount = 0;
      let farCount = 0;
      for (let i = 0; i < count; i++) {
        const member = members[i];
        if (member === asking) continue;
        if (near(asking, member)) close[closeCount++] = member;
        else far[farCount++] = member;
      }
      const most = Math.min(want, chosen.length, closeCount + farCount);
      const share = nearShare(asking);
      let fromNear = 0;
      for (let i = 0; i < most; i++) if (chance.uniform() < share) fromNear++;
      fromNear = Math.min(closeCount, Math.max(fromNear, most - farCount));
      draw(close, closeCount, fromNear, chance, chosen, 0);
      return fromNear + draw(far, farCount, most - fromNear, chance, chosen, fromNear);
    },
  };
}
