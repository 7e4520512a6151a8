import { familyOf, ip, type Ip, type IpFamily } from '../../base/ip.ts';
import type { NetnsPart, SocketService } from '../../dataplane/netns.ts';
import { proxyFamilies } from '../../model/proxy-node.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { portsOnNode, type PortOnNode } from '../port-views.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy, refusal, sourceRangesProblems, sayEndpoint, sayService, serviceOrigin } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import { stationsOn } from '../stations.ts';
import { translationTable, type Translation } from '../translation-table.ts';
import { planPort } from '../../model/port-plan.ts';
import type { Datapath } from '../types.ts';

const by = 'socket-lb';
const endpointsOf = ({ port }: PortOnNode, list: PortOnNode['cluster']) => list.map((endpoint) => ({ ip: endpoint.ip, port: endpoint.port, origin: serviceOrigin(by, port, sayEndpoint(port, endpoint)) }));

/** What sockets on this node are connected to instead: cluster IPs by the internal policy; load balancer addresses and node ports always by the Cluster list, since a socket inside the cluster is no outside client. */
function socketServices(cluster: Cluster, view: PortOnNode, family: IpFamily): readonly SocketService[] {
  const { port } = view;
  const everybody = endpointsOf(view, view.cluster);
  const build = (address: Ip, number: number, list: PortOnNode['cluster'], what: string): SocketService => ({
    protocol: port.protocol, ip: address, port: number, backends: list === view.cluster ? everybody : endpointsOf(view, list), ...(port.affinitySeconds === null ? {} : { affinitySeconds: port.affinitySeconds }),
    origin: list.length > 0 ? serviceOrigin(by, port, `${sayService(port)} answers on its ${what} ${address}; connect() to it is turned into connect() to an endpoint`)
      : serviceOrigin(by, port, `${refusal(planPort(port, view), what).code === 'no-endpoints' ? `${sayService(port)} has no ready endpoint anywhere` : `${sayService(port)} keeps traffic to its ${what} on this node, and this node has no endpoint`}, so connect() fails at once and nothing is sent`, undefined, refusal(planPort(port, view), what).code),
  });
  const nodePortIps = [...cluster.nodes.flatMap((node) => node.addresses.filter((a) => familyOf(a) === family)), ip(family === 4 ? '127.0.0.1' : '::1')];
  return [
    build(port.clusterIp, port.port, port.internalLocal ? view.local : view.cluster, 'cluster IP'),
    ...port.vips.map((vip) => build(vip, port.port, view.cluster, 'load balancer address')),
    ...(port.nodePort === 0 ? [] : nodePortIps.map((address) => build(address, port.nodePort, view.cluster, 'node port at'))),
  ];
}

/** What the program at the node's network card does with packets that no socket here translated: outside clients' (README.md). */
function translations(node: Node, view: PortOnNode, family: IpFamily): readonly Translation[] {
  const { port } = view;
  const common = { protocol: port.protocol, affinitySeconds: port.affinitySeconds } as const;
  const outside = (address: Ip, number: number, what: string): Translation => {
    const list = port.externalLocal ? view.local : view.cluster;
    const { refuse, code, why } = refusal(planPort(port, view), what);
    return {
      ...common, ip: address, port: number, from: 'wire', backends: endpointsOf(view, list), hide: port.externalLocal ? 'never' : 'leaving', none: refuse ? 'refuse' : 'drop',
      origin: list.length > 0 ? serviceOrigin(by, port, `${sayService(port)} answers on its ${what} ${address}, for clients outside`) : serviceOrigin(by, port, why, undefined, code),
    };
  };
  return [
    { ...common, ip: port.clusterIp, port: port.port, from: 'wire', backends: [], hide: 'never', none: 'drop', origin: serviceOrigin(by, port, `A cluster IP is for inside the cluster: packets for ${port.clusterIp} that come in from the network are dropped`, undefined, 'cluster-ip-from-outside') },
    ...port.externalIps.flatMap((address): readonly Translation[] => [outside(address, port.port, 'external IP'), { ...outside(address, port.port, 'external IP'), from: 'pods', backends: endpointsOf(view, view.cluster), hide: 'never' }]),
    ...port.vips.map((vip) => outside(vip, port.port, 'load balancer address')),
    ...(port.nodePort === 0 ? [] : node.addresses.filter((a) => familyOf(a) === family).map((address) => outside(address, port.nodePort, 'node port at'))),
  ];
}

/** Services by a kube-proxy replacement in eBPF: `connect()` is translated in the socket, so that a Service address never reaches the wire; the network card's program serves clients outside (README.md). */
export const socketLb: Datapath = {
  id: by,
  provides: ['services'],
  check: (cluster) => [...checkProxy(cluster), ...sourceRangesProblems(cluster, 'socket-lb')],
  compile(host, cluster) {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const families = proxyFamilies(cluster).map((family) => ({ family, views: portsOnNode(cluster, node, family) }));
    const services = families.flatMap(({ family, views }) => views.flatMap((view) => socketServices(cluster, view, family)));
    // One program on the node's root cgroup sees every process: the node's own and those of all pods.
    const inPods = stationsOn(node, cluster).filter(({ pod }) => pod !== null).map((station): NetnsPart => ({ netns: station.netns, socketServices: services }));
    const tables = families.map(({ family, views }) => translationTable(by, 'ebpf', family, views.flatMap((view) => translations(node, view, family))));
    return { rank: ranks.services, parts: [{ netns: host.id, socketServices: services, tables, sockets: proxySockets(by, node, cluster, 'all') }, ...inPods] };
  },
};
