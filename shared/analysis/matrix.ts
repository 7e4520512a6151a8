import type { Policy, PolicyPeer, PolicyRule } from '../model/types.ts';
import { peerMatches, ruleAllows, type PolicyEnd, type PolicyOptions } from '../model/policy/match-rule.ts';
import { isolating, type Direction } from '../model/policy/oracle.ts';
import { createConnectionTable, EVERYTHING, NOTHING, type ConnectionTable } from './connection-table.ts';
import type { ReachEnds } from './ends.ts';

/** What may pass between any two ends, as numbers of `table`. */
export interface Matrix { readonly table: ConnectionTable; between(from: number, to: number): number }

/** One rule, decided once: which ends it speaks of, and the ports where they do not depend on the destination. */
interface CompiledRule { readonly rule: PolicyRule; readonly namespace: string; readonly members: Uint32Array | null; readonly ports: number | null }

const hasNamedPort = (rule: PolicyRule): boolean => rule.ports?.some((entry) => typeof entry.port === 'string') ?? false;
const portsOnly = (rule: PolicyRule): PolicyRule => ({ peers: null, ports: rule.ports });

type Finder = (peer: PolicyPeer, namespace: string) => readonly number[];

/** Finds the ends that a peer entry means; a selector that wants a label looks only at ends that have it. */
function peerFinder({ ends }: ReachEnds, options: PolicyOptions): Finder {
  const all = ends.map((_, i) => i);
  const pods = all.filter((i) => ends[i]!.kind === 'pod');
  const byLabel = new Map<string, number[]>();
  for (const i of pods) {
    const end = ends[i]!;
    if (end.kind !== 'pod') continue;
    for (const [key, value] of Object.entries(end.pod.labels)) {
      const label = `${key}=${value}`;
      const known = byLabel.get(label);
      if (known) known.push(i);
      else byLabel.set(label, [i]);
    }
  }
  const candidates = (peer: PolicyPeer): readonly number[] => {
    if (peer.ipBlock) return all;
    const [wanted] = Object.entries(peer.podSelector?.matchLabels ?? {});
    return wanted ? byLabel.get(`${wanted[0]}=${wanted[1]}`) ?? [] : pods;
  };
  const remembered = new Map<string, readonly number[]>();
  return (peer, namespace) => {
    const key = `${peer.ipBlock || peer.namespaceSelector ? '' : namespace} ${JSON.stringify(peer)}`;
    let found = remembered.get(key);
    if (!found) remembered.set(key, (found = candidates(peer).filter((i) => peerMatches(peer, namespace, ends[i]!, options))));
    return found;
  };
}

function compileRules(base: ReachEnds, table: ConnectionTable, find: Finder, policy: Policy, direction: Direction, options: PolicyOptions): readonly CompiledRule[] {
  const rules = (direction === 'ingress' ? policy.ingress : policy.egress) ?? [];
  const anyone: PolicyEnd = base.ends[0]!;
  return rules.map((rule) => {
    const found = rule.peers?.map((peer) => find(peer, policy.namespace)) ?? null;
    const matching = found === null || found.length === 1 ? found?.[0] ?? null : [...new Set(found.flat())];
    return {
      rule, namespace: policy.namespace,
      members: matching === null ? null : Uint32Array.from(matching),
      ports: hasNamedPort(rule) ? null : table.idOf(ruleAllows(portsOnly(rule), policy.namespace, anyone, anyone, options)),
    };
  });
}

type Row = Uint32Array | null;

/** One direction: a row for each end, made when first asked; null = not isolated. Ends with the same policies share a row. */
function rowsOf(base: ReachEnds, table: ConnectionTable, find: Finder, direction: Direction, options: PolicyOptions): (subject: number) => Row {
  const compiled = new Map<Policy, readonly CompiledRule[]>();
  const rulesOf = (policy: Policy): readonly CompiledRule[] => {
    let rules = compiled.get(policy);
    if (!rules) compiled.set(policy, (rules = compileRules(base, table, find, policy, direction, options)));
    return rules;
  };
  const named = (one: CompiledRule, destination: PolicyEnd): number => one.ports ?? table.idOf(ruleAllows(portsOnly(one.rule), one.namespace, destination, destination, options));
  const make = (policies: readonly Policy[], subject: PolicyEnd): Uint32Array => {
    const row = new Uint32Array(base.ends.length);
    for (const one of policies.flatMap(rulesOf)) {
      const fixed = direction === 'ingress' ? named(one, subject) : one.ports;
      const put = (other: number): void => {
        if (row[other] !== EVERYTHING) row[other] = table.unite(row[other]!, fixed ?? named(one, base.ends[other]!));
      };
      if (fixed === NOTHING) continue;
      if (one.members === null) for (let other = 0; other < row.length; other++) put(other);
      else for (const other of one.members) put(other);
    }
    return row;
  };
  const numbers = new Map<Policy, number>(base.index.cluster.policies.map((policy, i) => [policy, i]));
  const shared = new Map<string, Uint32Array>();
  const rows: (Row | undefined)[] = [];
  return (subject) => {
    const known = rows[subject];
    if (known !== undefined) return known;
    const end = base.ends[subject]!;
    const policies = end.kind === 'pod' ? isolating(base.index, end.pod, direction) : [];
    if (policies.length === 0) return (rows[subject] = null);
    const own = direction === 'ingress' && policies.some((policy) => rulesOf(policy).some((one) => one.ports === null)) ? `#${subject}` : '';
    const key = policies.map((policy) => numbers.get(policy)).join(',') + own;
    let row = shared.get(key);
    if (!row) shared.set(key, (row = make(policies, end)));
    return (rows[subject] = row);
  };
}

/** The whole cluster's matrix; rows are made as they are asked for. */
export function matrixOf(base: ReachEnds, options: PolicyOptions): Matrix {
  const table = createConnectionTable();
  const find = peerFinder(base, options);
  const egress = rowsOf(base, table, find, 'egress', options);
  const ingress = rowsOf(base, table, find, 'ingress', options);
  const between = (from: number, to: number): number => {
    const out = egress(from);
    const into = ingress(to);
    if (out === null) return into === null ? EVERYTHING : into[from]!;
    return into === null ? out[to]! : table.intersect(out[to]!, into[from]!);
  };
  return { table, between };
}
