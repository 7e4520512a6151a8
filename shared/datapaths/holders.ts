import type { Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Cluster } from '../model/types.ts';
import { hasCloudBalancer } from './hosts.ts';
import { lanOf, transit } from './lan.ts';
import { nodeNetns, outsiderNetns } from './naming.ts';
import { outsidersOf, stationsOn } from './stations.ts';

/** Which namespaces may hold an address, known without compiling any of them; empty for an address nobody has. */
export function holdersIn(cluster: Cluster): (address: Ip) => readonly NetnsId[] {
  let index: Map<Ip, NetnsId[]> | null = null;
  const build = (): Map<Ip, NetnsId[]> => {
    const found = new Map<Ip, NetnsId[]>();
    const add = (address: Ip, netns: NetnsId): void => {
      const known = found.get(address);
      if (known) known.push(netns);
      else found.set(address, [netns]);
    };
    for (const node of cluster.nodes) {
      for (const address of node.addresses) add(address, nodeNetns(node.name));
      for (const station of stationsOn(node, cluster)) for (const address of station.ips) add(address, station.netns);
    }
    for (const outsider of outsidersOf(cluster)) for (const address of outsider.addresses) add(address, outsiderNetns(outsider));
    for (const ends of [transit[4], transit[6]]) {
      add(ends.router, 'router/lab');
      add(ends.world, 'world/internet');
      if (hasCloudBalancer(cluster)) add(ends.loadBalancer, 'lb/cloud');
    }
    for (const segment of lanOf(cluster).segments) {
      add(segment.router, 'router/lab');
      if (hasCloudBalancer(cluster)) add(segment.loadBalancer, 'lb/cloud');
    }
    return found;
  };
  return (address) => (index ??= build()).get(address) ?? [];
}
