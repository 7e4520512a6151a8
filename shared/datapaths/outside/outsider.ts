import { cidrContains, cidrFamily, prefixLength } from '../../base/cidr.ts';
import { familyOf, parseIp, type Ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster, Outsider } from '../../model/types.ts';
import { isOnLan, lanOf, nodeAddress, segmentOf, transit } from '../lan.ts';
import { outsiderNetns } from '../naming.ts';
import { listeningOnOutsider } from '../sockets.ts';
import { anywhere, cableEnd, route, withPrefix } from '../wiring.ts';
import { outsiderPort } from './switches.ts';

/** A static route of an outside machine: `via` is an address, or a node by name (`node/a`). Null where it names nothing of the destination's family. */
export function resolveVia(cluster: Cluster, wanted: Outsider['routes'][number]): Ip | null {
  const family = cidrFamily(wanted.dst);
  const address = parseIp(wanted.via);
  if (address) return familyOf(address) === family ? address : null;
  const node = cluster.nodes.find((n) => n.name === wanted.via.replace(/^node\//, ''));
  return (node && nodeAddress(node, family)) ?? null;
}

/** A client or another host: one network card, and a default route to the router. */
export function outsiderMachine(outsider: Outsider, cluster: Cluster): NetnsPart {
  const netns = outsiderNetns(outsider);
  const lan = lanOf(cluster);
  const onLan = isOnLan(lan, outsider);
  const origin = (why: string): Origin => ({ by: 'outside', for: { kind: outsider.kind === 'client' ? 'Client' : 'Host', name: outsider.name }, why });
  const families = [...new Set(outsider.addresses.map(familyOf))];
  const gateway = (family: 4 | 6): { via: Ip; onlink: boolean } | null => {
    if (!onLan) return { via: transit[family].router, onlink: true };
    const own = outsider.addresses.map((address) => segmentOf(lan, address)).find((s) => s?.family === family);
    return own ? { via: own.router, onlink: false } : null;
  };
  const toRouter = (dst: Route['dst'], why: string): Route[] => {
    const gw = gateway(cidrFamily(dst));
    return gw ? [route(dst, { via: gw.via, dev: 'eth0', ...(gw.onlink ? { onlink: true } : {}) }, origin(why))] : [];
  };
  const asked = outsider.routes.flatMap((wanted) => {
    const via = resolveVia(cluster, wanted);
    const near = via && outsider.addresses.some((address) => { const s = segmentOf(lan, address); return s !== undefined && cidrContains(s.cidr, via); });
    return near ? [route(wanted.dst, { via, dev: 'eth0' }, origin(`${outsider.name}'s own static route: ${wanted.dst} through ${wanted.via}.`))] : [];
  });
  return {
    netns, kind: outsider.kind, host: netns, origin: origin(`${outsider.name}: a machine outside the cluster.`),
    links: [cableEnd({
      netns, name: 'eth0', to: { netns: onLan ? 'switch/lan' : 'switch/outside', link: outsiderPort(outsider) },
      addresses: outsider.addresses.map((address) => { const on = segmentOf(lan, address); return withPrefix(address, on && prefixLength(on.cidr)); }),
      origin: origin(`${outsider.name}'s network card.`),
    })],
    routes: [...families.flatMap((family) => toRouter(anywhere[family], `${outsider.name} sends everything to the router.`)), ...asked],
    sockets: listeningOnOutsider(outsider),
    sysctls: { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}
