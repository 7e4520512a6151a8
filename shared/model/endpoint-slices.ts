import type { KubeObject } from '../kube/types.ts';
import { createPodFinder, deriveSlices } from './derive-slices.ts';
import { mirroredSlices, sliceOf } from './given-slices.ts';
import { byFullName } from './problems.ts';
import type { ServiceDraft } from './service-fields.ts';
import type { EndpointSlice, Node, Pod, Service } from './types.ts';

/** Given slices as they stand; for a Service without one, its Endpoints object mirrored; else what its selector finds. */
export function buildEndpointSlices(objects: readonly KubeObject[], drafts: readonly ServiceDraft[], services: readonly Service[], pods: readonly Pod[], nodes: readonly Node[]): readonly EndpointSlice[] {
  const given = objects.filter((object) => object.kind === 'EndpointSlice').map(sliceOf);
  const covered = new Set(given.map((slice) => `${slice.namespace}/${slice.service}`));
  const mirrored = objects.filter((object) => object.kind === 'Endpoints' && !covered.has(`${object.namespace}/${object.name}`)).flatMap(mirroredSlices);
  for (const slice of mirrored) covered.add(`${slice.namespace}/${slice.service}`);
  const finder = createPodFinder(pods);
  const nodesByName = new Map(nodes.map((node) => [node.name, node]));
  const derived = services.flatMap((service, i) => (covered.has(`${service.namespace}/${service.name}`) ? [] : deriveSlices(drafts[i]!, service, finder, nodesByName)));
  return [...given, ...mirrored, ...derived].toSorted(byFullName);
}
