import type { Json } from '../../base/json.ts';
import type { KubeObject } from '../../kube/types.ts';
import { fieldsOf, dig, type Fields } from '../json-fields.ts';
import { matchesSelector, selectorOf } from '../selectors.ts';
import type { Node, Pod } from '../types.ts';
import { objectOf, type EditContext } from './context.ts';
import type { ManifestObject, TextChange } from './types.ts';

/** The template that a workload makes its pods from. */
export const templatePath = (workload: KubeObject): readonly string[] => (workload.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template']);
const templateOf = (workload: KubeObject): Fields => fieldsOf(dig(workload.value, ...templatePath(workload)));

/** The workload whose template made this pod; null for pods that have a document. */
export const makerOf = (context: EditContext, pod: Pod): KubeObject | null =>
  objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name }) === null && pod.owner ? objectOf(context, pod.owner) : null;

/** Whether the workload would take this pod for its own by labels alone, as controllers adopt orphans. */
function adopts(workload: KubeObject, pod: Pod): boolean {
  const selector = workload.kind === 'ReplicationController' ? null : selectorOf(dig(workload.value, 'spec', 'selector'));
  if (workload.kind === 'ReplicationController') return Object.keys(fieldsOf(dig(workload.value, 'spec', 'selector'))).length > 0;
  return selector !== null && (Object.keys(selector.matchLabels).length > 0 || selector.matchExpressions.length > 0) && matchesSelector(selector, pod.labels);
}

/** A workload's pod as an object of its own, standing where it stands. */
function podObject(workload: KubeObject, pod: Pod, owned: boolean): ManifestObject {
  const template = templateOf(workload);
  const annotations = dig(template, 'metadata', 'annotations');
  const reference = { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.name, uid: '', controller: true };
  const metadata: Record<string, Json> = { name: pod.name, namespace: pod.namespace, labels: { ...pod.labels } };
  if (annotations !== undefined) metadata['annotations'] = annotations;
  if (owned) metadata['ownerReferences'] = [reference];
  const spec: Record<string, Json> = { ...fieldsOf(dig(template, 'spec')) };
  if (pod.hostname !== '') spec['hostname'] = pod.hostname;
  if (pod.subdomain !== '') spec['subdomain'] = pod.subdomain;
  if (pod.node !== '') spec['nodeName'] = pod.node;
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

/** Gives a workload's pod a document of its own, changed by `change`; its siblings too where the workload would not count it as one of its own otherwise (a Job). */
export function explicitPod(context: EditContext, workload: KubeObject, pod: Pod, change: (object: ManifestObject) => ManifestObject): readonly TextChange[] {
  const byLabels = adopts(workload, pod);
  const siblings = byLabels ? [pod] : context.cluster.pods.filter((one) => one.owner?.kind === workload.kind && one.owner.name === workload.name && one.namespace === workload.namespace);
  return siblings.map((one): TextChange => {
    const object = podObject(workload, one, !byLabels);
    return { kind: 'add', object: one === pod ? change(object) : object, beside: workload.at, file: workload.at.file };
  });
}

/** A node that Podhop made up, as the Node object that says the same. */
function nodeObject(node: Node): ManifestObject {
  const spec: Record<string, Json> = node.podCidrs.length === 0 ? {} : { podCIDR: node.podCidrs[0]!, podCIDRs: [...node.podCidrs] };
  return {
    apiVersion: 'v1', kind: 'Node', metadata: { name: node.name }, spec,
    status: { addresses: node.addresses.map((address) => ({ type: 'InternalIP', address })) },
  };
}

/** Node documents for every node that is made up: one given Node ends the whole lab, so all are written. `change` gives the new object, null leaves the node out. */
export const explicitNodes = (context: EditContext, change: (object: ManifestObject, name: string) => ManifestObject | null): readonly TextChange[] =>
  context.cluster.nodes.filter((node) => node.implied).flatMap((node): TextChange[] => {
    const object = change(nodeObject(node), node.name);
    return object ? [{ kind: 'add', object, file: 'nodes.yaml' }] : [];
  });

/** The object with a field at these keys; maps on the way are made. */
export function withField(object: ManifestObject, keys: readonly string[], value: Json): ManifestObject {
  const [key, ...rest] = keys;
  return key === undefined ? object : { ...object, [key]: rest.length === 0 ? value : withField(fieldsOf(object[key]), rest, value) };
}
