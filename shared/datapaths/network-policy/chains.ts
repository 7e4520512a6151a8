import type { Ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { CtState } from '../../dataplane/packet.ts';
import type { Action, Match, NamedSet } from '../../dataplane/rules.ts';
import type { Pod, Policy } from '../../model/types.ts';
import type { Direction } from '../../model/policy/oracle.ts';
import { jump, verdict, type Draft } from '../rules.ts';
import type { EntryPlan, GuardPlan, NodePlan, PeerPlan, PortPlan, RulesPlan } from './plan.ts';
import { because, originOfDrop, originOfEntry, podName, whyGuard, whyRules } from './words.ts';

/** The bit that says "some rule allowed this": none of kube-proxy's (0x4000) or kubelet's (0x8000). */
export const allowedMark = 0x1_0000;

/** The same conditions in the words of one tool; a condition on a set brings the set along. */
export interface Dialect {
  readonly podChain: (direction: Direction, pod: Pod) => string;
  readonly rulesChain: (direction: Direction, policy: Policy) => string;
  readonly address: (side: 'src' | 'dst', ip: Ip) => Match;
  readonly marked: Match;
  readonly comment: (text: string) => Match;
  /** `label` tells sets apart. */
  readonly peer: (side: 'src' | 'dst', peer: PeerPlan, label: string, origin: Origin) => Condition;
  readonly port: (port: PortPlan, label: string, origin: Origin) => Condition;
}
export interface Condition { readonly match: readonly Match[]; readonly sets: readonly NamedSet[] }
export interface ChainPlan { readonly name: string; readonly origin: Origin; readonly rules: readonly Draft[] }
export interface Built { readonly chains: readonly ChainPlan[]; readonly sets: readonly NamedSet[] }

const setMark: Action = { kind: 'set-mark', value: allowedMark, mask: allowedMark, form: 'xmark' };
const clearMark: Draft = { match: [], do: [{ kind: 'set-mark', value: 0, mask: allowedMark, form: 'xmark' }], origin: because('The mark is taken off first: each direction is judged on its own') };
export const isKnown = (states: readonly CtState[]): Match => ({ kind: 'ct-state', states, module: 'conntrack' });
export const whyKnown = 'Packets of a connection that was let through once pass, replies and ICMP errors among them: policies judge new connections only';

function entryOf(dialect: Dialect, plan: RulesPlan, entry: EntryPlan): { readonly rule: Draft; readonly sets: readonly NamedSet[] } {
  const origin = originOfEntry(plan, entry);
  const owner = `${plan.policy.namespace}/${plan.policy.name}`;
  const peer = dialect.peer(plan.direction === 'ingress' ? 'src' : 'dst', entry.peer, `${owner} ${entry.field}`, origin);
  // On the way in a port's name is looked up on the selected pods, whoever calls; on the way out, on this peer.
  const port = dialect.port(entry.port, plan.direction === 'ingress' ? `${owner} ${entry.ports}` : `${owner} ${entry.field} ${entry.ports}`, origin);
  const text = `${owner} ${entry.field.replace(/^spec\./, '')}`;
  return { rule: { match: [...peer.match, ...port.match, dialect.comment(text)], do: [setMark], origin }, sets: [...peer.sets, ...port.sets] };
}

function rulesChain(dialect: Dialect, plan: RulesPlan): Built {
  const entries = plan.entries.map((entry) => entryOf(dialect, plan, entry));
  const name = dialect.rulesChain(plan.direction, plan.policy);
  return { chains: [{ name, origin: because(whyRules(plan), plan.policy), rules: entries.map(({ rule }) => rule) }], sets: entries.flatMap(({ sets }) => sets) };
}

function guardChain(dialect: Dialect, guards: readonly GuardPlan[]): ChainPlan {
  const [first] = guards as [GuardPlan];
  const selves = guards.map(({ ip }): Draft => ({ match: [dialect.address('src', ip), dialect.address('dst', ip)], do: [verdict('return')], origin: because(`Pod ${podName(first.pod)} reaches itself, also through a Service: policies leave that alone`) }));
  const tries = first.policies.flatMap((policy): readonly Draft[] => [
    { match: [], do: [jump(dialect.rulesChain(first.direction, policy))], origin: because(`NetworkPolicy ${policy.namespace}/${policy.name} selects pod ${podName(first.pod)} for ${first.direction}, so its rules are tried`, policy) },
    { match: [dialect.marked], do: [verdict('return')], origin: because(`A rule of NetworkPolicy ${policy.namespace}/${policy.name} allowed it; one is enough`, policy) },
  ]);
  return { name: dialect.podChain(first.direction, first.pod), origin: because(whyGuard(first)), rules: [...selves, clearMark, ...tries, { match: [], do: [verdict('drop')], origin: originOfDrop(first) }] };
}

/** Every chain but the base chain, and every set, in the words of one tool. */
export function buildChains(dialect: Dialect, plan: NodePlan): Built {
  const rules = plan.rules.map((one) => rulesChain(dialect, one));
  const guards = new Map<string, GuardPlan[]>();
  for (const guard of plan.guards) {
    const key = dialect.podChain(guard.direction, guard.pod);
    const known = guards.get(key);
    if (known) known.push(guard);
    else guards.set(key, [guard]);
  }
  return { chains: [...[...guards.values()].map((group) => guardChain(dialect, group)), ...rules.flatMap(({ chains }) => chains)], sets: [...new Map(rules.flatMap(({ sets }) => sets).map((set): [string, NamedSet] => [set.name, set])).values()] };
}
