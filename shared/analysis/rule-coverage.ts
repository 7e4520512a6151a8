import type { Netns } from '../dataplane/netns.ts';
import type { Action, Chain, Field, Match, NamedSet, Rule, Table, Verdict } from '../dataplane/rules.ts';

/** Why a rule cannot be met whatever is sent, as far as that can be shown from the text; null where it could be. */
export interface NeverMet { readonly state: 'shadowed' | 'matches-nothing' | 'unreachable'; readonly why: string }

const verdictsOf = (rule: Rule): readonly Verdict[] => rule.do.flatMap((action) => (action.kind === 'verdict' ? [action.verdict] : action.kind === 'vmap' && typeof action.map !== 'string' ? action.map.map(({ verdict }) => verdict) : []));
const targetsOf = (verdicts: readonly Verdict[]): readonly string[] => verdicts.flatMap((verdict) => (verdict.kind === 'jump' || verdict.kind === 'goto' ? [verdict.chain] : []));

/** Chains that a rule may send a packet to: its own verdicts' and those of the maps that it asks. */
function leadsTo(rule: Rule, table: Table): readonly string[] {
  const named = rule.do.flatMap((action) => (action.kind === 'vmap' && typeof action.map === 'string' ? [action.map] : []));
  const mapped = table.sets.filter(({ name }) => named.includes(name)).flatMap(({ elements }) => elements.flatMap(({ verdict }) => (verdict ? [verdict] : [])));
  return targetsOf([...verdictsOf(rule), ...mapped]);
}

const conditionsOf = (rule: Rule): readonly Match[] => rule.match.filter(({ kind }) => kind !== 'comment');
/** Conditions that may answer otherwise the second time they are asked. */
const changeable = new Set<Match['kind']>(['statistic', 'statistic-nth', 'limit', 'recent', 'unmodelled-match', 'ipvs']);
const readsMark = (fields: readonly Field[]): boolean => fields.some(({ field }) => field === 'mark' || field === 'ct-mark' || field === 'ct-state' || field === 'ct-status');
const isDrawn = (match: Match): boolean => changeable.has(match.kind) || ((match.kind === 'compare' ? match.left : match.kind === 'lookup' ? match.key : []).some(({ field }) => field === 'numgen'));
/** Conditions that a rule in between could turn: marks and connection state. */
const isTurnable = (match: Match): boolean => match.kind === 'mark' || match.kind === 'connmark' || match.kind === 'bit-test' || match.kind === 'ct-state' || match.kind === 'conntrack' || readsMark(match.kind === 'compare' ? match.left : match.kind === 'lookup' ? match.key : []);
const turns = ({ kind }: Action): boolean => kind === 'set-mark' || kind === 'connmark' || kind === 'notrack' || kind === 'vmap' || kind === 'unmodelled';
const mayTurn = (rule: Rule): boolean => rule.do.some(turns) || verdictsOf(rule).some(({ kind }) => kind === 'jump');

/** Whether no packet that it matches goes on to the next rule of its chain. */
const ends = (rule: Rule): boolean => rule.do.some((action) => action.kind === 'dnat' || action.kind === 'snat' || action.kind === 'masquerade' || action.kind === 'redirect' || (action.kind === 'verdict' && action.verdict.kind !== 'jump'))
  && !rule.do.some(({ kind }) => kind === 'unmodelled' || kind === 'vmap' || kind === 'dnat-map');

const updated = (table: Table): ReadonlySet<string> => new Set(table.chains.flatMap(({ rules }) => rules.flatMap((rule) => rule.do.flatMap((action) => (action.kind === 'update-set' ? [action.set] : [])))));
const setOf = (match: Match): string | null => (match.kind === 'set' || match.kind === 'lookup' ? match.set : null);

/** The earlier rule of the chain that ends every packet that this one could match: all its conditions are among this one's. */
function shadowing(chain: Chain, at: number, moving: ReadonlySet<string>): number | null {
  const own = new Set(conditionsOf(chain.rules[at]!).filter((match) => !isDrawn(match)).map((match) => JSON.stringify(match)));
  for (let i = 0; i < at; i++) {
    const rule = chain.rules[i]!;
    const conditions = conditionsOf(rule);
    if (!ends(rule) || conditions.some((match) => isDrawn(match) || moving.has(setOf(match) ?? '') || !own.has(JSON.stringify(match)))) continue;
    if (conditions.some(isTurnable) && chain.rules.slice(i + 1, at).some(mayTurn)) continue;
    return i;
  }
  return null;
}

/** The empty set that a rule asks for; null where it asks for none. */
function emptySet(rule: Rule, sets: ReadonlyMap<string, NamedSet>, moving: ReadonlySet<string>): string | null {
  for (const match of rule.match) {
    const name = setOf(match);
    if (name === null || moving.has(name) || ('not' in match && match.not === true)) continue;
    if (sets.get(name)?.elements.length === 0) return name;
  }
  return null;
}

function judgeTable(netns: Netns, table: Table, found: Map<string, NeverMet>): void {
  const moving = updated(table);
  const sets = new Map([...netns.ipsets, ...table.sets].map((set) => [set.name, set]));
  const alive = (chain: Chain): readonly Rule[] => chain.rules.filter((rule, i) => {
    const empty = emptySet(rule, sets, moving);
    if (empty !== null) found.set(rule.id, { state: 'matches-nothing', why: `It asks for ${empty}, which is empty.` });
    const by = empty === null ? shadowing(chain, i, moving) : null;
    if (by !== null) found.set(rule.id, { state: 'shadowed', why: `Rule ${by + 1} of ${chain.name} ends every packet that it could match.` });
    return empty === null && by === null;
  });
  const byName = new Map(table.chains.map((chain) => [chain.name, chain]));
  const reached = new Set<string>();
  const waiting = table.chains.filter(({ kind }) => kind === 'base').map(({ name }) => name);
  const next = new Map(table.chains.map((chain) => [chain.name, alive(chain).flatMap((rule) => leadsTo(rule, table))]));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...(next.get(name) ?? []));
  }
  for (const [name, chain] of byName) if (!reached.has(name)) for (const { id } of chain.rules) found.set(id, { state: 'unreachable', why: `No rule that can match leads to ${name}.` });
}

/**
 * The rules of a host that nothing can meet, by id. Only what the text itself shows is claimed: a chain that no rule leads to, an empty set
 * that no rule fills, an earlier rule of the same chain that ends every packet and whose conditions are all among this rule's (none of them
 * drawn by chance, and none that a rule in between could turn). Rules that no packet could meet for other reasons are not found.
 */
export function neverMet(netns: Netns): ReadonlyMap<string, NeverMet> {
  const found = new Map<string, NeverMet>();
  for (const table of netns.tables) judgeTable(netns, table, found);
  return found;
}
