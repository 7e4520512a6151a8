import { familyOf, type Ip } from '../base/ip.ts';
import { preferFamily } from './prefer-family.ts';
import type { ClusterIndex } from './index-cluster.ts';
import type { L4Protocol, Service } from './types.ts';

/** One way into a Service from outside. */
export interface WayIn {
  readonly ips: readonly Ip[];
  /** As a clause: `by node port 30080 of node a`. */
  readonly via: string;
  /** Ports that this way changes. */
  readonly portMap: readonly { readonly protocol: L4Protocol; readonly from: number; readonly to: number }[];
}

/** From outside: the load balancer's address, else an external IP, else a node port of the first node; null where there is none. `own` are the source's addresses. */
export function wayInFromOutside(index: ClusterIndex, service: Service, own: readonly Ip[]): WayIn | null {
  const balancers = service.loadBalancer.flatMap((entry) => entry.ip ?? []);
  if (balancers.length > 0) return { ips: preferFamily(balancers, own).slice(0, 1), via: 'by the load balancer’s address', portMap: [] };
  if (service.externalIps.length > 0) return { ips: preferFamily(service.externalIps, own).slice(0, 1), via: 'by its external IP', portMap: [] };
  const portMap = service.ports.filter((port) => port.nodePort > 0).map((port) => ({ protocol: port.protocol, from: port.port, to: port.nodePort }));
  const node = index.cluster.nodes.find((candidate) => candidate.ready && candidate.addresses.some((ip) => service.clusterIps.some((one) => familyOf(one) === familyOf(ip))));
  if (portMap.length === 0 || node === undefined) return null;
  return { ips: preferFamily(node.addresses, service.clusterIps).slice(0, 1), via: `by node port ${portMap.map((port) => port.to).join(', ')} of node ${node.name}`, portMap };
}
