import type { Fragment, NetnsPart } from '../../dataplane/netns.ts';
import { ranks } from '../ranks.ts';
import type { Datapath, Host } from '../types.ts';
import type { Cluster } from '../../model/types.ts';
import { checkOutside } from './check.ts';
import { nodeMachine } from './node.ts';
import { outsiderMachine } from './outsider.ts';
import { router } from './router.ts';
import { lanSwitch, outsideSwitch } from './switches.ts';
import { world } from './world.ts';

function machine(host: Host, cluster: Cluster): NetnsPart | null {
  switch (host.kind) {
    case 'node': return nodeMachine(host.node, cluster);
    case 'client':
    case 'host': return outsiderMachine(host.outsider, cluster);
    case 'router': return router(host.id, cluster);
    case 'switch': return host.id === 'switch/lan' ? lanSwitch(host.id, cluster) : outsideSwitch(host.id, cluster);
    case 'world': return world(host.id, cluster);
    case 'load-balancer': return null;
  }
}

/** The machines and the cables between them: nodes on a switch, a router, clients and hosts beyond it, and the rest of the internet. */
export const outside: Datapath = {
  id: 'outside',
  provides: ['outside'],
  check: checkOutside,
  compile(host, cluster): Fragment | null {
    const part = machine(host, cluster);
    return part && { rank: ranks.machines, parts: [part] };
  },
};
