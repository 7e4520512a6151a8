import type { ObjectRef } from '../base/object-ref.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Node, Outsider, Pod, Service, Workload } from './types.ts';

export const refOfPod = (pod: Pod): ObjectRef => ({ kind: 'Pod', namespace: pod.namespace, name: pod.name });
export const refOfNode = (node: Node): ObjectRef => ({ kind: 'Node', name: node.name });
export const refOfService = (service: Service): ObjectRef => ({ kind: 'Service', namespace: service.namespace, name: service.name });
export const refOfWorkload = (workload: Workload): ObjectRef => ({ kind: workload.kind, namespace: workload.namespace, name: workload.name });
/** `client/NAME` or `host/NAME` as a reference. */
export const refOfOutsider = (outsider: Outsider): ObjectRef => ({ kind: outsider.kind === 'client' ? 'Client' : 'Host', name: outsider.name });

/** Where a pod's packets start: a hostNetwork pod's is its node's. */
export const netnsOfPod = (pod: Pod): NetnsId => (pod.hostNetwork ? `node/${pod.node}` : `pod/${pod.namespace}/${pod.name}`);

/** A pod's state in a word or two, as `kubectl get pods` would put it. */
export function stateOfPod(pod: Pod): 'Pending' | 'Running' | 'Not ready' | 'Terminating' | 'Succeeded' | 'Failed' {
  if (pod.phase !== 'Running') return pod.phase;
  if (pod.terminating) return 'Terminating';
  return pod.ready ? 'Running' : 'Not ready';
}

/** A Service's kind of way in, as people call it: headless Services and ExternalNames have no address of their own. */
export const kindOfService = (service: Service): Service['type'] | 'Headless' => (service.headless ? 'Headless' : service.type);
