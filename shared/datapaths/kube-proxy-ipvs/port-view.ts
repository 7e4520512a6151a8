import { indexCluster } from '../../model/index-cluster.ts';
import { selectEndpoints } from '../../model/endpoints.ts';
import { endpointsOn, proxyEndpoints, seenFrom, type EndpointView } from '../../model/proxy-endpoints.ts';
import { proxiedPorts, type ProxiedPort } from '../../model/service-ports.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Cluster, Node } from '../../model/types.ts';

/** A Service port with what one node's kube-proxy knows of its endpoints. */
export interface PortView {
  readonly port: ProxiedPort;
  readonly cluster: readonly EndpointView[];
  readonly local: readonly EndpointView[];
  readonly hasEndpoints: boolean;
  /** Every endpoint on this node, ready or not: whom hairpin is prepared for. */
  readonly here: readonly EndpointView[];
}

/** Every Service port of a family as this node sees it. */
export function portViews(cluster: Cluster, node: Node, family: IpFamily): readonly PortView[] {
  const index = indexCluster(cluster);
  return proxiedPorts(cluster, family).map((port) => {
    const spec = port.service.ports[port.index]!;
    const here = endpointsOn(seenFrom(proxyEndpoints(index, port.service, spec, family), node.name), node.name);
    return { port, here, ...selectEndpoints(index, port.service, spec, node.name, family) };
  });
}

/** Whom a virtual server sends to: with a Local policy the endpoints on this node, and where there are none the Cluster list after all (syncEndpoint, kubernetes PR 97081). */
export const realEndpoints = ({ cluster, local }: PortView, onlyLocal: boolean): readonly EndpointView[] => (onlyLocal && local.length > 0 ? local : cluster);
