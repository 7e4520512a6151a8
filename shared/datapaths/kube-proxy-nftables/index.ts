import { cidrFamily } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Table } from '../../dataplane/rules.ts';
import { selectEndpoints } from '../../model/endpoints.ts';
import { indexCluster } from '../../model/index-cluster.ts';
import { nodePortAddresses, podSource, primaryIp, proxyFamilies } from '../../model/proxy-node.ts';
import { proxiedPorts } from '../../model/service-ports.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { buildTable } from './build-table.ts';
import { buildProxyNode } from './chain-plan.ts';
import { by } from './parts.ts';
import { outputOfPort } from './port-output.ts';

/** The table of one family on one node. */
function tableOf(cluster: Cluster, node: Node, family: IpFamily): Table {
  const { settings } = cluster;
  const index = indexCluster(cluster);
  const proxy = buildProxyNode({ family: family === 4 ? 'ip' : 'ip6', nodeIp: primaryIp(node, family), podSource: podSource(settings, node, family), masqueradeAll: settings.masqueradeAll });
  const ports = proxiedPorts(cluster, family).map((port) => outputOfPort(port, selectEndpoints(index, port.service, port.service.ports[port.index]!, node.name, family), proxy));
  return buildTable({ family, ports, nodePorts: nodePortAddresses(settings, node, family, 'primary'), serviceSubnets: settings.serviceSubnets.filter((c) => cidrFamily(c) === family) });
}

/** Services by kube-proxy in nftables mode: one table with maps that find a Service in one step (README.md). */
export const kubeProxyNftables: Datapath = {
  id: by,
  provides: ['services'],
  check: checkProxy,
  compile(host, cluster) {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const families = proxyFamilies(cluster);
    return { rank: ranks.services, parts: [{ netns: host.id, tables: families.map((family) => tableOf(cluster, node, family)), sockets: proxySockets(by, node, cluster, 'primary') }] };
  },
};
