import type { Ip } from '../base/ip.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import { indexPolicies, isPolicyPod, podEnd } from '../model/policy/oracle.ts';
import type { Cluster, Pod } from '../model/types.ts';
import { podKeys } from './ends.ts';
import { segmentFinder, segmentsOf } from './ip-ranges.ts';
import { policyReads } from './labels-read.ts';

/** Pods, or addresses outside, that no policy of the cluster tells apart. */
export interface PolicyClass {
  readonly end: PolicyEnd;
  /** Its pods, those that no document names among them; none for addresses. */
  readonly pods: readonly Pod[];
  /** The client or host that stands among its addresses, as a question names it; '' for none. */
  readonly machine: string;
}

/** Every pod that policies see and every address there is, class by class: pods first, in the cluster's order. */
export function policyClasses(cluster: Cluster): readonly PolicyClass[] {
  const index = indexPolicies(cluster);
  const read = policyReads(cluster.policies);
  const v6 = [...cluster.settings.podSubnets, ...read.networks].some((network) => network.includes(':'));
  const segments = (v6 ? ([4, 6] as const) : ([4] as const)).flatMap((family) => segmentsOf(read.networks, family));
  const placeOf = segmentFinder(segments);
  const keyOf = podKeys(read, index, placeOf);
  const members = new Map<string, Pod[]>();
  for (const pod of cluster.pods) {
    if (!isPolicyPod(pod)) continue;
    const key = keyOf(pod);
    const known = members.get(key);
    if (known) known.push(pod);
    else members.set(key, [pod]);
  }
  const machines = new Map<number, { readonly id: string; readonly ip: Ip }>();
  for (const one of cluster.outsiders) for (const ip of one.addresses) if (!machines.has(placeOf(ip))) machines.set(placeOf(ip), { id: `${one.kind}/${one.name}`, ip });
  return [
    ...[...members.values()].map((pods): PolicyClass => ({ end: podEnd(index, pods[0]!), pods, machine: '' })),
    ...segments.map(({ from }, i): PolicyClass => ({ end: { kind: 'address', ip: machines.get(i)?.ip ?? from }, pods: [], machine: machines.get(i)?.id ?? '' })),
  ];
}
