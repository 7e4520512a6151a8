import { cidrFamily, type Cidr } from '../../base/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '../../base/ip.ts';
import { groupBy } from '../../model/index-cluster.ts';
import { peerMatches, type PolicyEnd } from '../../model/policy/match-rule.ts';
import { indexPolicies, isolating, isPolicyPod, podEnd, type Direction, type PolicyIndex } from '../../model/policy/oracle.ts';
import { matchesSelector } from '../../model/selectors.ts';
import type { Cluster, L4Protocol, Node, Pod, Policy, PolicyPeer, PolicyPort, PolicyRule } from '../../model/types.ts';

/** Who the other end may be. */
export type PeerPlan = { readonly kind: 'everyone' } | { readonly kind: 'pods'; readonly ips: readonly Ip[] } | { readonly kind: 'block'; readonly cidr: Cidr; readonly except: readonly Cidr[] };
/** Which ports of the destination; a named port is already looked up on every destination that has it. */
export type PortPlan =
  | { readonly kind: 'every' }
  | { readonly kind: 'range'; readonly protocol: L4Protocol; readonly from: number; readonly to: number }
  | { readonly kind: 'named'; readonly name: string; readonly protocol: L4Protocol; readonly targets: readonly { readonly ip: Ip; readonly port: number }[] };
/** One way in or out: one peer entry with one port entry. */
export interface EntryPlan { readonly field: string; readonly ports: string; readonly peer: PeerPlan; readonly port: PortPlan }
/** Everything that one policy allows in one direction. */
export interface RulesPlan { readonly policy: Policy; readonly direction: Direction; readonly entries: readonly EntryPlan[] }
/** One address of a pod on this node that some policy isolates in this direction. */
export interface GuardPlan { readonly pod: Pod; readonly ip: Ip; readonly direction: Direction; readonly policies: readonly Policy[] }
/** What one node filters in one family; both back ends print it, each in its own words. */
export interface NodePlan { readonly family: IpFamily; readonly guards: readonly GuardPlan[]; readonly rules: readonly RulesPlan[] }

interface Context { readonly index: PolicyIndex; readonly policy: Policy; readonly direction: Direction; readonly family: IpFamily }

const ofFamily = (ips: readonly Ip[], family: IpFamily): readonly Ip[] => ips.filter((ip) => familyOf(ip) === family);

interface Ends { readonly all: readonly Extract<PolicyEnd, { kind: 'pod' }>[]; readonly byNode: ReadonlyMap<string, readonly Pod[]> }
const knownEnds = new WeakMap<PolicyIndex, Ends>();

/** The pods that have an address of their own, as policies see them; looked up once per cluster. */
function endsOf(index: PolicyIndex): Ends {
  let known = knownEnds.get(index);
  if (!known) {
    const pods = index.cluster.pods.filter((pod) => isPolicyPod(pod) && pod.ips.length > 0);
    knownEnds.set(index, (known = { all: pods.map((pod) => podEnd(index, pod)).filter((end) => end.kind === 'pod'), byNode: groupBy(pods, (pod) => pod.node) }));
  }
  return known;
}
const podsOf = (index: PolicyIndex): readonly Pod[] => endsOf(index).all.map(({ pod }) => pod);

/** The pods that a peer entry means; null = an entry that means addresses. */
function members({ index, policy }: Context, peer: PolicyPeer): readonly Pod[] {
  return endsOf(index).all.filter((end) => peerMatches(peer, policy.namespace, end, { ipBlocksMatchPods: true })).map(({ pod }) => pod);
}

/** The plan of one peer entry; null where an ipBlock is of the other family. */
function peerPlan(context: Context, peer: PolicyPeer | null): PeerPlan | null {
  if (peer === null) return { kind: 'everyone' };
  if (peer.ipBlock === null) return { kind: 'pods', ips: members(context, peer).flatMap((pod) => ofFamily(pod.ips, context.family)) };
  const { cidr, except } = peer.ipBlock;
  return cidrFamily(cidr) === context.family ? { kind: 'block', cidr, except: except.filter((one) => cidrFamily(one) === context.family) } : null;
}

/** Where a named port is looked up: on the pods that the policy selects (ingress), or on the peers (egress). */
function destinations(context: Context, peer: PolicyPeer | null): readonly Pod[] {
  const { index, policy, direction } = context;
  if (direction === 'ingress') return podsOf(index).filter((pod) => pod.namespace === policy.namespace && matchesSelector(policy.podSelector, pod.labels));
  return peer === null ? podsOf(index) : members(context, peer);
}

function portPlan(context: Context, entry: PolicyPort | null, peer: PolicyPeer | null): PortPlan {
  if (entry === null) return { kind: 'every' };
  const { protocol, port, endPort } = entry;
  if (typeof port === 'string') {
    const targets = destinations(context, peer).flatMap((pod) => {
      const numbers = pod.ports.filter((one) => one.name === port && one.protocol === protocol).map((one) => one.port);
      return ofFamily(pod.ips, context.family).flatMap((ip) => [...new Set(numbers)].map((number) => ({ ip, port: number })));
    });
    return { kind: 'named', name: port, protocol, targets };
  }
  return port === null ? { kind: 'range', protocol, from: 1, to: 65535 } : { kind: 'range', protocol, from: port, to: endPort ?? port };
}

function entriesOf(context: Context, rule: PolicyRule, n: number): readonly EntryPlan[] {
  const base = `spec.${context.direction}[${n}]`;
  const side = context.direction === 'ingress' ? 'from' : 'to';
  const peers = rule.peers === null ? [null] : rule.peers;
  const ports = rule.ports === null ? [null] : rule.ports;
  return peers.flatMap((peer, i) => {
    const plan = peerPlan(context, peer);
    if (plan === null) return [];
    return ports.map((entry, j): EntryPlan => ({
      field: peer === null ? base : `${base}.${side}[${i}]`,
      ports: entry === null ? '' : `${base}.ports[${j}]`,
      peer: plan, port: portPlan(context, entry, peer),
    }));
  });
}

type Remembered = Map<string, RulesPlan>;
const remembered = new WeakMap<Cluster, Remembered>();

/** A policy means the same on every node, so it is looked at once. */
function rulesPlan(context: Context): RulesPlan {
  const { index, policy, direction, family } = context;
  let known = remembered.get(index.cluster);
  if (!known) remembered.set(index.cluster, (known = new Map()));
  const key = `${family} ${direction} ${policy.namespace}/${policy.name}`;
  let plan = known.get(key);
  if (!plan) {
    const rules = (direction === 'ingress' ? policy.ingress : policy.egress) ?? [];
    known.set(key, (plan = { policy, direction, entries: rules.flatMap((rule, n) => entriesOf(context, rule, n)) }));
  }
  return plan;
}

/** What this node filters in one family: its own pods' traffic, in the directions that some policy isolates. Pods of other nodes are those nodes' business. */
export function planNode(cluster: Cluster, node: Node, family: IpFamily): NodePlan {
  const index = indexPolicies(cluster);
  const guards = (['egress', 'ingress'] as const).flatMap((direction) => (endsOf(index).byNode.get(node.name) ?? []).flatMap((pod) => {
    const policies = isolating(index, pod, direction);
    return policies.length === 0 ? [] : ofFamily(pod.ips, family).map((ip): GuardPlan => ({ pod, ip, direction, policies }));
  }));
  const wanted = new Map(guards.flatMap(({ direction, policies }) => policies.map((policy): [string, Context] => [`${direction} ${policy.namespace}/${policy.name}`, { index, policy, direction, family }])));
  return { family, guards, rules: [...wanted.values()].map(rulesPlan) };
}

