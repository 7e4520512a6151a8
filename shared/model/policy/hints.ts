import { cidrCovers } from '../../base/cidr.ts';
import type { Problem } from '../../base/problem.ts';
import type { FieldPath, KubeObject } from '../../kube/types.ts';
import { targetPortOn } from '../derive-slices.ts';
import { dig, recordsOf, textsOf } from '../json-fields.ts';
import { fullName, problemAt } from '../problems.ts';
import { matchesLabels, matchesSelector } from '../selectors.ts';
import type { Cluster, Pod, Policy, PolicyPeer, PolicyPort, PolicyRule } from '../types.ts';
import { peerMatches } from './match-rule.ts';
import { indexPolicies, isolating, isPolicyPod, podEnd, type Direction } from './oracle.ts';

interface Context { readonly cluster: Cluster; readonly object: KubeObject; readonly policy: Policy; readonly selected: readonly Pod[] }
interface Place { readonly direction: Direction; readonly rule: PolicyRule; readonly n: number }

const sides = { ingress: 'from', egress: 'to' } as const;
const placesOf = (policy: Policy): readonly Place[] => (['ingress', 'egress'] as const).flatMap((direction) => (policy[direction] ?? []).map((rule, n) => ({ direction, rule, n })));
const podsMeant = ({ cluster, policy }: Context, peer: PolicyPeer): readonly Pod[] => {
  const index = indexPolicies(cluster);
  return cluster.pods.filter((pod) => isPolicyPod(pod) && peerMatches(peer, policy.namespace, podEnd(index, pod), { ipBlocksMatchPods: true }));
};
/** The pods whose ports a rule speaks of: the selected ones on the way in, the peers on the way out. */
const destinations = (context: Context, { direction, rule }: Place): readonly Pod[] =>
  direction === 'ingress' ? context.selected : rule.peers === null ? context.cluster.pods.filter(isPolicyPod) : [...new Set(rule.peers.flatMap((peer) => podsMeant(context, peer)))];

/** Rules of a direction that policyTypes leaves out say nothing. */
function ignoredRules({ object }: Context): readonly Problem[] {
  const types = textsOf(dig(object.value, 'spec', 'policyTypes'));
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    if (types.length === 0 || types.includes(type) || recordsOf(dig(object.value, 'spec', direction)).length === 0) return [];
    return [problemAt(object, ['spec', direction], 'warning', 'policy-rules-ignored', `these ${direction} rules do nothing: policyTypes does not name ${type}`, `add ${type} to policyTypes, or remove the rules`)];
  });
}

function selection({ cluster, object, policy, selected }: Context): readonly Problem[] {
  const onHost = cluster.pods.filter((pod) => pod.hostNetwork && pod.namespace === policy.namespace && matchesSelector(policy.podSelector, pod.labels));
  const path: FieldPath = ['spec', 'podSelector'];
  const escaped = onHost[0] ? [problemAt(object, path, 'info', 'policy-host-network', `pod ${onHost[0].name}${onHost.length > 1 ? ` (and ${onHost.length - 1} more)` : ''} is selected, but stands on the host's network, where no policy reaches it`, 'filter it on the node')] : [];
  if (selected.length > 0 || onHost.length > 0 || cluster.pods.length === 0) return escaped;
  return [problemAt(object, path, 'info', 'policy-selects-nobody', `no pod of namespace ${policy.namespace} has these labels, so this policy does nothing yet`, 'compare it with the labels of the pods')];
}

const only = (peer: PolicyPeer, kind: 'podSelector' | 'namespaceSelector'): boolean => peer.ipBlock === null && peer[kind] !== null && (kind === 'podSelector' ? peer.namespaceSelector : peer.podSelector) === null;

/** The one dash: two entries beside one another where one entry with both may have been meant. */
function oneDash({ object }: Context, { direction, rule, n }: Place): readonly Problem[] {
  const peers = rule.peers ?? [];
  const at = peers.findIndex((peer, i) => i > 0 && only(peer, 'podSelector') && only(peers[i - 1]!, 'namespaceSelector'));
  if (at < 0) return [];
  return [problemAt(object, ['spec', direction, n, sides[direction], at], 'info', 'policy-and-or', 'this podSelector stands beside the namespaceSelector before it, so either is enough: every pod of those namespaces, and such pods of the own namespace',
    'to mean such pods of those namespaces only, put both into one entry, without a dash before podSelector')];
}

