import type { Json } from '../../base/json.ts';
import type { FieldPath, KubeObject } from '../../kube/types.ts';
import { dig, recordsOf } from '../json-fields.ts';
import type { Pod } from '../types.ts';
import { changes, named, nodeOf, objectOf, podOf, refuse, remove, set, type EditContext, type Planned } from './context.ts';
import { explicitPod, makerOf, templatePath, withField, withoutField } from './explicit.ts';
import type { ClusterEdit, ManifestObject, TextChange } from './types.ts';

type Of<K extends ClusterEdit['kind']> = Extract<ClusterEdit, { kind: K }>;

/** Fields of a pod: in its own document, else in the one that it gets. Null takes a field away. */
export function changePod(context: EditContext, pod: Pod, fields: readonly (readonly [readonly string[], Json])[]): readonly TextChange[] | null {
  const object = objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name });
  if (object) return fields.flatMap(([path, value]) => (value === null ? remove(object, path) : set(object, path, value)));
  const maker = makerOf(context, pod);
  const change = (made: ManifestObject): ManifestObject => fields.reduce((at, [path, value]) => (value === null ? withoutField(at, path) : withField(at, path, value)), made);
  return maker ? explicitPod(maker, pod, change) : null;
}

const notWritten = (pod: Pod): Planned => refuse('implied-object', `pod ${pod.namespace}/${pod.name} stands in no manifest`, 'add the object that it comes from');

/** An address belongs to a node's network, so what the status says of the old one goes. */
const addressFields: readonly FieldPath[] = [['status', 'podIP'], ['status', 'podIPs'], ['status', 'hostIP'], ['status', 'hostIPs']];

/** Kubernetes binds a pod once; moving one here is what deleting it and binding its successor comes to. */
export function movePod(context: EditContext, edit: Of<'move-pod'>): Planned {
  const [pod, node] = [podOf(context, edit.pod), nodeOf(context, edit.node)];
  if (!pod.ok) return pod;
  if (!node.ok) return node;
  const title = `Move ${edit.pod.name} to node ${edit.node}`;
  if (pod.value.node === edit.node) return refuse('nothing-to-do', `pod ${edit.pod.name} is on node ${edit.node} already`);
  const release = [`${edit.pod.namespace}/${edit.pod.name}`];
  const object = objectOf(context, { kind: 'Pod', namespace: pod.value.namespace, name: pod.value.name });
  if (object) return changes(title, [...set(object, ['spec', 'nodeName'], edit.node), ...addressFields.flatMap((path) => remove(object, path))], { release });
  const maker = makerOf(context, pod.value);
  if (!maker) return notWritten(pod.value);
  if (maker.kind === 'DaemonSet') return refuse('not-movable', `DaemonSet ${maker.name} runs one pod on each node, so ${edit.pod.name} belongs to node ${pod.value.node}`, 'change its nodeSelector or the node’s taints instead');
  if (siblingsOf(context, maker) === 1) {
    return changes(title, set(maker, [...templatePath(maker), 'spec', 'nodeName'], edit.node), { release, note: `${named(maker)} has one pod, so its template names the node: the pod is made anew there` });
  }
  const explicit = explicitPod(maker, pod.value, (made) => withField(made, ['spec', 'nodeName'], edit.node));
  return changes(title, explicit, { release, note: `The pod now has a manifest of its own, which ${named(maker)} counts as one of its ${siblingsOf(context, maker)}` });
}

const siblingsOf = (context: EditContext, maker: KubeObject): number =>
  context.cluster.pods.filter((pod) => pod.namespace === maker.namespace && pod.owner?.kind === maker.kind && pod.owner.name === maker.name).length;

/** The Ready condition with this status among the pod's other conditions. */
function readyFields(context: EditContext, pod: Pod, ready: boolean): readonly [readonly string[], Json] {
  const object = objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name });
  const others = recordsOf(dig(object?.value, 'status', 'conditions')).filter((condition) => condition['type'] !== 'Ready');
  return [['status', 'conditions'], [...others, { type: 'Ready', status: ready ? 'True' : 'False' }]];
}

/** Says by its Ready condition whether a pod takes traffic. */
export function setReady(context: EditContext, edit: Of<'set-ready'>): Planned {
  const pod = podOf(context, edit.pod);
  if (!pod.ok) return pod;
  if (pod.value.ready === edit.ready) return refuse('nothing-to-do', `pod ${edit.pod.name} is ${edit.ready ? '' : 'not '}ready already`);
  const list = changePod(context, pod.value, [readyFields(context, pod.value, edit.ready)]);
  return list ? changes(`Mark ${edit.pod.name} ${edit.ready ? 'ready' : 'not ready'}`, list) : notWritten(pod.value);
}

// No clock here: any moment in the past says that the deletion has begun.
const DELETED_AT = '2026-01-01T00:00:00Z';

/** Begins or takes back a pod's deletion: it still runs, and endpoints call it terminating (KEP-1672). */
export function setTerminating(context: EditContext, edit: Of<'set-terminating'>): Planned {
  const pod = podOf(context, edit.pod);
  if (!pod.ok) return pod;
  if (pod.value.terminating === edit.terminating) return refuse('nothing-to-do', `pod ${edit.pod.name} is ${edit.terminating ? '' : 'not '}terminating already`);
  const list = changePod(context, pod.value, [[['metadata', 'deletionTimestamp'], edit.terminating ? DELETED_AT : null]]);
  return list ? changes(edit.terminating ? `Terminate ${edit.pod.name}` : `Keep ${edit.pod.name}`, list) : notWritten(pod.value);
}

/** Containers that crash in a loop: not ready, waiting with the kubelet's reason CrashLoopBackOff, nothing listens. */
export function crash(context: EditContext, edit: Of<'crash'>): Planned {
  const pod = podOf(context, edit.pod);
  if (!pod.ok) return pod;
  if ((pod.value.crashed ?? false) === edit.crashed) return refuse('nothing-to-do', `pod ${edit.pod.name} is ${edit.crashed ? 'crashing' : 'running'} already`);
  const statuses: Json = pod.value.containers.map((name) => ({ name, ready: false, started: false, restartCount: 5, image: '', imageID: '', state: { waiting: { reason: 'CrashLoopBackOff' } } }));
  const list = changePod(context, pod.value, [readyFields(context, pod.value, !edit.crashed), [['status', 'containerStatuses'], edit.crashed ? statuses : null]]);
  return list ? changes(edit.crashed ? `Crash ${edit.pod.name}` : `Restart ${edit.pod.name}`, list) : notWritten(pod.value);
}
