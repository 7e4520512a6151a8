import { familyOf, type Ip } from '../base/ip.ts';

/** The addresses of the family that the asker's own first address has, or all of them where it has none of that family. */
export function preferFamily(ips: readonly Ip[], own: readonly Ip[]): readonly Ip[] {
  for (const mine of own) {
    const same = ips.filter((ip) => familyOf(ip) === familyOf(mine));
    if (same.length > 0) return same;
  }
  return ips;
}
