import type { Json } from '../../base/json.ts';
import type { KubeObject } from '../../kube/types.ts';
import { fieldsOf, dig, type Fields } from '../json-fields.ts';
import { REPLICA_OF } from '../workloads.ts';
import type { Node, Pod } from '../types.ts';
import { objectOf, type EditContext } from './context.ts';
import type { ManifestObject, TextChange } from './types.ts';

/** The template that a workload makes its pods from. */
export const templatePath = (workload: KubeObject): readonly string[] => (workload.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template']);
const templateOf = (workload: KubeObject): Fields => fieldsOf(dig(workload.value, ...templatePath(workload)));

/** The workload whose template made this pod; null for pods that have a document. */
export const makerOf = (context: EditContext, pod: Pod): KubeObject | null =>
  objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name }) === null && pod.owner ? objectOf(context, pod.owner) : null;

/** A workload's pod as an object of its own, standing where it stands and counted as one of the workload's. */
function podObject(workload: KubeObject, pod: Pod): ManifestObject {
  const template = templateOf(workload);
  const annotations = { ...fieldsOf(dig(template, 'metadata', 'annotations')), [REPLICA_OF]: `${workload.kind}/${workload.name}` };
  const spec: Record<string, Json> = { ...fieldsOf(dig(template, 'spec')) };
  if (pod.hostname !== '') spec['hostname'] = pod.hostname;
  if (pod.subdomain !== '') spec['subdomain'] = pod.subdomain;
  if (pod.node !== '') spec['nodeName'] = pod.node;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod.name, namespace: pod.namespace, labels: { ...pod.labels }, annotations }, spec };
}

/** Gives a workload's pod a manifest of its own, changed by `change`, beside the workload's. */
export const explicitPod = (workload: KubeObject, pod: Pod, change: (object: ManifestObject) => ManifestObject): readonly TextChange[] =>
  [{ kind: 'add', object: change(podObject(workload, pod)), beside: workload.at, file: workload.at.file }];

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

/** The object without the field at these keys. */
export function withoutField(object: ManifestObject, keys: readonly string[]): ManifestObject {
  const [key, ...rest] = keys;
  if (key === undefined || object[key] === undefined) return object;
  if (rest.length > 0) return { ...object, [key]: withoutField(fieldsOf(object[key]), rest) };
  return Object.fromEntries(Object.entries(object).filter(([own]) => own !== key));
}
