import { cidrFamily, hostCidr, prefixLength, type Cidr } from '../../base/cidr.ts';
import type { NetnsId, Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster } from '../../model/types.ts';
import { isOnLan, lanOf, transit } from '../lan.ts';
import { anywhere, cableEnd, privateSpace, route, withPrefix } from '../wiring.ts';
import { outsidersOf } from '../stations.ts';
import { farOutsiders, furtherNodeAddresses, outsideFamilies, podRoutes, routedExternalIps } from './known.ts';
import { resolveVia } from './outsider.ts';

const by = (why: string): Origin => ({ by: 'outside', why });

/** One route per destination: the first that asks for it has it. */
const oncePerDestination = (routes: readonly Route[]): readonly Route[] =>
  [...new Map(routes.toReversed().map((r) => [r.dst, r])).values()].toReversed();

/** The clusters' own ranges are unknown to every network around the cluster, unless pods are routable. */
export const clusterRanges = (cluster: Cluster): readonly Cidr[] =>
  [...cluster.settings.serviceSubnets, ...(cluster.settings.podsRoutable ? [] : cluster.settings.podSubnets)];

function nullRoutes(cluster: Cluster): readonly Route[] {
  const families = outsideFamilies(cluster);
  const spoken = (dst: Cidr): boolean => families.includes(cidrFamily(dst));
  return [
    ...clusterRanges(cluster).filter(spoken).map((dst) => route(dst, { type: 'blackhole' }, by(`${dst} means something only inside the cluster: the router knows no way there and drops it.`))),
    ...privateSpace.filter(spoken).map((dst) => route(dst, { type: 'blackhole' }, by(`Nobody outside routes private addresses: the router has no way to the rest of ${dst} and drops it.`))),
  ];
}

function asked(cluster: Cluster): readonly Route[] {
  const lan = lanOf(cluster);
  return outsidersOf(cluster).filter((o) => !isOnLan(lan, o)).flatMap((o) => o.routes.flatMap((wanted) => {
    const via = resolveVia(cluster, wanted);
    const dev = via && lan.segments.some((s) => s.family === cidrFamily(wanted.dst)) ? 'lan0' : null;
    return via && dev ? [route(wanted.dst, { via, dev }, by(`${o.name} asked for ${wanted.dst} through ${wanted.via}; it stands beyond this router, so the route stands here.`))] : [];
  }));
}

/** The router between the nodes' network and everything outside it. It translates nothing; it forgets nothing. */
export function router(netns: NetnsId, cluster: Cluster): NetnsPart {
  const lan = lanOf(cluster);
  const families = outsideFamilies(cluster);
  const beyond = [...furtherNodeAddresses(cluster), ...podRoutes(cluster), ...routedExternalIps(cluster)];
  return {
    netns, kind: 'router', host: netns, origin: by('The router: the way from the nodes to clients and the internet, and back.'),
    links: [
      cableEnd({ netns, name: 'lan0', to: { netns: 'switch/lan', link: 'router' }, addresses: lan.segments.map((s) => withPrefix(s.router, prefixLength(s.cidr))), origin: by('The router\'s card on the nodes\' network.') }),
      cableEnd({ netns, name: 'out0', to: { netns: 'switch/outside', link: 'router' }, addresses: families.map((f) => withPrefix(transit[f].router, transit[f].bits)), origin: by('The router\'s card on the outside.') }),
    ],
    routes: oncePerDestination([
      ...families.map((f) => route(anywhere[f], { via: transit[f].world, dev: 'out0' }, by('Whatever the router does not know is somewhere on the internet.'))),
      ...farOutsiders(cluster).map(({ address, name }) => route(hostCidr(address), { dev: 'out0', scope: 'link' }, by(`${name} is on the outside segment.`))),
      ...beyond.map((b) => route(b.dst, { via: b.via, dev: 'lan0' }, { by: 'outside', for: b.for, why: b.why })),
      ...asked(cluster),
      ...nullRoutes(cluster),
    ]),
    sysctls: { ipForward: true, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}
