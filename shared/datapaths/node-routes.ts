import { cidrFamily, hostCidr, type Cidr } from '../base/cidr.ts';
import type { Origin } from '../dataplane/ids.ts';
import type { Route } from '../dataplane/netns.ts';
import type { Cluster, Node } from '../model/types.ts';
import { nodeAddress } from './lan.ts';
import { loneAddresses } from './stations.ts';
import { route } from './wiring.ts';

/** The ways to the pods of every other node by plain routing: its pod CIDRs, and each pod that keeps an address outside them, through the node's InternalIP. */
export function routesToOtherNodes(by: string, node: Node, cluster: Cluster): readonly Route[] {
  const origin = (why: string): Origin => ({ by, for: { kind: 'Node', name: node.name }, why });
  return cluster.nodes.filter((other) => other.name !== node.name).flatMap((other) => {
    const to = (dst: Cidr, why: string): Route[] => {
      const via = nodeAddress(other, cidrFamily(dst));
      return via !== undefined && nodeAddress(node, cidrFamily(dst)) !== undefined ? [route(dst, { via, dev: 'eth0' }, origin(why))] : [];
    };
    return [
      ...other.podCidrs.flatMap((dst) => to(dst, `Pods in ${dst} are on node ${other.name}; the packet goes there unchanged, by plain routing.`)),
      ...loneAddresses(other, cluster).flatMap((address) => to(hostCidr(address), `${address} is a pod on node ${other.name} that keeps an address outside the node's pod CIDR.`)),
    ];
  });
}
