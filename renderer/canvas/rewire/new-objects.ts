import type { NewObject } from '../../../shared/model/edit/types.ts';
import type { Cluster } from '../../../shared/model/types.ts';
import { findPod, findService } from '../../scene/find-thing.ts';

/** What letting go of a new object (`new/KIND`) on a thing would add; null where it means nothing: pods stand on nodes, Services and policies choose a pod, an Ingress leads to a Service. */
export function newObjectAt(from: string, id: string, cluster: Cluster): { readonly title: string; readonly object: NewObject } | null {
  const kind = from.slice('new/'.length);
  const node = cluster.nodes.find(({ name }) => id === `node/${name}`);
  if (kind === 'pod') return node === undefined ? null : { title: `Add a pod to node ${node.name}`, object: { kind, node: node.name } };
  const pod = findPod(cluster, id);
  if (kind === 'service' && pod !== undefined) {
    const port = pod.ports[0]?.port;
    return { title: `Put a new Service in front of ${pod.name}`, object: { kind, namespace: pod.namespace, selector: pod.labels, ...(port === undefined ? {} : { targetPort: port }) } };
  }
  if (kind === 'policy' && pod !== undefined) return { title: `Let nobody into ${pod.name}`, object: { kind, namespace: pod.namespace, podLabels: pod.labels } };
  const service = findService(cluster, id);
  if (kind !== 'ingress' || service === undefined || service.type === 'ExternalName') return null;
  const port = service.ports[0]?.port;
  return { title: `Let an Ingress lead to ${service.name}`, object: { kind, namespace: service.namespace, service: service.name, ...(port === undefined ? {} : { port }) } };
}
