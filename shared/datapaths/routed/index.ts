import type { Fragment } from '../../dataplane/netns.ts';
import { routesToOtherNodes } from '../node-routes.ts';
import { natPart } from '../pod-nat.ts';
import { ranks } from '../ranks.ts';
import { stationsOn } from '../stations.ts';
import type { Datapath } from '../types.ts';
import { routedNode, routedPod } from './wiring.ts';

/** No bridge: a route per pod on its node, and routes between the nodes, as Calico builds it (README.md). */
export const routed: Datapath = {
  id: 'routed',
  provides: ['pod-network'],
  check: () => [],
  compile(host, cluster): Fragment | null {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const wiring = routedNode(node, cluster);
    return { rank: ranks.podNetwork, parts: [
      { ...wiring, routes: [...wiring.routes, ...routesToOtherNodes('routed', node, cluster)] },
      natPart('routed', node, cluster),
      ...stationsOn(node, cluster).map((station) => routedPod(station, node, cluster)),
    ] };
  },
};
