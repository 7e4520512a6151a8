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
import { buildTables } from './build-tables.ts';
import { buildProxyNode, by } from './chain-plan.ts';
import { outputOfPort, type PortOutput } from './port-output.ts';

/** Above this many endpoints, over all Service ports of a family, kube-proxy leaves the comments of the per-endpoint rules out (largeClusterEndpointsThreshold). */
const largeThreshold = 1000;

const keyOf = variantKeys();
const editedViews = rememberEdited<ServiceView>();
const outputsOfService = rememberMap<ServiceView, readonly PortOutput[]>(false);
const allOutputs = rememberFlat((outputs: readonly PortOutput[]) => outputs);

/** Whether node ports answer on 127.0.0.0/8: asked for, IPv4, and not excluded by nodePortAddresses. */
const localhostNodePorts = (cluster: Cluster, node: Node, family: IpFamily): boolean =>
  family === 4 && cluster.settings.localhostNodePorts && nodePortAddresses(cluster.settings, node, 4, 'all').containsLoopback;

/** The tables of one family on one node; only what changed since the node's last tables is built anew. */
function tablesOf(cluster: Cluster, node: Node, family: IpFamily): readonly TablePart[] {
  const { settings } = cluster;
  const views = serviceViews(cluster, node, family);
  const proxy = buildProxyNode({
    family: family === 4 ? 'ip' : 'ip6', nodeIp: primaryIp(node, family), podSource: podSource(settings, node, family),
    masqueradeAll: settings.masqueradeAll, large: views.reduce((sum, view) => sum + view.endpoints, 0) > largeThreshold,
  });
  const key = keyOf(node, proxy.signature);
  const outputs = outputsOfService(key, editedViews(key, views), (view) => view.ports.map((port) => outputOfPort(port.port, port.view, proxy)));
  return buildTables({ key, family, ports: allOutputs(key, outputs), nodePorts: nodePortAddresses(settings, node, family, 'all'), localhost: localhostNodePorts(cluster, node, family) });
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
