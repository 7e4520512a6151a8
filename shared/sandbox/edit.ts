import { decodeBase64 } from '../base/base64.ts';
import { formatProblem } from '../base/problem.ts';
import { ApiFailure } from '../api/failure.ts';
import type { Sidecar, TextDocument } from '../api/shapes.ts';
import type { Json } from '../base/json.ts';
import { decodeBytes } from '../kube/decode-bytes.ts';
import { readManifests } from '../kube/read-manifests.ts';
import type { KubeObject, SourceDocument } from '../kube/types.ts';
import { applyChanges } from '../model/edit/apply-changes.ts';
import { isLayoutEdit } from '../model/edit/arrange.ts';
import { planEdit } from '../model/edit/plan-edit.ts';
import type { ClusterEdit, EditPlan } from '../model/edit/types.ts';
import { planLayout, withoutPlaces, type Change } from './edit-layout.ts';
import type { Saved } from './history.ts';
import { findObject } from './locate.ts';
import type { World } from './world.ts';

type Choice = Extract<EditPlan, { kind: 'choose' }>;

function textOf(document: TextDocument): SourceDocument {
  if (document.encoding !== 'base64') return document;
  return decodeBytes(document.name, decodeBase64(document.text)).document ?? { name: document.name, text: '' };
}

function editDocuments(documents: readonly TextDocument[], plan: Extract<EditPlan, { kind: 'changes' }>): readonly TextDocument[] {
  const original = new Map<SourceDocument, TextDocument>();
  const sources = documents.map((document) => {
    const source = textOf(document);
    original.set(source, document);
    return source;
  });
  const edited = applyChanges(sources, plan.changes);
  if (!edited.ok) throw new ApiFailure('problem', formatProblem(edited.error));
  return edited.value.map((document) => original.get(document) ?? document);
}

/** Where pods stand and what addresses they have now, so that they keep both; those that the edit moves are left out. */
export function heldIn(world: World, release: readonly string[]): NonNullable<Sidecar['held']> {
  const released = new Set(release);
  return Object.fromEntries(world.cluster.pods.filter((pod) => !pod.implied && pod.node !== '' && !released.has(`${pod.namespace}/${pod.name}`)).map((pod) => [`${pod.namespace}/${pod.name}`, { node: pod.node, ips: pod.hostNetwork ? [] : pod.ips }]));
}

/** Pods that a text makes anew: their own spec, or their workload's template, says something else than before. Kubernetes changes neither in a running pod. */
function remadeBy(world: World, edit: Extract<ClusterEdit, { kind: 'edit-yaml' }>): readonly string[] {
  if (edit.text === null) return [];
  const specOf = ({ kind, value }: KubeObject): string => JSON.stringify((kind === 'Pod' ? value['spec'] : (value['spec'] as { readonly template?: Json } | undefined)?.template) ?? null);
  return readManifests([{ name: edit.document, text: edit.text }]).objects.flatMap((object): readonly string[] => {
    const old = findObject(world.objects, object);
    if (!old || specOf(old) === specOf(object)) return [];
    if (object.kind === 'Pod') return [`${object.namespace}/${object.name}`];
    return world.cluster.pods.filter(({ owner, namespace }) => namespace === object.namespace && owner?.kind === object.kind && owner.name === object.name).map(({ name }) => `${object.namespace}/${name}`);
  });
}

/** What this edit makes of the revision, or the question to answer first. Throws ApiFailure with one sentence where it cannot be. */
export function changeBy(world: World, saved: Saved, edit: ClusterEdit): Change | Choice {
  if (isLayoutEdit(edit)) return planLayout(world.cluster, saved, edit);
  const plan = planEdit({ cluster: world.cluster, objects: world.objects, files: world.documents.map((document) => document.name) }, edit);
  if (!plan.ok) throw new ApiFailure('problem', formatProblem(plan.error));
  if (plan.value.kind === 'choose') return plan.value;
  const { title, note = null, release = edit.kind === 'edit-yaml' ? remadeBy(world, edit) : [] } = plan.value;
  const documents = editDocuments(saved.documents, plan.value);
  return { kind: 'change', title, note, saved: { ...saved, documents, sidecar: { ...withoutPlaces(saved.sidecar, release), held: heldIn(world, release) } } };
}

/** What a further edit of this kind may be one step with: typing in one document, dragging the same things. */
export const joinKey = (edit: ClusterEdit): string => (edit.kind === 'edit-yaml' ? `edit-yaml ${edit.document}` : edit.kind === 'set-layout' ? `set-layout ${Object.keys(edit.positions).toSorted().join(' ')}` : edit.kind);
