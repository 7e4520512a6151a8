import { normalizeRanges, type Ranges } from './policy/connection-set.ts';
import { matchesLabels } from './selectors.ts';
import { targetPortOn } from './derive-slices.ts';
import type { Cluster, Pod, Service } from './types.ts';

/** The peer that stands for the controller behind every Ingress (CLI.md, `reach`). */
export const INGRESS_CONTROLLER = '{ingress-controller}';

/** TCP ports of a workload's pods that some Ingress leads to. */
export type ExposedPorts = Ranges;

interface Exposure { readonly service: Service; readonly port: Service['ports'][number] }
const remembered = new WeakMap<Cluster, readonly Exposure[]>();

/** The Service port that a backend names; where none has that number, ingress-nginx takes a target port (`serviceEndpoints`), so it may be reached. */
function portOf(service: Service, wanted: number | string): Exposure['port'] | undefined {
  const tcp = service.ports.filter((one) => one.protocol === 'tcp');
  return tcp.find((one) => one.port === wanted || one.name === wanted) ?? tcp.find((one) => one.targetPort === wanted);
}

/** The Service ports that Ingresses lead to; a backend without its Service or port exposes nothing. */
function exposures(cluster: Cluster): readonly Exposure[] {
  let known = remembered.get(cluster);
  if (!known) {
    known = (cluster.ingresses ?? []).flatMap((ingress) => ingress.backends.flatMap((backend) => {
      const service = cluster.services.find((one) => one.namespace === ingress.namespace && one.name === backend.service);
      const port = service && portOf(service, backend.port);
      return service && port ? [{ service, port }] : [];
    }));
    remembered.set(cluster, known);
  }
  return known;
}

/** What Ingresses expose of these pods: the pods' own ports after the Service's mapping; null where no Ingress leads to them. */
export function exposedPorts(cluster: Cluster, pods: readonly Pod[]): ExposedPorts | null {
  const ports = exposures(cluster).flatMap(({ service, port }) => pods.filter((pod) => pod.namespace === service.namespace && service.selector !== null && matchesLabels(service.selector, pod.labels))
    .map((pod) => targetPortOn(pod, port)).filter((number) => number !== null));
  return ports.length === 0 ? null : normalizeRanges(ports.map((number): [number, number] => [number, number]));
}
