import { baseOf, cidrFamily } from '../../base/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '../../base/ip.ts';
import { isLoopback, nodePortAddresses } from '../../model/proxy-node.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { bridgeAddress } from '../bridged-pods.ts';

/** The addresses of a node in one family, kube-ipvs0's and loopback aside (GetAllLocalAddressesExcept): its own, its pod bridge's, its tunnel's. */
export function localAddresses(cluster: Cluster, node: Node, family: IpFamily): readonly Ip[] {
  const { podNetwork } = cluster.settings;
  const podCidrs = node.podCidrs.filter((c) => cidrFamily(c) === family);
  const ofPodNetwork = podNetwork === 'routed' ? [] : podCidrs.flatMap((c) => [bridgeAddress(c), ...(podNetwork === 'vxlan' ? [baseOf(c)] : [])]);
  return [...new Set([...node.addresses.filter((address) => familyOf(address) === family), ...ofPodNetwork])].filter((address) => !isLoopback(address));
}

/** Where node ports get a virtual server: every local address, or those inside nodePortAddresses; never loopback. */
export function nodePortIps(cluster: Cluster, node: Node, family: IpFamily): readonly Ip[] {
  const { matchAll, addresses } = nodePortAddresses(cluster.settings, node, family, 'all');
  return matchAll ? localAddresses(cluster, node, family) : addresses.filter((address) => !isLoopback(address));
}
