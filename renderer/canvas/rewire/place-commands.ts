import type { Sidecar } from '../../../shared/api/shapes.ts';
import { siblingsOf } from '../../../shared/model/edit/arrange.ts';
import type { ClusterEdit } from '../../../shared/model/edit/types.ts';
import type { Cluster } from '../../../shared/model/types.ts';

/** What stands beside the documents, as far as places are concerned. */
export type Places = Pick<Sidecar, 'positions' | 'folded'>;
/** Towards the beginning or the end of the list that a thing stands in. */
export type Way = 'back' | 'on';

/** The edit that moves a thing one place in its list; null at its end, and for what stands in none. */
export function stepInList(cluster: Cluster, { positions }: Places, id: string, way: Way): Extract<ClusterEdit, { kind: 'arrange' }> | null {
  const siblings = siblingsOf(cluster, positions, id).filter((one) => one !== 'lb/cloud' || cluster.settings.loadBalancer === 'cloud');
  const at = siblings[siblings.indexOf(id) + (way === 'back' ? -1 : 1)];
  return !siblings.includes(id) || at === undefined ? null : { kind: 'arrange', thing: id, at };
}

/** Which way an arrow moves a thing: Services stand side by side, all else below each other; null for the arrows across. */
export function wayOfArrow(id: string, key: string): Way | null {
  const [back, on] = id.startsWith('service/') ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  return key === back ? 'back' : key === on ? 'on' : null;
}
