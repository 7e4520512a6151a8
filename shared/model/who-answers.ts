import { printRef, type ObjectRef } from '../base/object-ref.ts';
import { parseIp, type Ip } from '../base/ip.ts';
import { targetPortOn } from './derive-slices.ts';
import { refOfNode, refOfOutsider, refOfPod } from './describe.ts';
import { groupBy, indexCluster, type ClusterIndex } from './index-cluster.ts';
import { fullName } from './problems.ts';
import { rememberParts } from './remember-parts.ts';
import { matchesLabels } from './selectors.ts';
import type { Cluster, L4Protocol, Node, Outsider, Pod, ServicePort } from './types.ts';

/** Something that takes connections; `port` null = on every port. */
export interface Listener { readonly protocol: L4Protocol; readonly port: number | null; readonly for: ObjectRef; readonly why: string }

const protocols: readonly L4Protocol[] = ['tcp', 'udp', 'sctp'];

/** What listens in a pod (CLI.md, "Who answers"): its declared containerPorts; with none declared, every target port aimed at it. A pod that is not running, or whose containers crash, listens on nothing. */
export function listenersOfPod(cluster: Cluster, pod: Pod): readonly Listener[] {
  if (pod.phase !== 'Running' || pod.crashed === true) return [];
  const ref = refOfPod(pod);
  const declared = pod.ports.map((port): Listener => ({ protocol: port.protocol, port: port.port, for: ref, why: `container ${port.container} of pod ${pod.name} declares port ${port.port}/${port.protocol}` }));
  return distinct(declared.length > 0 ? declared : aimedAt(indexCluster(cluster), pod, ref));
}

/** The pod's endpoint entries and the Services that select it say which ports are meant. */
function aimedAt(index: ClusterIndex, pod: Pod, ref: ObjectRef): readonly Listener[] {
  const listener = (protocol: L4Protocol, port: number, service: string): Listener => ({ protocol, port, for: ref, why: `pod ${pod.name} declares no ports, and Service ${service} aims at ${port}/${protocol}` });
  const selected = servicesSelecting(index, pod).flatMap((service) => service.ports.flatMap((port: ServicePort) => {
    const target = targetPortOn(pod, port);
    return target === null ? [] : [listener(port.protocol, target, service.name)];
  }));
  const sliced = (answering(index.cluster).podHits.get(fullName(pod)) ?? []).flatMap(({ service, ports }) => ports.flatMap(({ protocol, port }) => (port === null ? [] : [listener(protocol, port, service)])));
  return [...selected, ...sliced];
}

const servicesSelecting = (index: ClusterIndex, pod: Pod): Cluster['services'] =>
  servicesByNamespace(index.cluster).get(pod.namespace)?.filter((service) => service.selector !== null && matchesLabels(service.selector, pod.labels)) ?? [];

type SliceHit = { readonly service: string; readonly ports: Cluster['endpointSlices'][number]['ports'] };
interface Answering {
  /** Slices that name a pod (by `namespace/name`) or, without one, a node. */
  readonly podHits: ReadonlyMap<string, readonly SliceHit[]>;
  readonly nodeHits: ReadonlyMap<string, readonly SliceHit[]>;
}
const servicesByNamespace = rememberParts((cluster) => [cluster.services], ({ services }) => groupBy(services, (service) => service.namespace));

const answering = rememberParts<Answering>(({ endpointSlices, pods, nodes }) => [endpointSlices, pods, nodes], (cluster) => {
  const { podByIp, nodeByIp } = indexCluster(cluster);
  const [podHits, nodeHits] = [new Map<string, SliceHit[]>(), new Map<string, SliceHit[]>()];
  for (const slice of cluster.endpointSlices) {
    const hit: SliceHit = { service: slice.service, ports: slice.ports };
    for (const endpoint of slice.endpoints) {
      const address = parseIp(endpoint.addresses[0] ?? '');
      const pod = address === null ? undefined : podByIp.get(address);
      const node = address === null ? undefined : nodeByIp.get(address);
      if (pod) push(podHits, fullName(pod), hit);
      else if (node && endpoint.target?.kind === 'Pod') push(podHits, `${endpoint.target.namespace ?? ''}/${endpoint.target.name}`, hit);
      else if (node) push(nodeHits, node.name, hit);
    }
  }
  return { podHits, nodeHits };
});

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}

/** What answers at an endpoint address without a pod: everything. */
export const listenersOfStray = (address: Ip): readonly Listener[] =>
  protocols.map((protocol) => ({ protocol, port: null, for: { kind: 'Address', name: address }, why: `an EndpointSlice names ${address} and no pod has it, so something answers there` }));

/** What listens on a node's own addresses: its hostNetwork pods, and endpoints that name the node's address without a pod. */
export function listenersOfNode(cluster: Cluster, node: Node): readonly Listener[] {
  const index = indexCluster(cluster);
  const pods = (index.podsByNode.get(node.name) ?? []).filter((pod) => pod.hostNetwork);
  const named = (answering(cluster).nodeHits.get(node.name) ?? []).flatMap(({ service, ports }) => ports.flatMap(({ protocol, port }): readonly Listener[] => (port === null ? [] : [{
    protocol, port, for: refOfNode(node), why: `Service ${service} names node ${node.name} as an endpoint on ${port}/${protocol}`,
  }])));
  return distinct([...pods.flatMap((pod) => listenersOfPod(cluster, pod)), ...named]);
}

/** What an outside machine listens on: everything, unless it says otherwise. */
export function listenersOfOutsider(outsider: Outsider): readonly Listener[] {
  const ref = refOfOutsider(outsider);
  if (outsider.ports === null) return protocols.map((protocol) => ({ protocol, port: null, for: ref, why: `${printRef(ref)} answers on every port` }));
  return outsider.ports.map(({ protocol, port }) => ({ protocol, port, for: ref, why: `${printRef(ref)} listens on ${port}/${protocol}` }));
}

/** The first of each protocol and port, in order. */
function distinct(listeners: readonly Listener[]): readonly Listener[] {
  const seen = new Set<string>();
  return listeners.filter(({ protocol, port }) => {
    const key = `${port ?? '*'}/${protocol}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
