// Leaves of nested groups by their name: `cpu.taskWake`, `clients.aria2.startWork`.

/** @throws TypeError when a group on its path is not there. */
export const leafAt = (group: unknown, name: string): unknown =>
  name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], group);

/** A copy with the leaf of that name, `cpu.taskWake`, replaced; what lies beside its path is shared. */
export function withLeaf<T>(group: T, name: string, leaf: unknown): T {
  const [first = '', ...rest] = name.split('.');
  const inner = (group as Record<string, unknown>)[first];
  return { ...group, [first]: rest.length === 0 ? leaf : withLeaf(inner, rest.join('.'), leaf) };
}
