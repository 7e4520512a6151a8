import type { Sidecar } from '../api/shapes.ts';
import type { Cluster } from '../model/types.ts';
import type { Saved } from './history.ts';

type Seen = NonNullable<Sidecar['stale']>[string];
const built = new WeakMap<Seen, Cluster>();

/** The nodes whose kube-proxy has stopped, as the Sandbox document says. */
const staleNodes = (cluster: Cluster): readonly string[] => cluster.settings.faults.flatMap((fault) => (fault.kind === 'stale-kube-proxy' ? [fault.node] : []));

/** By node, the cluster that its stopped kube-proxy saw last, made from its documents as `build` makes every cluster; and the cluster with only those stops that nothing tells more of. */
export function staleClusters(cluster: Cluster, sidecar: Sidecar | undefined, build: (seen: Seen) => Cluster): { readonly clusters: ReadonlyMap<string, Cluster>; readonly unexplained: Cluster } {
  const clusters = new Map<string, Cluster>();
  for (const node of staleNodes(cluster)) {
    const seen = sidecar?.stale?.[node];
    if (!seen) continue;
    const then = built.get(seen) ?? build(seen);
    built.set(seen, then);
    clusters.set(node, then);
  }
  if (clusters.size === 0) return { clusters, unexplained: cluster };
  const faults = cluster.settings.faults.filter((fault) => fault.kind !== 'stale-kube-proxy' || !clusters.has(fault.node));
  return { clusters, unexplained: { ...cluster, settings: { ...cluster.settings, faults } } };
}

/** What stopped kube-proxies saw last, after an edit of `before` that came to `after`; the same object where nothing changed. */
export function staleAfter(before: Cluster, saved: Saved, after: Cluster, held: NonNullable<Sidecar['held']>): Sidecar['stale'] {
  const known = saved.sidecar.stale ?? {};
  const [old, now] = [new Set(staleNodes(before)), staleNodes(after)];
  const same = now.length === Object.keys(known).length && now.every((node) => node in known);
  if (same || (now.length === 0 && saved.sidecar.stale === undefined)) return saved.sidecar.stale;
  const entries = now.flatMap((node): [string, Seen][] => {
    const seen = known[node] ?? (old.has(node) ? undefined : { documents: saved.documents, held });
    return seen ? [[node, seen]] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
