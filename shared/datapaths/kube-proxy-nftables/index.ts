import { cidrFamily } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { TablePart } from '../../dataplane/netns.ts';
import { nodePortAddresses, podSource, primaryIp, proxyFamilies } from '../../model/proxy-node.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import { rememberEdited, rememberFlat, rememberMap, variantKeys } from '../remember-list.ts';
import { serviceViews, type ServiceView } from '../service-views.ts';
import type { Datapath } from '../types.ts';
import { buildTable } from './build-table.ts';
import { buildProxyNode } from './chain-plan.ts';
import { by } from './parts.ts';
import { outputOfPort, type PortOutput } from './port-output.ts';

const keyOf = variantKeys();
const editedViews = rememberEdited<ServiceView>();
const outputsOfService = rememberMap<ServiceView, readonly PortOutput[]>(false);
const allOutputs = rememberFlat((outputs: readonly PortOutput[]) => outputs);

/** The table of one family on one node; only what changed since the node's last table is built anew. */
function tableOf(cluster: Cluster, node: Node, family: IpFamily): TablePart {
  const { settings } = cluster;
  const proxy = buildProxyNode({ family: family === 4 ? 'ip' : 'ip6', nodeIp: primaryIp(node, family), podSource: podSource(settings, node, family), masqueradeAll: settings.masqueradeAll });
  const key = keyOf(node, proxy.signature);
  const outputs = outputsOfService(key, editedViews(key, serviceViews(cluster, node, family)), (view) => view.ports.map((port) => outputOfPort(port.port, port.view, proxy)));
  return buildTable({ key, family, ports: allOutputs(key, outputs), nodePorts: nodePortAddresses(settings, node, family, 'primary'), serviceSubnets: settings.serviceSubnets.filter((c) => cidrFamily(c) === family) });
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
