import type { Policy, PolicyPeer, PolicyRule } from '../model/types.ts';
import { peerMatches, ruleAllows, type PolicyEnd, type PolicyOptions } from '../model/policy/match-rule.ts';
import type { Direction } from '../model/policy/oracle.ts';
import { createConnectionTable, EVERYTHING, NOTHING, type ConnectionTable } from './connection-table.ts';

/** What may pass between any two ends, as numbers of `table`. */
export interface Matrix { readonly table: ConnectionTable; between(from: number, to: number): number }

/** One rule, decided once: which ends each of its peers means (null = everybody), and the ports where they do not depend on the destination. */
interface CompiledRule { readonly rule: PolicyRule; readonly namespace: string; readonly members: readonly (readonly number[])[] | null; readonly ports: number | null }

const hasNamedPort = (rule: PolicyRule): boolean => rule.ports?.some((entry) => typeof entry.port === 'string') ?? false;
const portsOnly = (rule: PolicyRule): PolicyRule => ({ peers: null, ports: rule.ports });

// So many are looked at sooner than remembered.
const FEW = 16;

interface Finder {
  /** The ends that a peer entry means, in a policy of this namespace. */
  meant(peer: PolicyPeer, namespace: string): readonly number[];
  /** The pods that a policy selects. */
  selected(policy: Policy): readonly number[];
}

/** Finds the ends that a peer entry means; a selector that wants a label looks only at ends that have it. */
function createFinder(ends: readonly PolicyEnd[], options: PolicyOptions): Finder {
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
  const meant: Finder['meant'] = (peer, namespace) => {
    const possible = candidates(peer);
    const means = (i: number): boolean => peerMatches(peer, namespace, ends[i]!, options);
    if (possible.length <= FEW) return possible.filter(means);
    const key = `${peer.ipBlock || peer.namespaceSelector ? '' : namespace} ${JSON.stringify(peer)}`;
    let found = remembered.get(key);
    if (!found) remembered.set(key, (found = possible.filter(means)));
    return found;
  };
  const subjects = new Map<Policy, readonly number[]>();
  const selected: Finder['selected'] = (policy) => {
    let found = subjects.get(policy);
    if (!found) subjects.set(policy, (found = meant({ podSelector: policy.podSelector, namespaceSelector: null, ipBlock: null }, policy.namespace)));
    return found;
  };
  return { meant, selected };
}

function compileRules(ends: readonly PolicyEnd[], table: ConnectionTable, find: Finder, policy: Policy, direction: Direction, options: PolicyOptions): readonly CompiledRule[] {
  const rules = (direction === 'ingress' ? policy.ingress : policy.egress) ?? [];
  const anyone = ends[0]!;
  return rules.map((rule) => ({
    rule, namespace: policy.namespace,
    members: rule.peers?.map((peer) => find.meant(peer, policy.namespace)) ?? null,
    ports: hasNamedPort(rule) ? null : table.idOf(ruleAllows(portsOnly(rule), policy.namespace, anyone, anyone, options)),
  }));
}

type Row = Uint32Array | null;

/** One direction: a row for each end, made when first asked; null = not isolated. Ends with the same policies share a row, in whichever list of policies these stand. */
function directionRows(ends: readonly PolicyEnd[], table: ConnectionTable, find: Finder, direction: Direction, options: PolicyOptions): (policies: readonly Policy[]) => (subject: number) => Row {
  const compiled = new Map<Policy, readonly CompiledRule[]>();
  const rulesOf = (policy: Policy): readonly CompiledRule[] => {
    let rules = compiled.get(policy);
    if (!rules) compiled.set(policy, (rules = compileRules(ends, table, find, policy, direction, options)));
    return rules;
  };
  const named = (one: CompiledRule, destination: PolicyEnd): number => one.ports ?? table.idOf(ruleAllows(portsOnly(one.rule), one.namespace, destination, destination, options));
  const make = (policies: readonly Policy[], subject: PolicyEnd): Uint32Array => {
    const row = new Uint32Array(ends.length);
    for (const one of policies.flatMap(rulesOf)) {
      const fixed = direction === 'ingress' ? named(one, subject) : one.ports;
      const put = (other: number): void => {
        if (row[other] !== EVERYTHING) row[other] = table.unite(row[other]!, fixed ?? named(one, ends[other]!));
      };
      if (fixed === NOTHING) continue;
      if (one.members === null) for (let other = 0; other < row.length; other++) put(other);
      else for (const members of one.members) for (const other of members) put(other);
    }
    return row;
  };
  const numbers = new Map<Policy, number>();
  const numberOf = (policy: Policy): number => numbers.get(policy) ?? (numbers.set(policy, numbers.size), numbers.size - 1);
  const shared = new Map<string, Uint32Array>();
  const rowOf = (policies: readonly Policy[], subject: number): Uint32Array => {
    const own = direction === 'ingress' && policies.some((policy) => rulesOf(policy).some((one) => one.ports === null)) ? `#${subject}` : '';
    const key = policies.map(numberOf).join(',') + own;
    let row = shared.get(key);
    if (!row) shared.set(key, (row = make(policies, ends[subject]!)));
    return row;
  };
  return (policies) => {
    const isolating: Policy[][] = ends.map(() => []);
    for (const policy of policies) if (policy[direction] !== null) for (const subject of find.selected(policy)) isolating[subject]!.push(policy);
    const rows: (Row | undefined)[] = [];
    return (subject) => {
      const known = rows[subject];
      if (known !== undefined) return known;
      const own = isolating[subject]!;
      return (rows[subject] = own.length === 0 ? null : rowOf(own, subject));
    };
  };
}

const meaningOf = ({ namespace, podSelector, ingress, egress }: Policy): string => JSON.stringify([namespace, podSelector, ingress, egress]);

/** These policies, with those of `known` in place of others that mean the same. */
function inKnownWords(policies: readonly Policy[], known: readonly Policy[]): readonly Policy[] {
  const [were, are] = [new Set(known), new Set(policies)];
  const gone = new Map(known.filter((policy) => !are.has(policy)).map((policy) => [meaningOf(policy), policy]));
  return gone.size === 0 ? policies : policies.map((policy) => (were.has(policy) ? policy : gone.get(meaningOf(policy)) ?? policy));
}

/** Matrices over the same ends, one for each list of policies; they share their table, and what a policy of several lists means is found once. Rows are made as they are asked for. */
export function createMatrices(ends: readonly PolicyEnd[], options: PolicyOptions): (policies: readonly Policy[]) => Matrix {
  const table = createConnectionTable();
  const find = createFinder(ends, options);
  const rowsOf = { egress: directionRows(ends, table, find, 'egress', options), ingress: directionRows(ends, table, find, 'ingress', options) };
  let known: readonly Policy[] = [];
  return (given) => {
    const policies = inKnownWords(given, known);
    known = [...known, ...policies];
    const [egress, ingress] = [rowsOf.egress(policies), rowsOf.ingress(policies)];
    const between = (from: number, to: number): number => {
      const out = egress(from);
      const into = ingress(to);
      if (out === null) return into === null ? EVERYTHING : into[from]!;
      return into === null ? out[to]! : table.intersect(out[to]!, into[from]!);
    };
    return { table, between };
  };
}
