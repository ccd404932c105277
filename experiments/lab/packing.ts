// Packing: vnodes of different sizes onto equal hosts, the largest first, each onto the first host with room.

export interface Item {
  readonly memory: number;
  readonly cpu: number;
}

export interface Room extends Item {
  /** Vnodes that one host may have. */
  readonly vnodes: number;
}

/** Indices of the items, by host. Items that fit on no host are left out. First-fit decreasing: at most a fifth more hosts than needed. */
export function packed(items: readonly Item[], room: Room): { hosts: number[][]; tooLarge: number[] } {
  const weight = ({ memory, cpu }: Item) => Math.max(memory / room.memory, cpu / room.cpu);
  const fits = (item: Item) => room.vnodes >= 1 && item.memory <= room.memory && item.cpu <= room.cpu;
  const tooLarge = [...items.keys()].filter((i) => !fits(items[i] as Item));
  const order = [...items.keys()]
    .filter((i) => fits(items[i] as Item))
    .sort((a, b) => weight(items[b] as Item) - weight(items[a] as Item) || a - b);
  const hosts: { on: number[]; memory: number; cpu: number }[] = [];
  for (const i of order) {
    const { memory, cpu } = items[i] as Item;
    const place = hosts.find(
      (host) =>
        host.on.length < room.vnodes && host.memory + memory <= room.memory && host.cpu + cpu <= room.cpu + 1e-9,
    );
    if (place) {
      place.on.push(i);
      place.memory += memory;
      place.cpu += cpu;
    } else hosts.push({ on: [i], memory, cpu });
  }
  return { hosts: hosts.map(({ on }) => on.sort((a, b) => a - b)), tooLarge };
}

/** Hosts that each kind of room asks for by itself: no packing needs fewer than the largest. */
export function leastHosts(items: readonly Item[], room: Room): Readonly<Record<keyof Room, number>> {
  const sum = (of: (item: Item) => number) => items.reduce((total, item) => total + of(item), 0);
  return {
    memory: Math.ceil(sum(({ memory }) => memory) / room.memory),
    cpu: Math.ceil(sum(({ cpu }) => cpu) / room.cpu - 1e-9),
    vnodes: Math.ceil(items.length / Math.max(1, room.vnodes)),
  };
}
