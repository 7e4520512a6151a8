import { addressOf, cidrFamily, hostCidr, networkOf, parseCidr, prefixLength } from '../base/cidr.ts';
import type { Link, Route } from './netns.ts';
import { buildRoute } from './route.ts';

/** What the kernel itself adds for the addresses of a link that is up: the host's own address and 127/8 in the local table, the connected network in main (fib_add_ifaddr; addrconf_prefix_route for IPv6). Broadcast routes are left out: nothing here broadcasts. */
export function kernelRoutes(link: Link): readonly Route[] {
  if (!link.up) return [];
  const routes: Route[] = [];
  for (const address of link.addresses) {
    const own = addressOf(address);
    const v4 = cidrFamily(address) === 4;
    const origin = { ...link.origin, why: `${own} is an address of ${link.name}, so the kernel delivers it here.` };
    const local = { table: 'local', type: 'local', dev: link.name, proto: 'kernel', origin } as const;
    if (link.kind === 'loopback' && v4 && own.startsWith('127.')) {
      routes.push(buildRoute({ ...local, dst: parseCidr(address)!, scope: 'host', src: own }));
    }
    routes.push(buildRoute(v4 ? { ...local, dst: hostCidr(own), scope: 'host', src: own } : { ...local, dst: hostCidr(own) }));
    if (link.kind === 'loopback' || prefixLength(address) === (v4 ? 32 : 128)) continue;
    const connected = { table: 'main', type: 'unicast', dev: link.name, proto: 'kernel', origin: { ...link.origin, why: `${link.name} has the address ${address}, so the kernel looks for that whole network on it.` } } as const;
    routes.push(buildRoute(v4 ? { ...connected, dst: networkOf(address), scope: 'link', src: own } : { ...connected, dst: networkOf(address) }));
  }
  return routes;
}
