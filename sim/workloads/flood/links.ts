// The links of an overlay: who is whose neighbour over which stream, and how long a message takes there and back.

import type { RandomStream } from '../../random.js';

export interface OverlayLink {
  /** The own end. */
  readonly endpoint: number;
  readonly peer: number;
  /** This end opened it, and may give it up. */
  readonly own: boolean;
  /** ns; NaN: not measured. */
  rtt: number;
  /** When the last probe went out; -1: none is on its way. */
  probedAt: number;
  /** It is on trial beside the links that the vnode has. */
  candidate: boolean;
}

export class OverlayLinks {
  private readonly of: OverlayLink[][];
  private readonly byEndpoint = new Map<number, OverlayLink>();

  constructor(vnodes: number) {
    this.of = Array.from({ length: vnodes }, () => []);
  }

  at(vnode: number): readonly OverlayLink[] {
    return this.of[vnode];
  }

  /** Undefined: it was given up, and only stragglers come. */
  link(endpoint: number): OverlayLink | undefined {
    return this.byEndpoint.get(endpoint);
  }

  /** Both ends of a new stream; returns the one that opened it. */
  add(client: number, server: number, endpoint: number, candidate: boolean): OverlayLink {
    const fresh = { rtt: Number.NaN, probedAt: -1 };
    const own: OverlayLink = { ...fresh, endpoint, peer: server, own: true, candidate };
    const other: OverlayLink = { ...fresh, endpoint: endpoint + 1, peer: client, own: false, candidate: false };
    this.of[client].push(own);
    this.of[server].push(other);
    this.byEndpoint.set(endpoint, own).set(endpoint + 1, other);
    return own;
  }

  /** Both ends forget it. */
  remove(link: OverlayLink): void {
    for (const endpoint of [link.endpoint, link.endpoint ^ 1]) this.byEndpoint.delete(endpoint);
    const [mine, theirs] = [link.endpoint, link.endpoint ^ 1];
    for (const links of this.of) {
      const place = links.findIndex(({ endpoint }) => endpoint === mine || endpoint === theirs);
      if (place >= 0) links.splice(place, 1);
    }
  }

  has(vnode: number, peer: number): boolean {
    return this.of[vnode].some((link) => link.peer === peer);
  }

  /** A vnode below `bound` that is no neighbour yet; -1: tried in vain. */
  stranger(vnode: number, bound: number, random: RandomStream): number {
    for (let attempt = 0; attempt < 16; attempt++) {
      const peer = random.below(bound);
      if (peer !== vnode && !this.has(vnode, peer)) return peer;
    }
    return -1;
  }

  /** Mean ns there and back over the links that were measured; NaN: none was. */
  meanRtt(): number {
    let sum = 0;
    let count = 0;
    for (const links of this.of)
      for (const { own, rtt, candidate } of links)
        if (own && !candidate && rtt > 0) {
          sum += rtt;
          count++;
        }
    return count > 0 ? sum / count : Number.NaN;
  }
}
