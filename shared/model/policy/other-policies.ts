import type { Problem } from '../../base/problem.ts';
import type { KubeObject } from '../../kube/types.ts';
import { fullName, problemAt } from '../problems.ts';

/** Kinds of other API groups that also decide who may connect: the Network Policy API, Calico, Cilium, Antrea, OVN-Kubernetes and Istio. */
const kinds: readonly (readonly [group: RegExp, kind: RegExp])[] = [
  [/^policy\.networking\.k8s\.io$/, /NetworkPolicy$/],
  [/^(crd\.)?projectcalico\.org$/, /NetworkPolicy$/],
  [/^cilium\.io$/, /NetworkPolicy$/],
  [/^crd\.antrea\.io$/, /NetworkPolicy$/],
  [/^k8s\.ovn\.org$/, /^(EgressFirewall|EgressIP|AdminPolicyBasedExternalRoute)$/],
  [/^security\.istio\.io$/, /^AuthorizationPolicy$/],
];

/** Policies that Podhop does not know: said as warnings, because every answer is as if they were not there. */
export const otherPolicies = (objects: readonly KubeObject[]): readonly Problem[] => objects.flatMap((object) => {
  const group = object.apiVersion.split('/')[0]!;
  if (!kinds.some(([ofGroup, kind]) => ofGroup.test(group) && kind.test(object.kind))) return [];
  return [problemAt(object, ['kind'], 'warning', 'policy-not-simulated', `${object.kind} ${object.namespace === '' ? object.name : fullName(object)} of ${group} also decides who may connect, and is not simulated: every answer is as if it were not there`, 'read answers about the traffic it selects with this in mind')];
});
