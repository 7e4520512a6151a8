import type { Problem } from '../base/problem.ts';
import type { Fragment } from '../dataplane/netns.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Cluster, Node, Outsider } from '../model/types.ts';

/** A machine whose namespaces a datapath may fill. `id` is the machine's own namespace. */
export type Host =
  | { readonly kind: 'node'; readonly id: NetnsId; readonly node: Node }
  | { readonly kind: 'client' | 'host'; readonly id: NetnsId; readonly outsider: Outsider }
  /** The wires between machines: `switch/lan` (the node network), `switch/outside`, `router/lab`, `world/internet`. */
  | { readonly kind: 'switch' | 'router' | 'world'; readonly id: NetnsId }
  | { readonly kind: 'load-balancer'; readonly id: NetnsId };

/** One way of wiring: knows Kubernetes, never sees a packet. */
export interface Datapath {
  readonly id: string;
  readonly provides: readonly ('pod-network' | 'services' | 'policy' | 'load-balancer' | 'ingress' | 'outside')[];
  /** What it cannot model in this cluster, said up front. */
  check(cluster: Cluster): readonly Problem[];
  /** What this host's kernels hold because of this datapath: links, routes, chains, sets. Pure; null where it has nothing to say about this host. */
  compile(host: Host, cluster: Cluster): Fragment | null;
}
