import { cidrFamily, hostCidr, type Cidr } from '../../base/cidr.ts';
import type { NetnsId, Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Socket } from '../../dataplane/netns.ts';
import type { Cluster } from '../../model/types.ts';
import { lanOf, transit } from '../lan.ts';
import { anywhere, cableEnd, privateSpace, route, withPrefix } from '../wiring.ts';
import { balancerAddresses, farOutsiders, furtherNodeAddresses, outsideFamilies, podRoutes, routedExternalIps } from './known.ts';
import { clusterRanges } from './router.ts';

const by = (why: string): Origin => ({ by: 'outside', why });

/** What the internet finds behind the router: the nodes' own network, clients, load balancers, and pods only where they are routable. */
const behindTheRouter = (cluster: Cluster): ReadonlySet<Cidr> => new Set([
  ...lanOf(cluster).segments.map((s) => s.cidr),
  ...[...farOutsiders(cluster).map((o) => o.address), ...balancerAddresses(cluster)].map(hostCidr),
  ...[...furtherNodeAddresses(cluster), ...podRoutes(cluster), ...routedExternalIps(cluster)].map((b) => b.dst),
]);

/** Every other address there is: one machine that answers for all of them (an AnyIP route) and knows the way back to public addresses only. */
export function world(netns: NetnsId, cluster: Cluster): NetnsPart {
  const families = outsideFamilies(cluster);
  const spoken = (dst: Cidr): boolean => families.includes(cidrFamily(dst));
  const known = behindTheRouter(cluster);
  const nulls = new Set([...clusterRanges(cluster), ...privateSpace].filter((dst) => spoken(dst) && !known.has(dst)));
  const answers = (protocol: Socket['protocol']): Socket => ({ protocol, port: null, app: 'echo', origin: by('Somebody on the internet answers on every port.') });
  return {
    netns, kind: 'world', host: netns, origin: by('The rest of the internet, as one machine that answers for every address nobody else has.'),
    links: [cableEnd({ netns, name: 'eth0', to: { netns: 'switch/outside', link: 'world' }, addresses: families.map((f) => withPrefix(transit[f].world, transit[f].bits)), origin: by('Where the internet begins.') })],
    routes: [
      ...families.map((f) => route(anywhere[f], { type: 'local', dev: 'lo', scope: 'host' }, by('Any address without a better route belongs to somebody out here.'))),
      ...[...known].filter(spoken).map((dst) => route(dst, { via: transit[cidrFamily(dst)].router, dev: 'eth0' }, by(`${dst} is behind the lab's router.`))),
      ...[...nulls].map((dst) => route(dst, { type: 'blackhole' }, by(`The internet has no route to ${dst}: private addresses mean something only inside their own network.`))),
    ],
    sockets: [answers('tcp'), answers('udp'), answers('sctp')],
    sysctls: { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}
