import type { IpFamily } from '../../base/ip.ts';
import type { Table } from '../../dataplane/rules.ts';
import { selectEndpoints } from '../../model/endpoints.ts';
import { indexCluster } from '../../model/index-cluster.ts';
import { proxyEndpoints } from '../../model/proxy-endpoints.ts';
import { nodePortAddresses, podSource, primaryIp, proxyFamilies } from '../../model/proxy-node.ts';
import { proxiedPorts } from '../../model/service-ports.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { buildTables } from './build-tables.ts';
import { buildProxyNode, by } from './chain-plan.ts';
import { outputOfPort } from './port-output.ts';

/** Above this many endpoints, over all Service ports of a family, kube-proxy leaves the comments of the per-endpoint rules out (largeClusterEndpointsThreshold). */
const largeThreshold = 1000;

/** Whether node ports answer on 127.0.0.0/8: asked for, IPv4, and not excluded by nodePortAddresses. */
const localhostNodePorts = (cluster: Cluster, node: Node, family: IpFamily): boolean =>
  family === 4 && cluster.settings.localhostNodePorts && nodePortAddresses(cluster.settings, node, 4, 'all').containsLoopback;

/** The tables of one family on one node. */
function tablesOf(cluster: Cluster, node: Node, family: IpFamily): readonly Table[] {
  const { settings } = cluster;
  const index = indexCluster(cluster);
  const ports = proxiedPorts(cluster, family);
  const specOf = (i: number) => ports[i]!.service.ports[ports[i]!.index]!;
  const total = ports.reduce((sum, port, i) => sum + proxyEndpoints(index, port.service, specOf(i), family).all.length, 0);
  const proxy = buildProxyNode({
    family: family === 4 ? 'ip' : 'ip6', nodeIp: primaryIp(node, family), podSource: podSource(settings, node, family),
    masqueradeAll: settings.masqueradeAll, large: total > largeThreshold,
  });
  const outputs = ports.map((port, i) => outputOfPort(port, selectEndpoints(index, port.service, specOf(i), node.name, family), proxy));
  return buildTables({ family, ports: outputs, nodePorts: nodePortAddresses(settings, node, family, 'all'), localhost: localhostNodePorts(cluster, node, family) });
}

/** Services by kube-proxy in iptables mode: NAT chains per Service port on every node (README.md). */
export const kubeProxyIptables: Datapath = {
  id: by,
  provides: ['services'],
  check: checkProxy,
  compile(host, cluster) {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const families = proxyFamilies(cluster);
    const localhost = families.includes(4) && localhostNodePorts(cluster, node, 4);
    return {
      rank: ranks.services,
      parts: [{
        netns: host.id,
        tables: families.flatMap((family) => tablesOf(cluster, node, family)),
        sockets: proxySockets(by, node, cluster, 'all'),
        ...(localhost ? { sysctls: { routeLocalnet: true } } : {}),
      }],
    };
  },
};
