import type { Socket } from '../dataplane/netns.ts';
import type { Cluster, Node, Outsider } from '../model/types.ts';
import type { Station } from './stations.ts';

const everything: readonly Socket['protocol'][] = ['tcp', 'udp', 'sctp'];

/** What listens in a pod's namespace, or at an endpoint address that no pod has (there, everything). */
export function listeningOnStation(station: Station, _cluster: Cluster): readonly Socket[] {
  const origin = (why: string): Socket['origin'] => ({ by: 'model', for: station.for, why });
  if (!station.pod) return everything.map((protocol) => ({ protocol, port: null, app: 'echo', origin: origin('An EndpointSlice names this address, so somebody answers here.') }));
  return station.pod.ports.map((port) => ({ protocol: port.protocol, port: port.port, app: 'echo', origin: origin(`${station.what} declares containerPort ${port.port}.`) }));
}

/** What hostNetwork pods listen on in their node's namespace. */
export function listeningOnNode(node: Node, cluster: Cluster): readonly Socket[] {
  return cluster.pods.filter((pod) => pod.node === node.name && pod.hostNetwork).flatMap((pod) => pod.ports.map((port): Socket => ({
    protocol: port.protocol, port: port.port, app: 'echo', origin: { by: 'model', for: { kind: 'Pod', namespace: pod.namespace, name: pod.name }, why: `Pod ${pod.name} shares its node's network and declares containerPort ${port.port}.` },
  })));
}

/** What an outside machine listens on: everything, unless it says otherwise. */
export function listeningOnOutsider(outsider: Outsider, _cluster: Cluster): readonly Socket[] {
  const origin = { by: 'model', for: { kind: outsider.kind === 'client' ? 'Client' : 'Host', name: outsider.name }, why: `${outsider.name} answers here.` };
  return outsider.ports === null ? everything.map((protocol) => ({ protocol, port: null, app: 'echo', origin })) : outsider.ports.map(({ protocol, port }) => ({ protocol, port, app: 'echo', origin }));
}
