import { cidrFamily } from '../base/cidr.ts';
import type { Problem } from '../base/problem.ts';
import { parseIp, type Ip } from '../base/ip.ts';
import { ruleOf } from '../kube/kinds/index.ts';
import type { KubeObject, Manifests } from '../kube/types.ts';
import { capPerCode, checkBetween } from './check-between.ts';
import { checkDnsConfigs } from './dns-config-check.ts';
import { buildEndpointSlices } from './endpoint-slices.ts';
import { checkIngresses } from './ingress-check.ts';
import { buildIngressClasses, buildIngresses, buildSecrets } from './ingresses.ts';
import { recordsOf, textsOf } from './json-fields.ts';
import { buildNamespaces } from './namespaces.ts';
import { buildNodes } from './nodes.ts';
import { buildOutsiders } from './outsiders.ts';
import { placePods } from './placement.ts';
import { buildPods } from './pods.ts';
import { buildPolicies } from './policies.ts';
import { policyHints } from './policy/hints.ts';
import { otherPolicies } from './policy/other-policies.ts';
import { byFullName, objectRef } from './problems.ts';
import { buildRbac } from './rbac.ts';
import { buildServices } from './services.ts';
import { buildSettings } from './settings.ts';
import type { Cluster, HeldPlaces } from './types.ts';
import { buildWorkloads } from './workloads.ts';

/** The cluster that these objects describe, with everything that Kubernetes itself would add, and the problems that only show between objects. The documents' order changes nothing. Pods keep the places and addresses that they are `held` to have, where they can. */
export function buildCluster(manifests: Manifests, held: HeldPlaces = {}): { readonly cluster: Cluster; readonly problems: readonly Problem[] } {
  // Calico has a NetworkPolicy too, Knative a Service: what another API group calls by a name of Kubernetes' is none of it.
  const objects = manifests.objects.filter((object) => ruleOf(object.kind)?.apiVersions.includes(object.apiVersion) === true);
  const { settings, statedServiceSubnet, sandbox, sandboxObject, problems: settingsProblems } = buildSettings(objects);
  const families = [...new Set(settings.podSubnets.map(cidrFamily))];
  const { outsiders, problems: outsiderProblems } = buildOutsiders(sandbox, sandboxObject, families);
  const namespaces = buildNamespaces(objects);
  const { nodes, problems: nodeProblems } = buildNodes(objects, settings, sandboxObject);
  const read = buildWorkloads(objects);
  const { placements, problems: placementProblems } = placePods(read, nodes, namespaces, held);
  const addressesInUse = [...nodes.flatMap((node) => node.addresses), ...outsiders.flatMap((outsider) => outsider.addresses)];
  const { pods, problems: podProblems } = buildPods(placements, [...addressesInUse, ...sliceAddresses(objects)], held);
  const { drafts, services, problems: serviceProblems } = buildServices(objects, settings, statedServiceSubnet, addressesInUse);
  const cluster: Cluster = {
    settings,
    namespaces,
    nodes,
    workloads: read.workloads,
    pods,
    services,
    endpointSlices: buildEndpointSlices(objects, drafts, services, pods, nodes),
    policies: buildPolicies(objects),
    outsiders,
    ingresses: buildIngresses(objects),
    ...optional('ingressClasses', buildIngressClasses(objects)),
    ...optional('secrets', buildSecrets(objects)),
    ...(objects.some(({ apiVersion }) => apiVersion.startsWith('rbac.authorization.k8s.io/')) ? { rbac: buildRbac(objects) } : {}),
    notSimulated: manifests.objects.filter((object) => !object.simulated).map((object) => ({ ref: objectRef(object), at: object.at })).toSorted((a, b) => byKind(a.ref, b.ref)),
  };
  const found = [settingsProblems, outsiderProblems, nodeProblems, read.problems, placementProblems, podProblems, serviceProblems, checkBetween(objects, cluster), checkIngresses(objects, cluster), checkDnsConfigs(objects, cluster), policyHints(objects, cluster), otherPolicies(manifests.objects)].flat();
  return { cluster, problems: capPerCode(found) };
}

/** A list that is absent where it is empty. */
const optional = <K extends string, T>(key: K, list: readonly T[]): { readonly [P in K]?: readonly T[] } => (list.length === 0 ? {} : { [key]: list } as { readonly [P in K]?: readonly T[] });

const byKind = (a: { readonly kind: string; readonly namespace?: string; readonly name: string }, b: typeof a): number =>
  a.kind === b.kind ? byFullName({ namespace: a.namespace ?? '', name: a.name }, { namespace: b.namespace ?? '', name: b.name }) : a.kind < b.kind ? -1 : 1;

/** Addresses that given slices send packets to: no made pod may stand on one of them. */
function sliceAddresses(objects: readonly KubeObject[]): readonly Ip[] {
  const slices = objects.filter((object) => object.kind === 'EndpointSlice').flatMap((slice) => recordsOf(slice.value['endpoints']).flatMap((endpoint) => textsOf(endpoint['addresses'])));
  const endpoints = objects.filter((object) => object.kind === 'Endpoints').flatMap((object) =>
    recordsOf(object.value['subsets']).flatMap((subset) => [...recordsOf(subset['addresses']), ...recordsOf(subset['notReadyAddresses'])].flatMap((address) => textsOf([address['ip'] ?? null]))));
  return [...slices, ...endpoints].map(parseIp).filter((address) => address !== null);
}
