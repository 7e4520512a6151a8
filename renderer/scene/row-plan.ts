import type { Grouping } from '../../shared/model/edit/types.ts';
import type { Node, Pod } from '../../shared/model/types.ts';
import { ownerOf, podId } from './words-of-things.ts';
import type { LayoutOptions } from './layout-options.ts';

/** Doors in a row before the rest becomes a count (LOOKS.md "Density"). */
export const roomFor = 3;

/** What takes one slot of a row: a pod, or several that are drawn as one. */
export type Entry = { readonly kind: 'pod'; readonly pod: Pod } | { readonly kind: 'group'; readonly id: string; readonly name: string; readonly pods: readonly Pod[] };

/** A row before it has measures: which entries are shown, which pods are behind a count, and whether there is something to fold again. */
export interface RowPlan { readonly node: Node | null; readonly count: number; readonly shown: readonly Entry[]; readonly hidden: readonly Pod[]; readonly folds: boolean; readonly folded: boolean }

const podsOf = (entry: Entry): readonly Pod[] => (entry.kind === 'pod' ? [entry.pod] : entry.pods);

/** The name that a pod's group goes by. */
export const groupName = (pod: Pod, by: Grouping): string => (by === 'namespace' ? pod.namespace : ownerOf(pod));
const groupId = (row: string, pod: Pod, by: Grouping): string => `group/${row}/${by}/${pod.namespace}/${by === 'namespace' ? '' : ownerOf(pod)}`;

/** Pods that no branch touches, together with others of their group; a group of one is that pod. Each group stands where its first pod stood. */
function grouped(row: string, pods: readonly Pod[], { grouping, path, unfolded }: LayoutOptions): readonly Entry[] {
  if (grouping === 'none') return pods.map((pod) => ({ kind: 'pod', pod }));
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const id = path.has(podId(pod)) ? podId(pod) : groupId(row, pod, grouping);
    // a group that was opened is its pods
    const key = unfolded.has(id) ? podId(pod) : id;
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups].map(([id, members]): Entry => (members.length === 1 ? { kind: 'pod', pod: members[0]! } : { kind: 'group', id, name: groupName(members[0]!, grouping), pods: members }));
}

/** Which entries of a row are shown: four, or three and a count; those of the path are always among them, and every one keeps its place. A folded row shows the path's pods only. */
export function planRow(node: Node | null, pods: readonly Pod[], options: LayoutOptions): RowPlan {
  const row = node === null ? 'unscheduled' : `node/${node.name}`;
  const entries = grouped(row, pods, options);
  const onPath = (entry: Entry): boolean => podsOf(entry).some((pod) => options.path.has(podId(pod)));
  const folded = options.folded.has(row);
  const unfolded = options.unfolded.has(row);
  const path = entries.filter(onPath).length;
  const room = unfolded || entries.length <= roomFor + 1 ? entries.length : Math.max(roomFor, path);
  const kept = new Set([...entries.filter(onPath), ...entries.filter((entry) => !onPath(entry))].slice(0, folded ? path : room));
  const opened = [...options.unfolded].some((id) => id.startsWith(`group/${row}/`));
  return {
    node, count: pods.length, shown: entries.filter((entry) => kept.has(entry)), hidden: entries.filter((entry) => !kept.has(entry)).flatMap(podsOf),
    folds: !folded && ((unfolded && entries.length > roomFor + 1) || (opened && options.grouping !== 'none')), folded,
  };
}
