import { addressOf, cidrContains } from '../base/cidr.ts';
import type { Ip } from '../base/ip.ts';
import { ApiFailure } from '../api/failure.ts';
import type { IfName, NetnsId } from '../dataplane/ids.ts';
import type { Link } from '../dataplane/netns.ts';
import type { World } from './world.ts';
import { podId } from '../model/describe.ts';

/** Where a handed-in packet (`--at node/NAME`) appears: on a link, or among the node's own processes (no link). */
export interface Arrival { readonly netns: NetnsId; readonly link?: IfName }

const isUplink = (link: Link): boolean => link.kind === 'veth' && link.master === undefined && link.peer.netns.startsWith('switch/');

/** CLI.md: from a pod's veth or bridge if the source lies in the node's pod CIDR, from the node's own processes if it is one of its own addresses, else from the uplink. */
export function arrivalAt(world: World, at: string, src: Ip): Arrival {
  const name = at.replace(/^node\//, '');
  const node = world.cluster.nodes.find((one) => one.name === name);
  const netns = world.dataplane.netns(`node/${name}`);
  if (!node || !netns) throw new ApiFailure('problem', `there is no node/${name} to hand the packet to`);
  if (netns.links.some((link) => link.addresses.some((address) => addressOf(address) === src))) return { netns: netns.id };
  if (node.podCidrs.some((network) => cidrContains(network, src))) {
    const pod = world.cluster.pods.find((one) => !one.hostNetwork && one.node === name && one.ips.includes(src));
    const cable = netns.links.find((link) => link.kind === 'veth' && pod !== undefined && link.peer.netns === podId(pod));
    const link = cable ?? netns.links.find((one) => one.kind === 'bridge') ?? netns.links.find((one) => one.kind === 'veth' && one.peer.netns.startsWith('pod/'));
    if (link) return { netns: netns.id, link: link.name };
  }
  const uplink = netns.links.find(isUplink);
  if (!uplink) throw new ApiFailure('problem', `node/${name} has no uplink`);
  return { netns: netns.id, link: uplink.name };
}
