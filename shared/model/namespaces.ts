import type { KubeObject } from '../kube/types.ts';
import { dig, labelsOf } from './json-fields.ts';
import { byName } from './problems.ts';
import type { Namespace } from './types.ts';

/** Every Namespace given, and an implied one for each namespace that an object lives in; all carry `kubernetes.io/metadata.name` (NamespaceDefaultLabelName). */
export function buildNamespaces(objects: readonly KubeObject[]): readonly Namespace[] {
  const given = objects.filter((object) => object.kind === 'Namespace');
  const known = new Set(given.map((object) => object.name));
  const lived = new Set(objects.map((object) => object.namespace).filter((name) => name !== '' && !known.has(name)));
  if (!known.has('default')) lived.add('default');
  const labelled = (name: string, labels: Namespace['labels']): Namespace['labels'] => ({ ...labels, 'kubernetes.io/metadata.name': name });
  return [
    ...given.map((object) => ({ name: object.name, labels: labelled(object.name, labelsOf(dig(object.value, 'metadata', 'labels'))), at: object.at, implied: false })),
    ...[...lived].map((name) => ({ name, labels: labelled(name, {}), at: null, implied: true })),
  ].toSorted(byName);
}
