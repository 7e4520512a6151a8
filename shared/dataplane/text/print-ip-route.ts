import { baseOf, cidrFamily, prefixLength } from '../../base/cidr.ts';
import { compareIps } from '../../base/ip.ts';
import type { RouteId } from '../ids.ts';
import type { Netns, Route } from '../netns.ts';
import type { RuleLine } from './iptables-words.ts';

/** As the kernel walks its table: by address, the longer prefix first; IPv4's default comes first, IPv6's last. */
function kernelOrder(a: Route, b: Route): number {
  const [short, long] = [prefixLength(a.dst), prefixLength(b.dst)];
  if (cidrFamily(a.dst) === 6 && (short === 0) !== (long === 0)) return short === 0 ? 1 : -1;
  return compareIps(baseOf(a.dst), baseOf(b.dst)) || long - short || (a.metric ?? 0) - (b.metric ?? 0);
}

/** What `ip route show table TABLE` (family 6: `ip -6 route`) lists in this namespace, an ECMP route on one line. The rule of a line is the route's id. */
export const printIpRoute = (netns: Pick<Netns, 'routes'>, family: 4 | 6, table = 'main'): readonly RuleLine<RouteId>[] =>
  netns.routes.filter((route) => route.table === table && cidrFamily(route.dst) === family).toSorted(kernelOrder).map((route) => ({ text: route.id, rule: route.id }));
