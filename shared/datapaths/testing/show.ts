import { buildDataplane } from '../../dataplane/build-dataplane.ts';
import type { NetnsId } from '../../dataplane/ids.ts';
import type { Netns } from '../../dataplane/netns.ts';
import { printIpAddr } from '../../dataplane/text/print-ip-addr.ts';
import { printIpRoute } from '../../dataplane/text/print-ip-route.ts';
import { joinLines, printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import type { Cluster } from '../../model/types.ts';
import { hostsOf, netnsOf } from '../hosts.ts';
import type { Datapath } from '../types.ts';

/** One namespace as these datapaths alone make it. */
export function netnsBy(datapaths: readonly Datapath[], cluster: Cluster, id: NetnsId): Netns {
  const hosts = hostsOf(cluster);
  const found = buildDataplane(hosts.map((host) => netnsOf(host, cluster)), (host) => datapaths.flatMap((d) => d.compile(hosts.find((h) => h.id === host)!, cluster) ?? [])).netns(id);
  if (!found) throw new Error(`no namespace ${id}`);
  return found;
}

/** `ip route` of a family. */
export const routesOf = (netns: Netns, family: 4 | 6 = 4): readonly string[] => printIpRoute(netns, family).map((line) => line.text);

/** The rules of one chain, as iptables-save writes them. */
export const chainText = (netns: Netns, chain: string): readonly string[] => printIptablesSave(netns, 'ip').map((line) => line.text).filter((text) => text.startsWith(`-A ${chain} `));

/** `ip -details addr`. */
export const addrOf = (netns: Netns): string => joinLines(printIpAddr(netns));

/** The reasons, in the order of what they explain. */
export const reasons = (netns: Netns): readonly string[] => [netns, ...netns.links, ...netns.routes, ...netns.neighbours, ...netns.sockets].map((thing) => thing.origin.why);
