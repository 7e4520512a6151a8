import type { Socket } from '../dataplane/netns.ts';
import type { Cluster, Node, Outsider } from '../model/types.ts';
import { listenersOfNode, listenersOfOutsider, listenersOfPod, listenersOfStray, type Listener } from '../model/who-answers.ts';
import type { Station } from './stations.ts';

const toSocket = ({ protocol, port, for: ref, why }: Listener): Socket => ({ protocol, port, app: 'echo', origin: { by: 'model', for: ref, why: `${why[0]!.toUpperCase()}${why.slice(1)}.` } });

const stray = 'an EndpointSlice names this address and no pod has it, so something answers here';

/** What listens in a pod's namespace, or at endpoint addresses that no pod has (there, everything). */
export const listeningOnStation = (station: Station, cluster: Cluster): readonly Socket[] =>
  (station.pod ? listenersOfPod(cluster, station.pod) : listenersOfStray(station.ips[0]!).map((listener) => ({ ...listener, for: station.for, why: stray }))).map(toSocket);

/** What listens in a node's own namespace: hostNetwork pods and whatever an EndpointSlice says. */
export const listeningOnNode = (node: Node, cluster: Cluster): readonly Socket[] => listenersOfNode(cluster, node).map(toSocket);

/** What an outside machine listens on. */
export const listeningOnOutsider = (outsider: Outsider): readonly Socket[] => listenersOfOutsider(outsider).map(toSocket);
