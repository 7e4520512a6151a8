import { sameValue } from '../base/same-value.ts';
import type { Cluster } from './types.ts';

interface Named { readonly kind?: string; readonly namespace?: string; readonly name: string }
const isNamed = (item: unknown): item is Named => typeof item === 'object' && item !== null && typeof (item as Partial<Named>).name === 'string';
const keyOf = ({ kind, namespace, name }: Named): string => `${kind ?? ''}/${namespace ?? ''}/${name}`;

/** The list with every item that did not change taken from `before`; `before` itself where none did. */
function shareList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const known = new Map(before.filter(isNamed).map((item) => [keyOf(item), item]));
  let same = before.length === after.length;
  const shared = after.map((item, i) => {
    const old = isNamed(item) ? known.get(keyOf(item)) : before[i];
    const kept = old !== undefined && sameValue(old, item) ? old : item;
    same &&= kept === before[i];
    return kept;
  });
  return same ? before : shared;
}

/** The same cluster as `after`, in which all that is as it was is the very object that it was: what compiles from unchanged parts is then remembered by identity. */
export function shareCluster(before: Cluster, after: Cluster): Cluster {
  const old = before as unknown as Readonly<Record<string, unknown>>;
  const entries = Object.entries(after).map(([field, value]: [string, unknown]) => {
    const was = old[field];
    if (Array.isArray(value) && Array.isArray(was)) return [field, shareList(was, value)];
    return [field, sameValue(was, value) ? was : value];
  });
  return Object.fromEntries(entries) as unknown as Cluster;
}
