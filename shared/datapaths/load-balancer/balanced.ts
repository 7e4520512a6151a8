import { familyOf, type Ip } from '../../base/ip.ts';
import type { ObjectRef } from '../../base/object-ref.ts';
import { sha256Base32 } from '../../base/sha256-base32.ts';
import { proxyHealth } from '../../model/health-checks.ts';
import type { Cluster, Node, Service } from '../../model/types.ts';
import { nodeAddress } from '../lan.ts';

/** An address that a load balancer answers for, and the nodes that may get its connections. */
export interface Balanced {
  readonly vip: Ip;
  /** `Proxy`: the balancer dials the nodes' node ports itself (KEP-1860). */
  readonly ipMode: 'VIP' | 'Proxy';
  readonly service: Service;
  readonly for: ObjectRef;
  readonly nodes: readonly Node[];
}

const readyNodes = new WeakMap<Cluster, ReadonlyMap<string, ReadonlySet<string>>>();

/** `namespace/service` → the nodes with at least one ready endpoint of it, which is what kube-proxy's health-check port reports (LocalReadyEndpoints); '' where an endpoint names no node. */
function nodesWithReadyEndpoints(cluster: Cluster): ReadonlyMap<string, ReadonlySet<string>> {
  let index = readyNodes.get(cluster);
  if (!index) {
    const found = new Map<string, Set<string>>();
    for (const slice of cluster.endpointSlices) {
      const key = `${slice.namespace}/${slice.service}`;
      const nodes = found.get(key) ?? new Set<string>();
      for (const endpoint of slice.endpoints) if (endpoint.ready) nodes.add(endpoint.nodeName);
      found.set(key, nodes);
    }
    readyNodes.set(cluster, (index = found));
  }
  return index;
}

const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** The nodes whose health check passes: ready, running, not excluded; with externalTrafficPolicy Local those with a ready endpoint of their own, else a cloud asks kube-proxy whether the node stays (KEP-3836). */
function healthyNodes(service: Service, vip: Ip, cluster: Cluster): readonly Node[] {
  const withEndpoint = nodesWithReadyEndpoints(cluster).get(`${service.namespace}/${service.name}`) ?? new Set<string>();
  const stopped = new Set(cluster.settings.faults.flatMap((fault) => (fault.kind === 'node-stopped' ? [fault.node] : [])));
  return cluster.nodes.filter((node) => node.ready && !stopped.has(node.name) && !(excluded in node.labels) && nodeAddress(node, familyOf(vip)) !== undefined
    && (service.externalTrafficPolicy === 'Local' ? withEndpoint.has(node.name) : cluster.settings.loadBalancer !== 'cloud' || proxyHealth(node, '/healthz') === 200));
}

/** Every load balancer address of the cluster with its nodes; an address that two Services share belongs to the first. */
export function balancedAddresses(cluster: Cluster): readonly Balanced[] {
  const found = new Map<Ip, Balanced>();
  for (const service of cluster.services) {
    if (service.type !== 'LoadBalancer') continue;
    for (const { ip: vip, ipMode } of service.loadBalancer) {
      if (vip === null || found.has(vip)) continue;
      found.set(vip, { vip, ipMode, service, for: { kind: 'Service', namespace: service.namespace, name: service.name }, nodes: healthyNodes(service, vip, cluster) });
    }
  }
  return [...found.values()];
}

// Base32's alphabet does not sort like the bytes it stands for: its digits come last.
const byteOrder = (text: string): string => text.replace(/[2-7]/g, (digit) => String.fromCharCode(91 + Number(digit)));

/** The node whose speaker answers for the address: first by SHA-256 of `NODE#ADDRESS` (MetalLB, layer2_controller.go ShouldAnnounce). With no ready endpoint anywhere nobody does. */
export function announcer({ vip, service, nodes }: Balanced, cluster: Cluster): Node | null {
  if ((nodesWithReadyEndpoints(cluster).get(`${service.namespace}/${service.name}`)?.size ?? 0) === 0) return null;
  const rank = (node: Node): string => byteOrder(sha256Base32(`${node.name}#${vip}`));
  return nodes.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))[0] ?? null;
}
