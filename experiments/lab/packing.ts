// Packing: vnodes of different sizes onto equal hosts, the largest first, each onto the first host with room.

export interface Item {
  readonly memory: number;
  readonly cpu: number;
}

export interface Room extends Item {
  /** Vnodes that one host may have. */
  readonly vnodes: number;
}

/** Rounding of sums of cores. */
const EPSILON = 1e-9;

/** Indices of items that a host has no room for, even alone. */
export const tooLarge = (items: readonly Item[], room: Item): number[] =>
  [...items.keys()].filter((i) => {
    const { memory, cpu } = items[i] as Item;
    return memory > room.memory || cpu > room.cpu + EPSILON;
  });

/** Indices of the items, by host. Items that fit on no host are left out. First-fit decreasing: at most a fifth more hosts than needed. */
export function packed(items: readonly Item[], room: Room): number[][] {
  if (room.vnodes < 1) return [];
  const weight = ({ memory, cpu }: Item) => Math.max(memory / room.memory, cpu / room.cpu);
  const large = new Set(tooLarge(items, room));
  const order = [...items.keys()]
    .filter((i) => !large.has(i))
    .sort((a, b) => weight(items[b] as Item) - weight(items[a] as Item) || a - b);
  const hosts: { on: number[]; memory: number; cpu: number }[] = [];
  for (const i of order) {
    const { memory, cpu } = items[i] as Item;
    const place = hosts.find(
      (host) =>
        host.on.length < room.vnodes && host.memory + memory <= room.memory && host.cpu + cpu <= room.cpu + EPSILON,
    );
    if (place) {
      place.on.push(i);
      place.memory += memory;
      place.cpu += cpu;
    } else hosts.push({ on: [i], memory, cpu });
  }
  return hosts.map(({ on }) => on.sort((a, b) => a - b));
}

/** Hosts, in fractions, that each kind of room asks for by itself: no packing needs fewer than the largest. */
export function neededHosts(items: readonly Item[], room: Room): Readonly<Record<keyof Room, number>> {
  const sum = (of: (item: Item) => number) => items.reduce((total, item) => total + of(item), 0);
  return {
    memory: sum(({ memory }) => memory) / room.memory,
    cpu: sum(({ cpu }) => cpu) / room.cpu,
    vnodes: items.length / Math.max(1, room.vnodes),
  };
}
