import type { NetnsPart } from '../dataplane/netns.ts';
import type { Cluster, Node } from '../model/types.ts';
import { hostPortTables } from './host-ports.ts';
import { masqueradeTables } from './masquerade.ts';
import { nodeNetns } from './naming.ts';

/** The NAT that a pod network does itself on a node: hostPorts in and, unless it brings rules of its own, masquerade out. `by` is the pod network's id. */
export function natPart(by: string, node: Node, cluster: Cluster, masquerade = true): NetnsPart {
  const hostPorts = hostPortTables(node, cluster);
  const tables = [...hostPorts, ...(masquerade ? masqueradeTables(by, node, cluster) : [])];
  return { netns: nodeNetns(node.name), tables, ...(hostPorts.length > 0 ? { sysctls: { routeLocalnet: true } } : {}) };
}
