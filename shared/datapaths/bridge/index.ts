import type { Fragment } from '../../dataplane/netns.ts';
import { bridgedNode, bridgedPod, type Bridged } from '../bridged-pods.ts';
import { routesToOtherNodes } from '../node-routes.ts';
import { natPart } from '../pod-nat.ts';
import { ranks } from '../ranks.ts';
import { stationsOn } from '../stations.ts';
import type { Datapath } from '../types.ts';

const how: Bridged = { by: 'bridge', bridge: 'cbr0', mtu: 1500 };

/** Pods on a bridge per node, and routes between the nodes (README.md). */
export const bridge: Datapath = {
  id: 'bridge',
  provides: ['pod-network'],
  check: () => [],
  compile(host, cluster): Fragment | null {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const wiring = bridgedNode(how, node, cluster);
    return { rank: ranks.podNetwork, parts: [
      { ...wiring, routes: [...wiring.routes, ...routesToOtherNodes('bridge', node, cluster)] },
      natPart('bridge', node, cluster),
      ...stationsOn(node, cluster).map((station) => bridgedPod(how, station, node, cluster)),
    ] };
  },
};
