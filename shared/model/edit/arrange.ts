import type { Cluster } from '../types.ts';
import type { ClusterEdit, Positions } from './types.ts';
import { podId } from '../describe.ts';

/** The edits that change where things stand and nothing of the cluster. */
export type LayoutEdit = Extract<ClusterEdit, { kind: 'set-layout' | 'arrange' | 'fold' | 'group-pods' | 'tidy-layout' }>;

const layoutKinds: ReadonlySet<string> = new Set<LayoutEdit['kind']>(['set-layout', 'arrange', 'fold', 'group-pods', 'tidy-layout']);
export const isLayoutEdit = (edit: ClusterEdit): edit is LayoutEdit => layoutKinds.has(edit.kind);

/** Along which coordinate a list's ranks are written: things below each other by `y`, Services side by side by `x`. */
export type Axis = 'x' | 'y';

/**
 * The things in the order a person gave them. Ranks are compared within one list only; a thing without one follows what it follows
 * in the given order, so that what comes or goes moves nothing else.
 */
export function arranged<T>(things: readonly T[], idOf: (thing: T) => string, positions: Positions, axis: Axis): readonly T[] {
  if (Object.keys(positions).length === 0) return things;
  const rankOf = (thing: T): number | undefined => positions[idOf(thing)]?.[axis];
  const first: T[] = [];
  const placed: { readonly thing: T; readonly rank: number; readonly after: T[] }[] = [];
  for (const thing of things) {
    const rank = rankOf(thing);
    if (rank === undefined) (placed.at(-1)?.after ?? first).push(thing);
    else placed.push({ thing, rank, after: [] });
  }
  if (placed.length === 0) return things;
  return [...first, ...placed.toSorted((a, b) => a.rank - b.rank).flatMap(({ thing, after }) => [thing, ...after])];
}

const isBackground = ({ namespace, name }: { readonly namespace: string; readonly name: string }): boolean => namespace === 'kube-system' || (namespace === 'default' && name === 'kubernetes');

/** Pods and Services as they stand where nobody moved them: a person's own before the cluster's, which are everybody's background. */
export const systemLast = <T extends { readonly namespace: string; readonly name: string }>(things: readonly T[]): readonly T[] => things.toSorted((a, b) => Number(isBackground(a)) - Number(isBackground(b)));

/** What is outside as it stands where nobody moved it: machines that answer, the cloud's balancer, then clients. */
export const outsideIds = ({ outsiders }: Cluster): readonly string[] => {
  const of = (kind: 'host' | 'client'): readonly string[] => outsiders.filter((one) => one.kind === kind).map(({ name }) => `${kind}/${name}`);
  return [...of('host'), 'lb/cloud', ...of('client')];
};

interface List { readonly ids: readonly string[]; readonly axis: Axis }

/** The list that a thing stands in on the map; null for what has no place of its own. */
function listOf(cluster: Cluster, id: string): List | null {
  const [kind] = id.split('/');
  if (kind === 'node') return { ids: cluster.nodes.map(({ name }) => `node/${name}`), axis: 'y' };
  if (kind === 'service') return { ids: systemLast(cluster.services).map(({ namespace, name }) => `service/${namespace}/${name}`), axis: 'x' };
  if (kind === 'client' || kind === 'host' || kind === 'lb') return { ids: outsideIds(cluster), axis: 'y' };
  const pod = cluster.pods.find((one) => podId(one) === id);
  return pod === undefined ? null : { ids: systemLast(cluster.pods.filter(({ node }) => node === pod.node)).map(podId), axis: 'y' };
}

/** The things that stand in one list with this one, itself among them, in their order on the map. */
export function siblingsOf(cluster: Cluster, positions: Positions, id: string): readonly string[] {
  const list = listOf(cluster, id);
  return list === null || !list.ids.includes(id) ? [] : arranged(list.ids, (one) => one, positions, list.axis);
}

/** The ranks after a thing took the place of another in its list; null where they stand in no list together. */
export function placesAfter(cluster: Cluster, positions: Positions, thing: string, at: string): Positions | null {
  const list = listOf(cluster, thing);
  const order = siblingsOf(cluster, positions, thing);
  if (list === null || thing === at || !order.includes(at)) return null;
  const rest = order.filter((id) => id !== thing);
  const index = order.indexOf(at);
  const ids = [...rest.slice(0, index), thing, ...rest.slice(index)];
  return { ...positions, ...Object.fromEntries(ids.map((id, rank) => [id, list.axis === 'x' ? { x: rank, y: 0 } : { x: 0, y: rank }])) };
}

/** Which way a thing goes to take another's place, in a word. */
export function wayTo(cluster: Cluster, positions: Positions, thing: string, at: string): 'up' | 'down' | 'left' | 'right' {
  const order = siblingsOf(cluster, positions, thing);
  const back = order.indexOf(at) < order.indexOf(thing);
  return listOf(cluster, thing)?.axis === 'x' ? (back ? 'left' : 'right') : back ? 'up' : 'down';
}
