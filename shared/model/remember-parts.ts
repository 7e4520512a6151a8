import type { Cluster } from './types.ts';

/** The same pure function of a Cluster, remembered by those parts that it reads: a Cluster that shares them with an earlier one shares the answer. The first part keeps the answer alive. */
export function rememberParts<Out>(partsOf: (cluster: Cluster) => readonly [object, ...object[]], build: (cluster: Cluster) => Out): (cluster: Cluster) => Out {
  const remembered = new WeakMap<object, { readonly parts: readonly object[]; readonly out: Out }>();
  return (cluster) => {
    const parts = partsOf(cluster);
    const last = remembered.get(parts[0]);
    if (last?.parts.every((part, i) => part === parts[i])) return last.out;
    const out = build(cluster);
    remembered.set(parts[0], { parts, out });
    return out;
  };
}
