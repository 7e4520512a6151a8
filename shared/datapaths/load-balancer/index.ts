import { familyOf } from '../../base/ip.ts';
import { hostCidr } from '../../base/cidr.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster } from '../../model/types.ts';
import { nodeAddress } from '../lan.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { route } from '../wiring.ts';
import { announcer, balancedAddresses } from './balanced.ts';
import { cloudBalancer, routesToCloud } from './cloud.ts';

/** MetalLB in layer 2 mode: one node answers for each address, so the router sends the address to that node. */
const routesToAnnouncers = (cluster: Cluster): readonly Route[] => balancedAddresses(cluster).flatMap((balanced): Route[] => {
  const node = announcer(balanced, cluster);
  const { vip, service } = balanced;
  const origin = (why: string): Route['origin'] => ({ by: 'load-balancer', for: balanced.for, why });
  if (!node) return [route(hostCidr(vip), { type: 'blackhole' }, origin(`No node announces ${vip}: Service ${service.name} has no ready endpoint where it would need one.`))];
  return [route(hostCidr(vip), { via: nodeAddress(node, familyOf(vip))!, dev: 'lan0' }, origin(`MetalLB: node ${node.name} is the one that answers for ${vip} of Service ${service.name}.`))];
});

function routerPart(cluster: Cluster): NetnsPart | null {
  const { loadBalancer } = cluster.settings;
  if (loadBalancer === 'none') return null;
  return { netns: 'router/lab', routes: loadBalancer === 'cloud' ? routesToCloud(cluster) : routesToAnnouncers(cluster) };
}

/** What answers for the addresses of LoadBalancer Services: nothing, a cloud's balancer, or MetalLB. */
export const loadBalancer: Datapath = {
  id: 'load-balancer',
  provides: ['load-balancer'],
  check: () => [],
  compile(host, cluster) {
    const part = host.kind === 'router' ? routerPart(cluster) : host.kind === 'load-balancer' ? cloudBalancer(host.id, cluster) : null;
    return part && { rank: ranks.loadBalancer, parts: [part] };
  },
};
