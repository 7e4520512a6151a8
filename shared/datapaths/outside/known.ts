import { hostCidr, type Cidr } from '../../base/cidr.ts';
import { familyOf, type Ip } from '../../base/ip.ts';
import type { ObjectRef } from '../../base/object-ref.ts';
import type { Cluster } from '../../model/types.ts';
import { familiesOf, isOnLan, lanOf, nodeAddress } from '../lan.ts';
import { loneAddresses, outsidersOf } from '../stations.ts';
import { addressesOffLan } from './node.ts';

/** A destination beyond the nodes' network that the router sends to one machine. */
export interface Beyond { readonly dst: Cidr; readonly via: Ip; readonly for: ObjectRef; readonly why: string }

/** Addresses of nodes that lie outside the nodes' own subnets: each is reached through the node's InternalIP. */
export const furtherNodeAddresses = (cluster: Cluster): readonly Beyond[] =>
  cluster.nodes.flatMap((node) => addressesOffLan(node, cluster).map((address) => ({
    dst: hostCidr(address), via: nodeAddress(node, familyOf(address))!, for: { kind: 'Node', name: node.name }, why: `${address} is one more address of node ${node.name}.`,
  })));

/** Services' externalIPs that no node has. Kubernetes routes none of them; the lab's administrator sends each to the first ready node. */
export function routedExternalIps(cluster: Cluster): readonly Beyond[] {
  const own = new Set(cluster.nodes.flatMap((node) => node.addresses));
  const seen = new Set<Ip>();
  return cluster.services.flatMap((service) => service.externalIps.flatMap((address): Beyond[] => {
    const node = cluster.nodes.find((n) => n.ready && nodeAddress(n, familyOf(address)) !== undefined);
    if (own.has(address) || seen.has(address) || !node) return [];
    seen.add(address);
    return [{ dst: hostCidr(address), via: nodeAddress(node, familyOf(address))!, for: { kind: 'Service', namespace: service.namespace, name: service.name },
      why: `Kubernetes routes no externalIP by itself; here the network's administrator sends ${address} to node ${node.name}.` }];
  }));
}

/** The ways to pods, for a network that routes pod addresses (podsRoutable). */
export function podRoutes(cluster: Cluster): readonly Beyond[] {
  if (!cluster.settings.podsRoutable) return [];
  return cluster.nodes.flatMap((node) => {
    const ref = { kind: 'Node', name: node.name };
    const cidrs = node.podCidrs.map((dst) => ({ dst, why: `Pods are routable here: ${dst} lives on node ${node.name}.` }));
    const lone = loneAddresses(node, cluster).map((address) => ({ dst: hostCidr(address), why: `Pods are routable here: a pod on node ${node.name} keeps the address ${address}.` }));
    return [...cidrs, ...lone].flatMap(({ dst, why }) => {
      const via = nodeAddress(node, familyOf(dst.slice(0, dst.indexOf('/')) as Ip));
      return via === undefined ? [] : [{ dst, via, for: ref, why }];
    });
  });
}

/** The load balancers' addresses that exist outside: one per family and Service, without those a proxy answers for. */
export const balancerAddresses = (cluster: Cluster): readonly Ip[] =>
  cluster.settings.loadBalancer === 'none' ? [] : [...new Set(cluster.services.flatMap((service) => service.loadBalancer.flatMap((ingress) => (ingress.ip === null ? [] : [ingress.ip]))))];

/** Addresses of outside machines that stand beyond the router. */
export const farOutsiders = (cluster: Cluster): readonly { readonly address: Ip; readonly name: string }[] =>
  outsidersOf(cluster).filter((o) => !isOnLan(lanOf(cluster), o)).flatMap((o) => o.addresses.map((address) => ({ address, name: `${o.kind}/${o.name}` })));

/** The families spoken outside: the nodes' and the outsiders'. */
export const outsideFamilies = (cluster: Cluster): readonly (4 | 6)[] =>
  ([4, 6] as const).filter((family) => familiesOf(cluster).includes(family) || outsidersOf(cluster).some((o) => o.addresses.some((address) => familyOf(address) === family)));
