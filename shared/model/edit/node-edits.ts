import type { KubeObject } from '../../kube/types.ts';
import { dig, recordsOf, textOf } from '../json-fields.ts';
import { fullName } from '../problems.ts';
import { REPLICA_OF } from '../workloads.ts';
import type { Pod } from '../types.ts';
import { changes, deletion, nodeOf, objectOf, refuse, remove, set, type EditContext, type Planned } from './context.ts';
import { explicitNodes, withField } from './explicit.ts';
import type { ClusterEdit, TextChange } from './types.ts';

const unschedulable = ['spec', 'unschedulable'] as const;

function cordonChanges(context: EditContext, name: string, cordoned: boolean): readonly TextChange[] {
  const object = objectOf(context, { kind: 'Node', name });
  if (object) return cordoned ? set(object, unschedulable, true) : remove(object, unschedulable);
  return cordoned ? explicitNodes(context, (made, own) => (own === name ? withField(made, unschedulable, true) : made)) : [];
}

/** Keeps new pods away from a node, or lets them come again; pods that run there stay. */
export function cordon(context: EditContext, edit: Extract<ClusterEdit, { kind: 'cordon' }>): Planned {
  const node = nodeOf(context, edit.node);
  if (!node.ok) return node;
  if (node.value.unschedulable === edit.cordoned) return refuse('nothing-to-do', `node ${edit.node} is ${edit.cordoned ? '' : 'not '}cordoned already`);
  return changes(`${edit.cordoned ? 'Cordon' : 'Uncordon'} node ${edit.node}`, cordonChanges(context, edit.node, edit.cordoned));
}

const ownerKind = (object: KubeObject): string => textOf(recordsOf(dig(object.value, 'metadata', 'ownerReferences'))[0]?.['kind']);
const isMirror = (object: KubeObject): boolean => ownerKind(object) === 'Node';

/** What eviction does to a pod that has a manifest: a controller's comes up elsewhere, a bare one is gone. */
function evict(object: KubeObject): readonly TextChange[] {
  if (ownerKind(object) === '') return [deletion(object)];
  return [...remove(object, ['spec', 'nodeName']), ...['podIP', 'podIPs', 'hostIP', 'hostIPs'].flatMap((field) => remove(object, ['status', field]))];
}

/** `kubectl drain --ignore-daemonsets --force`: no new pods, and all that can leave does; DaemonSets' and static pods stay. */
export function drain(context: EditContext, edit: Extract<ClusterEdit, { kind: 'drain' }>): Planned {
  const node = nodeOf(context, edit.node);
  if (!node.ok) return node;
  const objectOfPod = (pod: Pod): KubeObject | null => objectOf(context, { kind: 'Pod', namespace: pod.namespace, name: pod.name });
  const leaving = context.cluster.pods.filter((pod) => pod.node === edit.node && !pod.implied && pod.owner?.kind !== 'DaemonSet').filter((pod) => {
    const object = objectOfPod(pod);
    return object === null || !isMirror(object);
  });
  const evictions = leaving.flatMap((pod) => {
    const object = objectOfPod(pod);
    return object ? evict(object) : [];
  });
  const bare = leaving.map(objectOfPod).filter((object) => object !== null && ownerKind(object) === '' && textOf(dig(object.value, 'metadata', 'annotations', REPLICA_OF)) === '').length;
  const note = bare === 0 ? {} : { note: `${bare} bare ${bare === 1 ? 'pod ends' : 'pods end'} and nothing makes ${bare === 1 ? 'it' : 'them'} again` };
  const cordons = node.value.unschedulable ? [] : cordonChanges(context, edit.node, true);
  return leaving.length + cordons.length === 0 ? refuse('nothing-to-do', `node ${edit.node} is drained already`) : { ok: true, value: { kind: 'changes', title: `Drain node ${edit.node}`, changes: [...cordons, ...evictions], release: leaving.map(fullName), ...note } };
}
