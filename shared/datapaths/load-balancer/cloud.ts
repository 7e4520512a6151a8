import { cidrFamily, hostCidr, prefixLength } from '../../base/cidr.ts';
import { fraction } from '../../base/fraction.ts';
import { familyOf, type Ip, type IpFamily } from '../../base/ip.ts';
import type { NetnsId, Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Chain, Match, Table } from '../../dataplane/rules.ts';
import type { Cluster } from '../../model/types.ts';
import { lanOf, nodeAddress, transit } from '../lan.ts';
import { chainOf, verdict, type Draft } from '../rules.ts';
import { anywhere, cableEnd, route, withPrefix } from '../wiring.ts';
import { balancedAddresses, type Balanced } from './balanced.ts';

const by = (why: string): Origin => ({ by: 'load-balancer', why });

/** One way per healthy node; the packet's destination stays the VIP, the node's kube-proxy does the rest and answers past the balancer. */
function wayIn({ vip, ipMode, nodes, service, ...balanced }: Balanced): Route {
  const origin = (why: string): Origin => ({ by: 'load-balancer', for: balanced.for, why });
  if (ipMode === 'Proxy' && nodes.length > 0) return route(hostCidr(vip), { type: 'blackhole' }, origin(`ipMode Proxy: what the balancer does not hand to a node port of Service ${service.name} goes nowhere.`));
  const hops = nodes.map((node) => ({ via: nodeAddress(node, familyOf(vip))!, dev: 'eth1', weight: 1 }));
  if (hops.length === 0) return route(hostCidr(vip), { type: 'blackhole' }, origin(`No node passes the health check of Service ${service.name}, so the balancer drops what comes in.`));
  const why = service.externalTrafficPolicy === 'Local' ? 'the nodes with a ready pod of it, as their health-check ports say' : 'all ready nodes';
  const named = `Service ${service.name} at ${vip}: ${why} (${nodes.map((node) => node.name).join(', ')}).`;
  return hops.length === 1 ? route(hostCidr(vip), { via: hops[0]!.via, dev: 'eth1' }, origin(named)) : route(hostCidr(vip), { nexthops: hops }, origin(named));
}

/** A balancer listens on its Services' ports only; whatever else comes for their addresses is dropped before it is routed. */
function listeners(family: IpFamily, cluster: Cluster, vips: ReadonlySet<Ip>): Chain {
  const f = family === 4 ? 'ip' : 'ip6';
  const drafts = cluster.services.flatMap((service) => service.loadBalancer.flatMap(({ ip: vip }): Draft[] => {
    if (vip === null || familyOf(vip) !== family || !vips.has(vip)) return [];
    const origin: Origin = { by: 'load-balancer', for: { kind: 'Service', namespace: service.namespace, name: service.name }, field: 'spec.ports', why: `Service ${service.name} is why the balancer listens here.` };
    return service.ports.map((port) => ({ match: [{ kind: 'dst', net: hostCidr(vip) }, { kind: 'protocol', protocol: port.protocol }, { kind: 'dport', ports: [{ from: port.port, to: port.port }] }] satisfies Match[], do: [verdict('accept')], origin }));
  }));
  const others = [...vips].filter((vip) => vip.includes(':') === (family === 6)).map((vip): Draft => ({ match: [{ kind: 'dst', net: hostCidr(vip) }], do: [verdict('drop')], origin: by(`The balancer has no listener at ${vip} for this protocol and port.`) }));
  return chainOf(f, 'raw', 'PREROUTING', by('What the balancer takes.'), [...drafts, ...others]);
}

/** With ipMode Proxy the node gets a connection from the balancer to its own node port, so pods and nodes meet no rule for the address (KEP-1860). */
function proxying(family: IpFamily, balanced: readonly Balanced[]): readonly Chain[] {
  const f = family === 4 ? 'ip' : 'ip6';
  const ways = balanced.filter(({ vip, ipMode }) => ipMode === 'Proxy' && familyOf(vip) === family).flatMap(({ vip, nodes, service, ...b }) => service.ports.filter(({ nodePort }) => nodePort !== 0).flatMap((port) => nodes.map((node, i): Draft => {
    const left = nodes.length - i;
    return {
      match: [{ kind: 'dst', net: hostCidr(vip) }, { kind: 'protocol', protocol: port.protocol }, { kind: 'dport', ports: [{ from: port.port, to: port.port }] }, ...(left > 1 ? [{ kind: 'statistic', mode: 'random', probability: fraction(1, left) } as const] : [])],
      do: [{ kind: 'dnat', to: { ip: nodeAddress(node, family)!, ports: { from: port.nodePort, to: port.nodePort } } }],
      origin: { by: 'load-balancer', for: b.for, field: 'status.loadBalancer', why: `ipMode Proxy: the balancer dials node port ${port.nodePort} of node ${node.name} itself.` },
    };
  })));
  if (ways.length === 0) return [];
  const own: Draft = { match: [{ kind: 'ct-state', states: ['dnat'], module: 'conntrack' }], do: [{ kind: 'masquerade' }], origin: by('The connection to the node is the balancer\'s own.') };
  return [chainOf(f, 'nat', 'PREROUTING', by('Where the balancer\'s own connections go.'), ways), chainOf(f, 'nat', 'POSTROUTING', by('Whom the nodes see.'), [own])];
}

/** The cloud's load balancer: a card outside where clients come in, a card on the nodes' network, and for every address a way to the healthy nodes. */
export function cloudBalancer(netns: NetnsId, cluster: Cluster): NetnsPart {
  const balanced = balancedAddresses(cluster);
  const vips = new Set(balanced.map((b) => b.vip));
  const families = ([4, 6] as const).filter((family) => balanced.some((b) => familyOf(b.vip) === family));
  const { segments } = lanOf(cluster);
  const table = (family: IpFamily, name: string, chains: readonly Chain[]): Table => ({ family: family === 4 ? 'ip' : 'ip6', name, tool: 'iptables', sets: [], chains });
  const tables = families.flatMap((family) => {
    const nat = proxying(family, balanced);
    return [table(family, 'raw', [listeners(family, cluster, vips)]), ...(nat.length > 0 ? [table(family, 'nat', nat)] : [])];
  });
  return {
    netns, kind: 'load-balancer', host: netns, origin: by('The cloud\'s load balancer: it hands each connection to one healthy node, destination unchanged.'),
    links: [
      cableEnd({ netns, name: 'eth0', to: { netns: 'switch/outside', link: 'lb' }, addresses: families.map((f) => withPrefix(transit[f].loadBalancer, transit[f].bits)), origin: by('Where clients\' packets come in.') }),
      cableEnd({ netns, name: 'eth1', to: { netns: 'switch/lan', link: 'lb' }, addresses: segments.map((s) => withPrefix(s.loadBalancer, prefixLength(s.cidr))), origin: by('The balancer\'s card on the nodes\' network.') }),
    ],
    routes: [...families.map((f) => route(anywhere[f], { via: transit[f].router, dev: 'eth0' }, by('Whatever is no load balancer address goes back to the router.'))), ...balanced.map(wayIn)],
    tables,
    sysctls: { ipForward: true, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}

/** The router's side: every address leads to the balancer. */
export const routesToCloud = (cluster: Cluster): readonly Route[] => balancedAddresses(cluster).map(({ vip, service, ...b }) => route(hostCidr(vip), { via: transit[cidrFamily(hostCidr(vip))].loadBalancer, dev: 'out0' },
  { by: 'load-balancer', for: b.for, why: `${vip} is Service ${service.name}'s address on the cloud's load balancer.` }));
