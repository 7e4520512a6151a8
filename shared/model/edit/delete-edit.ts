import type { ObjectRef } from '../../base/object-ref.ts';
import { ok } from '../../base/result.ts';
import type { KubeObject } from '../../kube/types.ts';
import { dig, textOf } from '../json-fields.ts';
import type { Pod } from '../types.ts';
import { changes, deletion, missing, named, nodeOf, objectOf, type EditContext, type Planned } from './context.ts';
import { explicitNodes, makerOf } from './explicit.ts';
import { deleteOutsider } from './sandbox-edits.ts';
import { podsOf } from './workload-edits.ts';
import type { ClusterEdit, TextChange } from './types.ts';

const pods = (context: EditContext, of: readonly Pod[]): readonly KubeObject[] =>
  of.map((pod) => objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name })).filter((object) => object !== null);

/** A pod that a workload made would come back at once. */
function deleteMadePod(pod: Pod, maker: KubeObject): Planned {
  const workload = { kind: maker.kind, namespace: maker.namespace, name: maker.name };
  const fewer = pod.owner && maker.kind !== 'DaemonSet' && maker.kind !== 'CronJob';
  const replicas = dig(maker.value, 'spec', maker.kind === 'Job' ? 'parallelism' : 'replicas');
  const less = Math.max(0, (typeof replicas === 'number' ? replicas : 1) - 1);
  return ok({
    kind: 'choose', question: `${named(workload)} would make another pod in place of ${pod.name} at once`,
    alternatives: [...(fewer ? [{ title: `Scale ${maker.name} to ${less}`, edit: { kind: 'scale', workload, replicas: less } as const }] : []), { title: `Delete ${named(workload)}`, edit: { kind: 'delete-object', target: workload } }],
  });
}

/** What goes with an object: a workload's pods, what stands in a namespace, bare pods of a node (the garbage collectors' work). */
function dependents(context: EditContext, object: KubeObject): readonly KubeObject[] {
  switch (object.kind) {
    case 'Namespace':
      return context.objects.filter((one) => one.namespace === object.name);
    case 'Node':
      return context.objects.filter((one) => one.kind === 'Pod' && textOf(dig(one.value, 'spec', 'nodeName')) === object.name);
    case 'Deployment': {
      const sets = context.objects.filter((one) => one.kind === 'ReplicaSet' && one.namespace === object.namespace && ownedBy(one, object));
      return [...sets, ...pods(context, podsOf(context, object))];
    }
    default:
      return object.kind === 'Pod' || object.kind === 'Service' ? [] : pods(context, podsOf(context, object));
  }
}

const ownedBy = (one: KubeObject, owner: KubeObject): boolean => {
  const references = dig(one.value, 'metadata', 'ownerReferences');
  return Array.isArray(references) && (references as readonly { readonly [key: string]: unknown }[]).some((reference) => reference['kind'] === owner.kind && reference['name'] === owner.name);
};

function deleteNode(context: EditContext, name: string): Planned {
  const node = nodeOf(context, name);
  if (!node.ok) return node;
  const bound = context.objects.filter((one) => one.kind === 'Pod' && textOf(dig(one.value, 'spec', 'nodeName')) === name).map(deletion);
  return changes(`Delete node ${name}`, [...bound, ...explicitNodes(context, (object, own) => (own === name ? null : object))], { note: 'The other nodes of the lab now have manifests of their own' });
}

/** Deletes an object and what Kubernetes' garbage collector would delete with it. */
export function deleteObjectEdit(context: EditContext, edit: Extract<ClusterEdit, { kind: 'delete-object' }>): Planned {
  const target: ObjectRef = edit.target;
  const object = objectOf(context, target);
  if (object) {
    const all = [...new Set([object, ...dependents(context, object)])];
    const list: readonly TextChange[] = all.map(deletion);
    return changes(`Delete ${named(target)}`, list, all.length > 1 ? { note: `${all.length - 1} more ${all.length === 2 ? 'object goes' : 'objects go'} with it` } : {});
  }
  const kind = target.kind.toLowerCase();
  if (kind === 'node') return deleteNode(context, target.name);
  if (kind === 'client' || kind === 'host') return deleteOutsider(context, kind, target.name);
  const pod = kind === 'pod' ? context.cluster.pods.find((one) => one.name === target.name && one.namespace === (target.namespace ?? 'default')) : undefined;
  const maker = pod ? makerOf(context, pod) : null;
  return pod && maker ? deleteMadePod(pod, maker) : missing(context, target);
}
