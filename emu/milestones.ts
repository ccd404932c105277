// When each vnode reached each part of what it is to receive, from one look a second.

const PARTS = 32;

export interface Milestones {
  /** Bytes that vnodes have at a moment, in seconds after zero. */
  see(at: number, bytes: ReadonlyMap<number, number>): void;
  /** Seconds at 1/32, 2/32, ..., as many as were reached; between two looks a steady rate is assumed. */
  of(vnode: number): readonly number[];
}

export function trackMilestones(total: number): Milestones {
  const last = new Map<number, { at: number; bytes: number }>();
  const reached = new Map<number, number[]>();
  return {
    see(at, bytes) {
      for (const [vnode, now] of bytes) {
        const before = last.get(vnode) ?? { at, bytes: 0 };
        const list = reached.get(vnode) ?? [];
        while (list.length < PARTS && now >= ((list.length + 1) * total) / PARTS) {
          const share =
            now > before.bytes ? (((list.length + 1) * total) / PARTS - before.bytes) / (now - before.bytes) : 1;
          list.push(before.at + Math.max(0, share) * (at - before.at));
        }
        reached.set(vnode, list);
        last.set(vnode, { at, bytes: now });
      }
    },
    of: (vnode) => reached.get(vnode) ?? [],
  };
}
