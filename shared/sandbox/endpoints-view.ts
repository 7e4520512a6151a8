import type { EndpointsView, EndpointUse, ServicePortView } from '../api/rules-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import { familyOf, type IpFamily } from '../base/ip.ts';
import { leftOutEndpoints, selectEndpoints, trafficPolicies } from '../model/endpoints.ts';
import { indexCluster, type ClusterIndex } from '../model/index-cluster.ts';
import type { EndpointView } from '../model/proxy-endpoints.ts';
import type { Service, ServicePort } from '../model/types.ts';
import type { World } from './world.ts';

const shape = ({ ip, port, pod, nodeName }: EndpointView): EndpointUse => ({ ip, port, ...(pod === null ? {} : { pod }), ...(nodeName === '' ? {} : { node: nodeName }) });

function portView(index: ClusterIndex, service: Service, port: ServicePort, family: IpFamily): ServicePortView {
  const policies = trafficPolicies(service, port, family);
  const lists = [...(policies.usesCluster ? ['cluster' as const] : []), ...(policies.usesLocal ? ['local' as const] : [])];
  return {
    name: port.name, port: port.port, protocol: port.protocol, family,
    internalPolicy: policies.internalLocal ? 'Local' : 'Cluster', externalPolicy: policies.externalLocal ? 'Local' : 'Cluster', fromOutside: policies.externallyAccessible,
    nodes: index.cluster.nodes.map(({ name }) => {
      const selection = selectEndpoints(index, service, port, name, family);
      return {
        node: name, topology: selection.topology,
        lists: lists.map((list) => ({
          list, used: selection[list].map(shape),
          leftOut: leftOutEndpoints(index, service, port, name, family, list).map(({ endpoint, why }) => ({ ...shape(endpoint), why })),
        })),
      };
    }),
  };
}

/** A Service's endpoints as each node's kube-proxy chooses them, for traffic from inside and from outside, and why each other one is left out. Throws ApiFailure where there is no such Service. */
export function endpointsOf(world: World, service: string): EndpointsView {
  const index = indexCluster(world.cluster);
  const parts = service.replace(/^service\//, '').split('/');
  const found = index.services.get(parts.length === 1 ? `default/${parts[0]!}` : parts.join('/'));
  if (!found) throw new ApiFailure('problem', `there is no Service ${service}`);
  const families = [...new Set(found.clusterIps.map(familyOf))];
  return { service: `service/${found.namespace}/${found.name}`, ports: families.flatMap((family) => found.ports.map((port) => portView(index, found, port, family))) };
}
