import type { ObjectRef } from '../base/object-ref.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Node, Outsider, Pod, Service } from './types.ts';

export const refOfPod = (pod: Pod): ObjectRef => ({ kind: 'Pod', namespace: pod.namespace, name: pod.name });
export const refOfNode = (node: Node): ObjectRef => ({ kind: 'Node', name: node.name });
export const refOfService = (service: Service): ObjectRef => ({ kind: 'Service', namespace: service.namespace, name: service.name });
/** `client/NAME` or `host/NAME` as a reference. */
export const refOfOutsider = (outsider: Outsider): ObjectRef => ({ kind: outsider.kind === 'client' ? 'Client' : 'Host', name: outsider.name });

/** `pod/NAMESPACE/NAME`: a pod as questions, selections and the map name it. */
export const podId = ({ namespace, name }: Pick<Pod, 'namespace' | 'name'>): `pod/${string}` => `pod/${namespace}/${name}`;

/** Where a pod's packets start: a hostNetwork pod's is its node's. */
export const netnsOfPod = (pod: Pod): NetnsId => (pod.hostNetwork ? `node/${pod.node}` : podId(pod));
