import { hostCidr } from '../../base/cidr.ts';
import type { Ip, IpFamily } from '../../base/ip.ts';
import { macFor } from '../../base/mac.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Link, NetnsPart, Route } from '../../dataplane/netns.ts';
import { buildRoute } from '../../dataplane/route.ts';
import { podSource, primaryIp, proxyFamilies } from '../../model/proxy-node.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy, sayService, serviceOrigin } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { withPrefix } from '../wiring.ts';
import { buildSets } from './build-sets.ts';
import { buildTables } from './build-tables.ts';
import { localAddresses, nodePortIps } from './local-addresses.ts';
import { by, dummyDevice } from './names.ts';
import { portViews, type PortView } from './port-view.ts';
import { distinctServers, virtualServersOf } from './virtual-servers.ts';

/** The Service addresses that go onto kube-ipvs0: all but those that another device of the node already has. */
function boundAddresses(views: readonly PortView[], own: ReadonlySet<Ip>): ReadonlyMap<Ip, Origin> {
  const bound = new Map<Ip, Origin>();
  for (const { port } of views) {
    for (const ip of [port.clusterIp, ...port.externalIps, ...port.vips]) {
      if (bound.has(ip) || (ip !== port.clusterIp && own.has(ip))) continue;
      bound.set(ip, serviceOrigin(by, port, `${ip} is an address of ${sayService(port)}; on ${dummyDevice} it is an address of this node, so that packets for it come in and IPVS gets them`));
    }
  }
  return bound;
}

type FamilyParts = Required<Pick<NetnsPart, 'tables' | 'ipsets' | 'virtualServers'>> & { readonly bound: ReadonlyMap<Ip, Origin> };

function partsOf(cluster: Cluster, node: Node, family: IpFamily): FamilyParts {
  const { settings } = cluster;
  const views = portViews(cluster, node, family);
  const ports = nodePortIps(cluster, node, family);
  const bound = boundAddresses(views, new Set(localAddresses(cluster, node, family)));
  const nodeIp = primaryIp(node, family);
  const sets = buildSets(views, { family, nodePortIps: ports, nodeIp, bound: [...bound.keys()] });
  return {
    bound, ipsets: sets, virtualServers: views.flatMap((view) => virtualServersOf(view, ports, settings)),
    tables: buildTables({ family, sets, views, podSource: podSource(settings, node, family), masqueradeAll: settings.masqueradeAll, nodeIp }),
  };
}

const origin: Origin = { by, why: 'Holds every Service address, so that packets for them are the node\'s own and reach IPVS; it is never brought up and answers no ARP itself' };

/** The device is down, and still its addresses are local: the kernel adds local routes before it asks whether the device is up (fib_add_ifaddr). */
const localRoute = ([ip, why]: readonly [Ip, Origin]): Route => {
  const local = { table: 'local', type: 'local', dst: hostCidr(ip), dev: dummyDevice, proto: 'kernel', origin: why } as const;
  return buildRoute(ip.includes(':') ? local : { ...local, scope: 'host', src: ip });
};

/** Services by kube-proxy in ipvs mode: addresses on a dummy device, virtual servers, and a few rules around ipsets (README.md). */
export const kubeProxyIpvs: Datapath = {
  id: by,
  provides: ['services'],
  check: checkProxy,
  compile(host, cluster) {
    if (host.kind !== 'node') return null;
    const families = proxyFamilies(cluster).map((family) => partsOf(cluster, host.node, family));
    const bound = families.flatMap((parts) => [...parts.bound]);
    const dummy: Link = { kind: 'dummy', name: dummyDevice, mac: macFor(`${host.id} ${dummyDevice}`), mtu: 1500, up: false, addresses: bound.map(([ip]) => withPrefix(ip)), origin };
    return {
      rank: ranks.services,
      parts: [{
        netns: host.id, links: [dummy], routes: bound.map(localRoute),
        tables: families.flatMap((parts) => parts.tables), ipsets: families.flatMap((parts) => parts.ipsets),
        virtualServers: distinctServers(families.flatMap((parts) => parts.virtualServers)),
        sockets: proxySockets(by, host.node, cluster, 'all'),
      }],
    };
  },
};
