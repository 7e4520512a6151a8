import type { Cluster, L4Protocol, Policy, PolicyRule } from '../model/types.ts';
import { allConnections, equal, intersect, isEmpty, noConnections, printRanges, PROTOCOLS, unite, type ConnectionSet } from '../model/policy/connection-set.ts';
import { ruleAllows, type PolicyEnd, type PolicyOptions } from '../model/policy/match-rule.ts';
import { isolating, type Direction } from '../model/policy/oracle.ts';
import { reachEnds, type Peer, type ReachEnds } from './ends.ts';

export interface ReachOptions {
  /** Keep only ports that a container of the destination declares. */
  readonly listeningOnly: boolean;
  /** Let ipBlocks match pod addresses too (CLI.md `--ip-block any`). */
  readonly ipBlocksMatchPods: boolean;
}
export interface Reach {
  readonly peers: readonly Peer[];
  /** How many ends policies can tell apart: what the cost grows with. */
  readonly ends: number;
  /** What may pass from one peer to another; never asked of two ranges. */
  between(from: Peer, to: Peer): ConnectionSet;
}

interface CompiledRule { readonly rule: PolicyRule; readonly namespace: string; readonly named: boolean; readonly members: Uint8Array; readonly ports: ConnectionSet | null }

const hasNamedPort = (rule: PolicyRule): boolean => rule.ports?.some((entry) => typeof entry.port === 'string') ?? false;

/** One direction of the whole matrix, rule by rule: who each rule's peers are is decided once per end. */
function directionOf(base: ReachEnds, direction: Direction, options: PolicyOptions): (subject: number, other: number) => ConnectionSet {
  const compiled = new Map<Policy, readonly CompiledRule[]>();
  const compile = (policy: Policy): readonly CompiledRule[] => {
    const rules = (direction === 'ingress' ? policy.ingress : policy.egress) ?? [];
    return rules.map((rule) => {
      const named = hasNamedPort(rule);
      const members = new Uint8Array(base.ends.length);
      const anyPort = { peers: rule.peers, ports: null };
      for (let i = 0; i < members.length; i++) members[i] = isEmpty(ruleAllows(anyPort, policy.namespace, base.ends[i]!, base.ends[i]!, options)) ? 0 : 1;
      const ports = named ? null : ruleAllows({ peers: null, ports: rule.ports }, policy.namespace, base.ends[0]!, base.ends[0]!, options);
      return { rule, namespace: policy.namespace, named, members, ports };
    });
  };
  const rulesOf = (policy: Policy): readonly CompiledRule[] => {
    let rules = compiled.get(policy);
    if (!rules) compiled.set(policy, (rules = compile(policy)));
    return rules;
  };
  const isolation = base.ends.map((end) => (end.kind === 'pod' ? isolating(base.index, end.pod, direction).map(rulesOf) : []));
  const portsFor = (one: CompiledRule, destination: PolicyEnd): ConnectionSet =>
    one.ports ?? ruleAllows({ peers: null, ports: one.rule.ports }, one.namespace, destination, destination, options);
  return (subject, other) => {
    const policies = isolation[subject]!;
    if (policies.length === 0) return allConnections;
    const destination = base.ends[direction === 'ingress' ? subject : other]!;
    let sum = noConnections;
    for (const rules of policies) {
      for (const one of rules) {
        if (one.members[other] === 0) continue;
        sum = unite(sum, portsFor(one, destination));
        if (sum === allConnections) return sum;
      }
    }
    return sum;
  };
}

const declared = (peer: Peer): ConnectionSet =>
  Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, (peer.pod?.ports ?? []).filter((p) => p.protocol === protocol).map((p) => [p.port, p.port])])) as unknown as ConnectionSet;

/** Adjacent ranges with equal answers, from and to everybody, become one peer. */
function mergeRanges(peers: readonly Peer[], between: Reach['between']): readonly Peer[] {
  const workloads = peers.filter((peer) => peer.kind === 'workload');
  const alike = (a: Peer, b: Peer): boolean => workloads.every((w) => equal(between(a, w), between(b, w)) && equal(between(w, a), between(w, b)));
  const merged: Peer[] = [];
  for (const peer of peers.filter((one) => one.kind === 'range')) {
    const last = merged.at(-1);
    const sameFamily = last !== undefined && last.segment!.from.includes(':') === peer.segment!.from.includes(':');
    if (last && sameFamily && alike(last, peer)) {
      const segment = { from: last.segment!.from, to: peer.segment!.to };
      merged[merged.length - 1] = { ...last, segment, name: `${segment.from}-${segment.to}` };
    } else merged.push(peer);
  }
  return [...workloads, ...merged];
}

/** Who may connect to whom, workload by workload, outside ranges included, as if NetworkPolicy is enforced. Ends that no policy tells apart are evaluated once. */
export function reach(cluster: Cluster, options: ReachOptions): Reach {
  const v6 = cluster.settings.podSubnets.some((subnet) => subnet.includes(':'));
  const base = reachEnds(cluster, v6 ? [4, 6] : [4]);
  const policyOptions = { ipBlocksMatchPods: options.ipBlocksMatchPods };
  const egress = directionOf(base, 'egress', policyOptions);
  const ingress = directionOf(base, 'ingress', policyOptions);
  const remembered = new Map<number, ConnectionSet>();
  const pair = (from: number, to: number): ConnectionSet => {
    const key = from * base.ends.length + to;
    let set = remembered.get(key);
    if (!set) remembered.set(key, (set = intersect(egress(from, to), ingress(to, from))));
    return set;
  };
  const between = (from: Peer, to: Peer): ConnectionSet => {
    const set = pair(from.end, to.end);
    return options.listeningOnly && to.kind === 'workload' ? intersect(set, declared(to)) : set;
  };
  return { peers: mergeRanges(base.peers, between), ends: base.ends.length, between };
}

export interface ReachJson {
  readonly connections: readonly { readonly src: string; readonly dst: string; readonly allowed: readonly { readonly protocol: string; readonly ports: string }[] }[];
  readonly peers: readonly string[];
}

/** A connection set as CLI.md's `allowed` list; protocols with nothing are left out. */
export const allowedJson = (set: ConnectionSet): ReachJson['connections'][number]['allowed'] =>
  PROTOCOLS.filter((protocol: L4Protocol) => set[protocol].length > 0).map((protocol) => ({ protocol: protocol.toUpperCase(), ports: printRanges(set[protocol]) }));

/** CLI.md's JSON of `reach`. Pairs with nothing allowed are left out; a workload is no peer of itself; two ranges are nobody's business here. */
export function reachJson(result: Reach): ReachJson {
  const connections: ReachJson['connections'][number][] = [];
  for (const from of result.peers) {
    for (const to of result.peers) {
      if (from === to || (from.kind === 'range' && to.kind === 'range')) continue;
      const set = result.between(from, to);
      if (!isEmpty(set)) connections.push({ src: from.name, dst: to.name, allowed: allowedJson(set) });
    }
  }
  return { connections, peers: result.peers.map((peer) => peer.name) };
}
