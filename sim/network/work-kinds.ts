// What packet work there is.

/** Kinds of packet work; an item is `id * KINDS + kind`. From releases on they have no packet. */
export const WORK = {
  transmit: 0,
  forward: 1,
  releasedUp: 2,
  arrive: 3,
  access: 4,
  receive: 5,
  releasedDown: 6,
  releasedWhole: 7,
  release: 8,
  flood: 9,
  timer: 10,
  sharedRelease: 11,
  sharedTimer: 12,
  tasklet: 13,
  rouse: 14,
  sharedRouse: 15,
} as const;
export const KINDS = 16;
