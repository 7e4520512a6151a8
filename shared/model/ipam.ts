import { baseOf, cidrFamily, prefixLength, type Cidr } from '../base/cidr.ts';
import { ipFromU128, offsetIp, toU128, type Ip } from '../base/ip.ts';

/** Hands out addresses or ports, each at most once. */
export interface Pool<T> {
  /** Marks a value as taken; false if it already was. */
  readonly take: (value: T) => boolean;
  /** The next free value from the start, or null when there is none left. */
  readonly next: () => T | null;
  /** The free value at this position, or the nearest free one after it (wrapping round); null when there is none left. */
  readonly nextFrom: (position: number) => T | null;
}

function createPool<T>(size: number, valueAt: (position: number) => T, taken: Set<T>): Pool<T> {
  let cursor = 0;
  const claim = (value: T): T => {
    taken.add(value);
    return value;
  };
  const scan = (from: number, count: number): T | null => {
    for (let i = 0; i < count; i++) {
      const value = valueAt((from + i) % size);
      if (!taken.has(value)) return claim(value);
    }
    return null;
  };
  return {
    take: (value) => !taken.has(value) && taken.add(value) !== undefined,
    next: () => {
      while (cursor < size) {
        const value = valueAt(cursor++);
        if (!taken.has(value)) return claim(value);
      }
      return null;
    },
    nextFrom: (position) => (size === 0 ? null : scan(((position % size) + size) % size, Math.min(size, taken.size + 1))),
  };
}

/** How many addresses lie in the network, at most 2³¹ (enough for any pool here). */
export function sizeOf(network: Cidr): number {
  const free = (cidrFamily(network) === 4 ? 32 : 128) - prefixLength(network);
  return free >= 31 ? 0x8000_0000 : 2 ** free;
}

/**
 * Addresses of a network: `first` (an offset) up to the last one before the IPv4 broadcast address.
 * `taken` is shared: several pools can avoid the same addresses.
 */
export function addressPool(network: Cidr, first: number, taken: Set<Ip>): Pool<Ip> {
  const last = sizeOf(network) - (cidrFamily(network) === 4 && sizeOf(network) > 2 ? 1 : 0);
  const base = baseOf(network);
  return createPool(Math.max(0, last - first), (position) => offsetIp(base, first + position), taken);
}

/** Ports `first`–`last`, both included. */
export const portPool = (first: number, last: number, taken: Set<number>): Pool<number> => createPool(last - first + 1, (position) => first + position, taken);

/** The `n`th network of `bits` length inside `outer`, or null where it does not fit. */
export function subnetAt(outer: Cidr, bits: number, n: number): Cidr | null {
  const family = cidrFamily(outer);
  const width = family === 4 ? 32 : 128;
  if (bits < prefixLength(outer) || bits > width) return null;
  const room = bits - prefixLength(outer);
  if (room < 31 && n >= 2 ** room) return null;
  if (family === 4) return `${offsetIp(baseOf(outer), n * 2 ** (width - bits))}/${bits}` as Cidr;
  return `${ipFromU128(toU128(baseOf(outer)) + (BigInt(n) << BigInt(width - bits)))}/${bits}` as Cidr;
}
