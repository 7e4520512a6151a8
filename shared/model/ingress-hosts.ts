import type { ClusterIndex } from './index-cluster.ts';
import { controllersOf } from './ingress-controllers.ts';
import { hostFor } from './ingress-match.ts';
import { wayInFromOutside, type WayIn } from './ingress-way-in.ts';
import { fullName } from './problems.ts';
import type { Service } from './types.ts';

/** Where the host of an Ingress is entered, as if its record had been published; a clause that says why it has no address; null where no Ingress names it. */
export function addressOfIngressHost(index: ClusterIndex, host: string): (WayIn & { readonly service: Service }) | string | null {
  if ((index.cluster.ingresses ?? []).length === 0) return null;
  for (const { service, table } of controllersOf(index.cluster)) {
    if ((hostFor(table, host) ?? '') === '') continue;
    const way = wayInFromOutside(index, service, []) ?? { ips: service.clusterIps, via: 'by its ClusterIP', portMap: [] };
    return { ...way, service };
  }
  const unclaimed = index.cluster.ingresses?.find((ingress) => (ingress.rules ?? []).some((rule) => rule.host === host));
  return unclaimed ? `Ingress ${fullName(unclaimed)} names it, but no controller claims that Ingress, so the name has no address` : null;
}
