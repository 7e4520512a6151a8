import { baseOf, cidrFamily, prefixLength, type Cidr } from '../base/cidr.ts';
import { familyOf, ipFromU128, ipFromU32, toU128, toU32, type Ip, type IpFamily } from '../base/ip.ts';

/** Addresses that the given networks cannot tell apart; both ends included. */
export interface Segment { readonly from: Ip; readonly to: Ip }

const BITS = { 4: 32, 6: 128 } as const;
const value = (ip: Ip, family: IpFamily): bigint => (family === 4 ? BigInt(toU32(ip)) : toU128(ip));
const toIp = (n: bigint, family: IpFamily): Ip => (family === 4 ? ipFromU32(Number(n)) : ipFromU128(n));

/** Cuts a family's whole address space at the edges of these networks. */
export function segmentsOf(networks: readonly Cidr[], family: IpFamily): readonly Segment[] {
  const end = 1n << BigInt(BITS[family]);
  const cuts = new Set<bigint>([0n]);
  for (const network of networks) {
    if (cidrFamily(network) !== family) continue;
    const from = value(baseOf(network), family);
    cuts.add(from);
    cuts.add(from + (1n << BigInt(BITS[family] - prefixLength(network))));
  }
  cuts.delete(end);
  const starts = [...cuts].toSorted((a, b) => (a < b ? -1 : 1));
  return starts.map((from, i) => ({ from: toIp(from, family), to: toIp((starts[i + 1] ?? end) - 1n, family) }));
}

/** Finds the segment of an address among sorted segments of both families: its number, which is all that these networks know of it; -1 without any of its family. */
export function segmentFinder(segments: readonly Segment[]): (ip: Ip) => number {
  const ofFamily = (family: IpFamily) => segments.flatMap((segment, i) => (familyOf(segment.from) === family ? [{ i, start: value(segment.from, family) }] : []));
  const known = { 4: ofFamily(4), 6: ofFamily(6) } as const;
  return (ip) => {
    const family = familyOf(ip);
    const list = known[family];
    const wanted = value(ip, family);
    let [low, high] = [0, list.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (list[middle]!.start <= wanted) low = middle;
      else high = middle - 1;
    }
    return list[low]?.i ?? -1;
  };
}
