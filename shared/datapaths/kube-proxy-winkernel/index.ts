import { hostCidr } from '../../base/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '../../base/ip.ts';
import type { Problem } from '../../base/problem.ts';
import { proxyFamilies } from '../../model/proxy-node.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { portsOnNode, type PortOnNode } from '../port-views.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy, sayEndpoint, sayService, serviceOrigin, sourceRangesProblems } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import { translationTable, type Translation } from '../translation-table.ts';
import type { Datapath } from '../types.ts';

const by = 'kube-proxy-winkernel';
/** Distribution by the source's address has no memory that could run out; as long as anybody will wait. */
const forEver = 2_000_000_000;

const ownText = 'what a Windows node itself sends to a Service address';
const selfText = 'a Windows pod that is its Service\'s own endpoint: whether the virtual switch sends a packet back to its sender depends on the network';
const wireText = 'a cluster IP dialled from outside a Windows node';

/** HNS policies send every endpoint the same port: the targetPort where it is a number, else the first endpoint's. */
function backendsOf({ port }: PortOnNode, list: PortOnNode['cluster']): Translation['backends'] {
  const target = port.service.ports[port.index]!.targetPort;
  const number = typeof target === 'number' && target > 0 ? target : list[0]?.port ?? 0;
  return list.map((endpoint) => ({ ip: endpoint.ip, port: number, origin: serviceOrigin(by, port, sayEndpoint(port, endpoint)) }));
}

function translations(node: Node, view: PortOnNode, family: IpFamily): readonly Translation[] {
  const { port } = view;
  // HNS knows no SCTP.
  if (port.protocol === 'sctp') return [];
  const unknown = (list: PortOnNode['cluster']) => list.map((endpoint) => ({ match: [{ kind: 'src', net: hostCidr(endpoint.ip) } as const], text: selfText }));
  const build = (ip: Ip, number: number, what: string, list: PortOnNode['cluster'], how: Pick<Translation, 'from' | 'hide'>): Translation => ({
    ip, protocol: port.protocol, port: number, backends: backendsOf(view, list), none: 'pass', affinitySeconds: port.affinitySeconds === null ? null : forEver, ...how, unknown: unknown(list),
    origin: serviceOrigin(by, port, `${sayService(port)} answers on its ${what} ${ip}: a load-balancer policy of the virtual switch`),
  });
  const external = port.externalLocal ? { list: view.local, how: { from: 'anyone', hide: 'never' } as const } : { list: view.cluster, how: { from: 'anyone', hide: 'always' } as const };
  const inside = port.internalLocal ? view.local : view.cluster;
  return [
    build(port.clusterIp, port.port, 'cluster IP', inside, { from: 'pods', hide: 'never' }),
    { ...build(port.clusterIp, port.port, 'cluster IP', inside, { from: 'wire', hide: 'never' }), unknown: [{ match: [], text: wireText }] },
    ...port.externalIps.map((ip) => build(ip, port.port, 'external IP', external.list, external.how)),
    ...port.vips.map((ip) => build(ip, port.port, 'load balancer address', external.list, external.how)),
    ...(port.nodePort === 0 ? [] : node.addresses.filter((a) => familyOf(a) === family).map((ip) => build(ip, port.nodePort, 'node port at', external.list, external.how))),
  ];
}

const sctpProblems = (cluster: Cluster): readonly Problem[] => cluster.services.filter((service) => service.ports.some(({ protocol }) => protocol === 'sctp')).map((service) => ({
  code: 'not-modelled', severity: 'warning', at: service.at, what: `Service ${service.namespace}/${service.name} has an SCTP port, which kernelspace mode has no policy for`, fix: 'use TCP or UDP on Windows nodes',
}));

/** Services by kube-proxy in kernelspace mode: load-balancer policies of Windows' virtual switch (HNS), to what a packet can observe (README.md). */
export const kubeProxyWinkernel: Datapath = {
  id: by,
  provides: ['services'],
  check: (cluster) => [...checkProxy(cluster), ...sctpProblems(cluster), ...sourceRangesProblems(cluster, 'kernelspace')],
  compile(host, cluster) {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const tables = proxyFamilies(cluster).map((family) => translationTable(by, 'hns', family, portsOnNode(cluster, node, family).flatMap((view) => translations(node, view, family)), ownText));
    return { rank: ranks.services, parts: [{ netns: host.id, tables, sockets: proxySockets(by, node, cluster, 'all') }] };
  },
};
