import { baseOf, cidrFamily, prefixLength, type Cidr } from '../base/cidr.ts';
import type { RouteId } from './ids.ts';
import type { NextHop, Route } from './netns.ts';

/** `default`, a bare address for a host route, or the prefix: as iproute2 prints a destination. */
function destination(dst: Cidr): string {
  const bits = prefixLength(dst);
  if (bits === 0) return 'default';
  return bits === (cidrFamily(dst) === 4 ? 32 : 128) ? baseOf(dst) : dst;
}

const nextHopText = (hop: NextHop): string =>
  `nexthop${hop.via === undefined ? '' : ` via ${hop.via}`} dev ${hop.dev} weight ${hop.weight}${hop.onlink === true ? ' onlink' : ''}`;

/** IPv6 routes always have a metric and a preference; 1024 is the kernel's for routes added by hand, 256 for addresses' networks, 0 in the local table (IP6_RT_PRIO_USER, _ADDRCONF). */
function inet6Tail(route: Omit<Route, 'id'>): string {
  const made = route.proto !== 'kernel' ? 1024 : route.table === 'local' ? 0 : 256;
  return ` metric ${route.metric ?? made}${route.onlink === true ? ' onlink' : ''} pref medium`;
}

/** The route as `ip route show table …` prints it (iproute2 print_route), with an ECMP route's next hops on the same line so that `ip route add` takes it back. */
export function routeText(route: Omit<Route, 'id'>): string {
  const v6 = cidrFamily(route.dst) === 6;
  let text = route.type === 'unicast' ? '' : `${route.type} `;
  text += destination(route.dst);
  if (route.via !== undefined) text += ` via ${route.via}`;
  if (route.dev !== undefined) text += ` dev ${route.dev}`;
  // IPv6 keeps routes that end a packet on the loopback (ip6_route_info_create).
  else if (v6 && !route.nexthops) text += ' dev lo';
  if (route.proto !== undefined) text += ` proto ${route.proto}`;
  if (!v6 && route.scope !== undefined && route.scope !== 'global') text += ` scope ${route.scope}`;
  if (route.src !== undefined) text += ` src ${route.src}`;
  if (v6) text += inet6Tail(route);
  else text += `${route.metric === undefined ? '' : ` metric ${route.metric}`}${route.onlink === true ? ' onlink' : ''}`;
  for (const hop of route.nexthops ?? []) text += ` ${nextHopText(hop)}`;
  return text;
}

/** A route whose id is its own text. */
export function buildRoute(route: Omit<Route, 'id'>): Route {
  const id: RouteId = routeText(route);
  return { id, ...route };
}
