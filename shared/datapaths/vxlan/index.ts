import type { Fragment } from '../../dataplane/netns.ts';
import { bridgedNode, bridgedPod, type Bridged } from '../bridged-pods.ts';
import { nodeNetns } from '../naming.ts';
import { natPart } from '../pod-nat.ts';
import { ranks } from '../ranks.ts';
import { stationsOn } from '../stations.ts';
import type { Datapath } from '../types.ts';
import { flannelMasquerade } from './masquerade.ts';
import { tunnelPart } from './tunnel.ts';

const how: Bridged = { by: 'vxlan', bridge: 'cni0', mtu: 1450 };

/** Pods on a bridge per node, and a VXLAN tunnel between the nodes, as flannel builds it (README.md). */
export const vxlan: Datapath = {
  id: 'vxlan',
  provides: ['pod-network'],
  check: () => [],
  compile(host, cluster): Fragment | null {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const nft = cluster.settings.proxyMode === 'nftables';
    const masquerade = nft ? [] : [{ netns: nodeNetns(node.name), tables: flannelMasquerade(node, cluster) }];
    const tunnels = ([4, 6] as const).map((family) => tunnelPart(family, node, cluster)).filter((part) => part !== null);
    return { rank: ranks.podNetwork, parts: [
      bridgedNode(how, node, cluster), ...tunnels, natPart('vxlan', node, cluster, nft), ...masquerade,
      ...stationsOn(node, cluster).map((station) => bridgedPod(how, station, node, cluster)),
    ] };
  },
};
