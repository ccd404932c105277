// The addresses of a range: its IPv4 subnet, and which vnode has which address.

export interface AddressRange {
  /** Its network address, as a number from 0 to 2^32 - 1. */
  readonly network: number;
  /** Addresses that vnodes can have: all but the network's own and the broadcast address. */
  readonly count: number;
}

/** A range such as 198.18.0.0/15; undefined when it is none, or too small to hold a vnode. */
export function addressRange(text: string): AddressRange | undefined {
  const [, octets = '', prefix = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(text) ?? [];
  const parts = octets.split('.').map(Number);
  const bits = Number(prefix);
  if (parts.length !== 4 || prefix === '' || parts.some((part) => part > 255) || bits > 30) return undefined;
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  let size = 1;
  for (let bit = bits; bit < 32; bit++) size *= 2;
  return { network: address - (address % size), count: size - 2 };
}

/** The vnode's address, as a number: the first vnode has the first one. */
export function vnodeAddress(range: AddressRange, vnode: number): number {
  return range.network + 1 + vnode;
}

/** First address and number of addresses of the private ranges (RFC 1918). */
const PRIVATE = [
  [10 * 2 ** 24, 2 ** 24],
  [172 * 2 ** 24 + 16 * 2 ** 16, 2 ** 20],
  [192 * 2 ** 24 + 168 * 2 ** 16, 2 ** 16],
] as const;

/** Whether a range lies in a private one, which some clients take for the local network. */
export function isPrivateRange(text: string): boolean {
  const range = addressRange(text);
  return (
    range !== undefined &&
    PRIVATE.some(([base, size]) => range.network >= base && range.network + range.count + 2 <= base + size)
  );
}
