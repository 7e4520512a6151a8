import type { SourceSpan } from '../../shared/base/problem.ts';
import type { Edited } from '../../shared/api/edit-contract.ts';
import type { NewObject } from '../../shared/model/edit/types.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { findPod, findService } from '../scene/find-thing.ts';
import { useLayout } from './layout.ts';
import { findPlace, listPlaces } from './places.ts';
import { policyId } from './policies.ts';
import { useWorld } from './use-world.ts';

export type AddableKind = NewObject['kind'];

/** What can be added, with the words that follow “Add”. */
export const addable: readonly (readonly [AddableKind, string])[] = [
  ['pod', 'a pod'], ['deployment', 'a Deployment'], ['service', 'a Service'], ['policy', 'a NetworkPolicy'], ['ingress', 'an Ingress'], ['node', 'a node'], ['namespace', 'a namespace'], ['client', 'a client outside'], ['host', 'a host outside'],
];

const selectedThing = (): string => {
  const { selection } = useWorld.getState();
  return selection?.kind === 'thing' ? selection.id : '';
};

/** The namespace that the person works in: of what is selected, else of the first of their own things. */
function namespaceHere(cluster: Cluster): string {
  const selected = findPlace(cluster, selectedThing());
  if (selected !== null && selected.namespace !== '') return selected.namespace;
  return cluster.pods.find(({ implied, owner }) => !implied || owner !== null)?.namespace ?? 'default';
}

/** The Service that an Ingress leads to: the selected one, else the first of the person's own. */
function serviceHere(cluster: Cluster): Cluster['services'][number] | undefined {
  return findService(cluster, selectedThing()) ?? cluster.services.find(({ implied, type }) => !implied && type !== 'ExternalName');
}

/** What the palette adds, as the selection suggests: a pod on the selected node, a Service for the selected pod's labels, a policy for the selected pod. */
export function objectToAdd(cluster: Cluster, kind: AddableKind): NewObject | null {
  const selected = selectedThing();
  const pod = findPod(cluster, selected);
  const namespace = namespaceHere(cluster);
  if (kind === 'node' || kind === 'namespace' || kind === 'client' || kind === 'host') return { kind };
  if (kind === 'pod') return { kind, namespace, ...(selected.startsWith('node/') ? { node: selected.slice('node/'.length) } : {}) };
  if (kind === 'service') return { kind, namespace, ...(pod === undefined ? {} : { selector: pod.labels, ...(pod.ports[0] === undefined ? {} : { targetPort: pod.ports[0].port }) }) };
  if (kind === 'policy') return { kind, namespace, ...(pod === undefined ? {} : { podLabels: pod.labels }) };
  if (kind === 'deployment') return { kind, namespace };
  const service = serviceHere(cluster);
  return service === undefined ? null : { kind: 'ingress', namespace: service.namespace, service: service.name, ...(service.ports[0] === undefined ? {} : { port: service.ports[0].port }) };
}

/** Whether it can be added now. */
export function canAdd(kind: AddableKind): boolean {
  const { opened } = useWorld.getState();
  return opened !== null && (kind !== 'ingress' || serviceHere(opened.cluster) !== undefined);
}

/** Adds what the selection suggests. */
export async function addObject(kind: AddableKind): Promise<void> {
  const { opened } = useWorld.getState();
  const object = opened === null ? null : objectToAdd(opened.cluster, kind);
  if (object !== null) await addThis(object);
}

/** What was made: a thing of the map or a policy by its id, and where its manifest begins; null where the cluster has nothing new of that kind. */
function madeBy(kind: AddableKind, before: Cluster, after: Cluster): { readonly id: string | null; readonly at: SourceSpan | null } | null {
  const fresh = <T extends { readonly name: string; readonly namespace?: string }>(of: (cluster: Cluster) => readonly T[]): T | undefined => {
    const old = new Set(of(before).map(({ namespace, name }) => `${namespace}/${name}`));
    return of(after).find(({ namespace, name }) => !old.has(`${namespace}/${name}`));
  };
  if (kind === 'ingress') {
    const made = fresh(({ ingresses = [] }) => ingresses);
    return made === undefined ? null : { id: `ingress/${made.namespace}/${made.name}/0`, at: null };
  }
  if (kind === 'policy') {
    const made = fresh(({ policies }) => policies);
    return made === undefined ? null : { id: policyId(made), at: made.at };
  }
  if (kind === 'namespace') {
    const made = fresh(({ namespaces }) => namespaces);
    return made === undefined ? null : { id: null, at: made.at };
  }
  const known = new Set(listPlaces(before).map(({ id }) => id));
  const place = listPlaces(after).find(({ id, namespace }) => !known.has(id) && namespace !== 'kube-system');
  return place === undefined ? null : { id: place.id, at: null };
}

/** Adds an object and selects it; what is not on the map is lit in the manifests. Null = it could not be, and the store says why. */
export async function addThis(object: NewObject): Promise<Edited | null> {
  const { opened, actions } = useWorld.getState();
  if (opened === null) return null;
  const edited = await actions.applyEdit({ kind: 'add-object', object });
  if (edited?.kind !== 'done') return edited;
  const made = madeBy(object.kind, opened.cluster, edited.opened.cluster);
  if (made === null) return edited;
  if (made.id !== null) actions.select({ kind: 'thing', id: made.id });
  if (made.at !== null) {
    actions.lightSpan(made.at);
    useLayout.getState().change({ drawerOpen: true, panel: 'manifests', file: made.at.file });
  }
  return edited;
}