/** A number that only a Service has: policies see the packet after its rewrite. */
function servicePort(context: Context, place: Place, entry: PolicyPort, path: FieldPath): readonly Problem[] {
  const { port, protocol } = entry;
  if (typeof port !== 'number' || entry.endPort !== null) return [];
  const services = context.cluster.services.flatMap((service) => service.ports.filter((one) => one.port === port && one.protocol === protocol && one.targetPort !== port).map((aimed) => ({ service, aimed })));
  if (services.length === 0) return [];
  const pods = destinations(context, place);
  if (pods.length === 0 || pods.some((pod) => pod.ports.length === 0 || pod.ports.some((one) => one.port === port && one.protocol === protocol))) return [];
  for (const { service, aimed } of services) {
    const { selector, namespace } = service;
    const pod = selector === null ? undefined : pods.find((one) => one.namespace === namespace && matchesLabels(selector, one.labels));
    const target: number | null = pod ? targetPortOn(pod, aimed) : null;
    if (target !== null && target !== port) return [problemAt(context.object, path, 'warning', 'policy-service-port', `${port} is the port of Service ${fullName(service)}, but policies see the pod's own port, which is ${target}`, `write ${target}`)];
  }
  return [];
}

function portName(context: Context, place: Place, { port, protocol }: PolicyPort, path: FieldPath): readonly Problem[] {
  if (typeof port !== 'string') return [];
  const pods = destinations(context, place);
  if (pods.length === 0 || pods.some((pod) => pod.ports.some((one) => one.name === port && one.protocol === protocol))) return [];
  return [problemAt(context.object, path, 'warning', 'policy-port-name', `no pod that this rule speaks of has a ${protocol.toUpperCase()} port named ${port}, so it matches nothing`, 'name a port as the containers do, with its protocol, or write the number')];
}

/** Cluster IPs are rewritten before a policy looks. */
function serviceRange({ cluster, object }: Context, { direction, rule, n }: Place): readonly Problem[] {
  return (rule.peers ?? []).flatMap((peer, i) => {
    const block = peer.ipBlock?.cidr;
    if (!block || !cluster.settings.serviceSubnets.some((subnet) => cidrCovers(subnet, block))) return [];
    return [problemAt(object, ['spec', direction, n, sides[direction], i, 'ipBlock', 'cidr'], 'warning', 'policy-cluster-ip', `${block} lies in the range of cluster IPs, which are rewritten to a pod's address before a policy sees the packet`, 'select the pods behind the Service')];
  });
}

const speaksDns = (rule: PolicyRule): boolean => rule.ports === null || rule.ports.some(({ protocol, port, endPort }) => protocol === 'udp' && (port === null || typeof port === 'string' || (port <= 53 && (endPort ?? port) >= 53)));

/** Egress rules without a way to the DNS server: names cannot be looked up. Said once, at the first policy that isolates the pod. */
function forgottenDns({ cluster, object, policy, selected }: Context): readonly Problem[] {
  const [pod] = selected;
  if (!pod || policy.egress === null || policy.egress.length === 0) return [];
  const all = isolating(indexPolicies(cluster), pod, 'egress');
  if (all.find((one) => (one.egress ?? []).length > 0) !== policy || all.some((one) => one.egress!.some(speaksDns))) return [];
  return [problemAt(object, ['spec', 'egress'], 'warning', 'policy-dns-forgotten', `pod ${pod.name} may not ask a DNS server: no egress rule allows UDP port 53, so it cannot look up any name`, 'allow ports 53 UDP and TCP to the pods of kube-dns in namespace kube-system')];
}

function hintsOf(context: Context): readonly Problem[] {
  const rules = placesOf(context.policy).flatMap((place) => [
    ...oneDash(context, place), ...serviceRange(context, place),
    ...(place.rule.ports ?? []).flatMap((entry, j) => {
      const path: FieldPath = ['spec', place.direction, place.n, 'ports', j, 'port'];
      return [...servicePort(context, place, entry, path), ...portName(context, place, entry, path)];
    }),
  ]);
  return [...ignoredRules(context), ...selection(context), ...rules, ...forgottenDns(context)];
}

/** What is valid and yet surprises, said in words at its place: infos, and warnings where a rule does nothing or DNS was forgotten. */
export function policyHints(objects: readonly KubeObject[], cluster: Cluster): readonly Problem[] {
  const policies = new Map(cluster.policies.map((policy) => [fullName(policy), policy]));
  const podsOf = new Map<string, Pod[]>();
  for (const pod of cluster.pods) if (isPolicyPod(pod)) (podsOf.get(pod.namespace) ?? podsOf.set(pod.namespace, []).get(pod.namespace)!).push(pod);
  return objects.filter((object) => object.kind === 'NetworkPolicy').flatMap((object) => {
    const policy = policies.get(fullName(object));
    return policy ? hintsOf({ cluster, object, policy, selected: (podsOf.get(policy.namespace) ?? []).filter((pod) => matchesSelector(policy.podSelector, pod.labels)) }) : [];
  });
}
