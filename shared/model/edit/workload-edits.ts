import type { ObjectRef } from '../../base/object-ref.ts';
import { podSuffix } from '../../base/stable-id.ts';
import type { KubeObject } from '../../kube/types.ts';
import { byFullName } from '../problems.ts';
import type { Pod } from '../types.ts';
import { changes, deletion, missing, named, objectOf, refuse, set, type EditContext, type Planned } from './context.ts';
import { copyOf } from './copy-object.ts';
import type { ClusterEdit, TextChange } from './types.ts';

const scalable = new Map([['Deployment', 'replicas'], ['ReplicaSet', 'replicas'], ['StatefulSet', 'replicas'], ['ReplicationController', 'replicas'], ['Job', 'parallelism']]);

/** The pods of a workload, and through their ReplicaSets those of a Deployment. */
export const podsOf = (context: EditContext, ref: ObjectRef): readonly Pod[] => context.cluster.pods.filter((pod) => {
  if (pod.namespace !== (ref.namespace ?? 'default') || !pod.owner) return false;
  if (pod.owner.kind === ref.kind && pod.owner.name === ref.name) return true;
  return ref.kind === 'Deployment' && pod.owner.kind === 'ReplicaSet' && pod.owner.name.replace(/-[^-]*$/, '') === ref.name;
});

/** Documents of pods that go when the number falls, and come where the workload itself makes none because its pods are all given. */
function givenPods(context: EditContext, workload: KubeObject, replicas: number): readonly TextChange[] {
  const pods = podsOf(context, workload);
  const given = pods.map((pod) => objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name })).filter((object) => object !== null).toSorted(byFullName);
  const surplus = Math.max(0, given.length - replicas);
  if (surplus > 0) return given.slice(-surplus).map(deletion);
  const last = given.at(-1);
  // A workload with a given pod that names it as its controller makes none of its own.
  if (!last || given.length < pods.length || !Array.isArray((last.value['metadata'] as { ownerReferences?: unknown }).ownerReferences)) return [];
  const base = last.name.replace(/-[^-]*$/, '');
  return Array.from({ length: replicas - given.length }, (_, i): TextChange =>
    ({ kind: 'add', object: copyOf(last, `${base}-${podSuffix(`Pod/${last.namespace}/${last.name}`, given.length + i)}`, 'replica'), beside: last.at, file: last.at.file }));
}

/** Sets how many pods a workload runs. */
export function scale(context: EditContext, edit: Extract<ClusterEdit, { kind: 'scale' }>): Planned {
  const workload = objectOf(context, edit.workload);
  if (!workload) return missing(context, edit.workload);
  const field = scalable.get(workload.kind);
  if (field === undefined) return refuse('not-scalable', `${named(workload)} has no number of pods`, workload.kind === 'DaemonSet' ? 'it runs one on each node that fits' : 'scale a Deployment, StatefulSet or ReplicaSet');
  const current = workload.value['spec'] as { readonly [key: string]: unknown } | undefined;
  const isSo = (current?.[field] ?? 1) === edit.replicas;
  return changes(`Scale ${workload.name} to ${edit.replicas}`, [...(isSo ? [] : set(workload, ['spec', field], edit.replicas)), ...givenPods(context, workload, edit.replicas)]);
}
