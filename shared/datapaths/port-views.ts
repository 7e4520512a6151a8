import type { IpFamily } from '../base/ip.ts';
import { selectEndpoints, type EndpointSelection } from '../model/endpoints.ts';
import { indexCluster } from '../model/index-cluster.ts';
import { proxiedPorts, type ProxiedPort } from '../model/service-ports.ts';
import type { Cluster, Node } from '../model/types.ts';

/** A Service port with the endpoints that one node may send it to. */
export type PortOnNode = EndpointSelection & { readonly port: ProxiedPort };

/** Every Service port of a family as one node sees it. */
export function portsOnNode(cluster: Cluster, node: Node, family: IpFamily): readonly PortOnNode[] {
  const index = indexCluster(cluster);
  return proxiedPorts(cluster, family).map((port) => ({ port, ...selectEndpoints(index, port.service, port.service.ports[port.index]!, node.name, family) }));
}
