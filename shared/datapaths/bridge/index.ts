import type { Fragment } from '../../dataplane/netns.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { natPart } from '../pod-nat.ts';
import { bridgeNode } from './node.ts';
import { bridgePod } from './pod.ts';
import { stationsOn } from '../stations.ts';

/** Pods on a bridge per node, and routes between the nodes. */
export const bridge: Datapath = {
  id: 'bridge',
  provides: ['pod-network'],
  check: () => [],
  compile(host, cluster): Fragment | null {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const wiring = bridgeNode(node, cluster);
    return { rank: ranks.podNetwork, parts: [wiring, natPart('bridge', node, cluster), ...stationsOn(node, cluster).map((station) => bridgePod(station, node, cluster))] };
  },
};
