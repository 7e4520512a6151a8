import { compareIps, familyOf, parseIp, type Ip } from '../base/ip.ts';
import type { Cluster, Outsider } from './types.ts';

/** Addresses outside, both ends included. */
export interface OutsideRange { readonly first: Ip; readonly last: Ip }

/** `10.0.0.0-10.255.255.255`, as reach names a range; null for any other name. */
export function parseOutsideRange(name: string): OutsideRange | null {
  const [first, last] = name.split('-').map(parseIp);
  return first && last ? { first, last } : null;
}

/** The machine outside that stands in a range, as a question names it, and its address there; one of the wanted kind is looked for first. */
export function machineIn({ outsiders }: Pick<Cluster, 'outsiders'>, { first, last }: OutsideRange, wanted: Outsider['kind']): { readonly id: string; readonly ip: Ip } | null {
  const inside = (ip: Ip): boolean => familyOf(ip) === familyOf(first) && compareIps(first, ip) <= 0 && compareIps(ip, last) <= 0;
  const found = [...outsiders].toSorted((a, b) => Number(b.kind === wanted) - Number(a.kind === wanted)).find(({ addresses }) => addresses.some(inside));
  return found ? { id: `${found.kind}/${found.name}`, ip: found.addresses.find(inside)! } : null;
}
