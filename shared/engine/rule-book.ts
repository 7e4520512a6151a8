import { chainsOf } from '../dataplane/find-chain.ts';
import type { Netns } from '../dataplane/netns.ts';
import type { Chain, Hook, Match, Rule, Table } from '../dataplane/rules.ts';
import { compileTable, type CompiledChain } from './compile-chain.ts';
import { confirm, track } from './conntrack.ts';
import { runBaseChain } from './evaluate.ts';
import { balanceIn, balanceOut, indexServers } from './ipvs-hooks.ts';
import { natHook } from './nat-hook.ts';
import type { Walk } from './walk-state.ts';

/** One function on a hook; false = the packet's way ended, `outcome` says how. */
export type HookFunction = (w: Walk) => boolean;
export const hookNames: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
export const hookIndex: Readonly<Record<Hook, number>> = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 };

/** What runs on each hook, in order, for IPv4 and IPv6. Without rules that need it there is no connection tracking (kernel-lab 3.7). */
export interface RuleBook { readonly 4: readonly (readonly HookFunction[])[]; readonly 6: readonly (readonly HookFunction[])[]; readonly tracks: boolean }

interface Registered { readonly priority: number; readonly run: HookFunction }

const ctMatches = new Set<Match['kind']>(['ct-state', 'conntrack', 'connmark']);
const ctFields = new Set(['ct-state', 'ct-status', 'ct-mark', 'ct-direction']);
const fieldsOf = (m: Match): readonly { field: string }[] => (m.kind === 'compare' ? m.left : m.kind === 'lookup' ? m.key : m.kind === 'bit-test' ? [m] : []);
const needsConntrack = (rule: Rule): boolean =>
  rule.match.some((m) => ctMatches.has(m.kind) || fieldsOf(m).some((f) => ctFields.has(f.field))) || rule.do.some((a) => a.kind === 'connmark' || (a.kind === 'vmap' && a.key.some((f) => ctFields.has(f.field))));
const isNat = (chain: Chain): boolean => chain.kind === 'base' && chain.type === 'nat';
const speaks = (table: Table, family: 4 | 6): boolean => table.family === 'inet' || table.family === (family === 4 ? 'ip' : 'ip6');

/** A later registration of the same priority runs first (nf_hook_entries_grow). */
function inOrder(registered: readonly Registered[]): readonly HookFunction[] {
  return registered.map((r, i) => ({ ...r, i })).sort((a, b) => a.priority - b.priority || b.i - a.i).map((r) => r.run);
}

const always = (act: (w: Walk) => void): HookFunction => (w) => {
  act(w);
  return true;
};

function natFunctions(hook: Hook, chains: readonly CompiledChain[]): Registered[] {
  if (hook === 'forward') return [];
  const manip = hook === 'prerouting' || hook === 'output' ? 'dst' : 'src';
  const index = hookIndex[hook];
  return [{ priority: manip === 'dst' ? -100 : 100, run: (w) => natHook(w, manip, chains, index) }];
}

interface Needs { readonly tracks: boolean; readonly nat: boolean; readonly servers: ReturnType<typeof indexServers> | null }

function hookFunctions(hook: Hook, chains: readonly CompiledChain[], { tracks, nat, servers }: Needs): readonly HookFunction[] {
  const here = chains.filter((c) => c.chain.kind === 'base' && c.chain.hook === hook);
  const index = hookIndex[hook];
  const registered: Registered[] = [];
  if (nat) {
    const ordered = here.filter((c) => isNat(c.chain)).map((c, i) => ({ c, i })).sort((a, b) => priorityOf(a.c) - priorityOf(b.c) || b.i - a.i).map(({ c }) => c);
    registered.push(...natFunctions(hook, ordered));
  }
  if (tracks && (hook === 'prerouting' || hook === 'output')) registered.push({ priority: -200, run: always(track) });
  if (tracks && (hook === 'input' || hook === 'postrouting')) registered.push({ priority: 2 ** 31, run: always(confirm) });
  if (servers) registered.push(...ipvsFunctions(hook, servers));
  for (const chain of here) {
    if (isNat(chain.chain)) continue;
    // An empty chain that accepts does nothing and says nothing.
    if (chain.rules.length === 0 && chain.chain.kind === 'base' && chain.chain.policy === 'accept') continue;
    registered.push({ priority: priorityOf(chain), run: (w) => runBaseChain(w, chain, index) });
  }
  return inOrder(registered);
}

// ip_vs_ops4: answers are restored just before new connections are balanced, both just before source NAT, or just after destination NAT for this machine's own packets.
function ipvsFunctions(hook: Hook, servers: ReturnType<typeof indexServers>): Registered[] {
  const out = always(balanceOut);
  const into: HookFunction = (w) => balanceIn(w, servers);
  switch (hook) {
    case 'input': return [{ priority: 98, run: out }, { priority: 99, run: into }];
    case 'output': return [{ priority: -99, run: out }, { priority: -98, run: into }];
    case 'forward': return [{ priority: 100, run: out }];
    default: return [];
  }
}

const priorityOf = ({ chain }: CompiledChain): number => (chain.kind === 'base' ? chain.priority : 0);

function compile(netns: Netns, naive: boolean): RuleBook {
  const servers = netns.virtualServers.length > 0 ? indexServers(netns.virtualServers) : null;
  const book = (family: 4 | 6): { hooks: readonly (readonly HookFunction[])[]; tracks: boolean } => {
    const tables = netns.tables.filter((table) => speaks(table, family));
    const nat = tables.some((table) => chainsOf(table).base.some(isNat));
    const tracks = nat || servers !== null || tables.some((table) => table.chains.some((chain) => chain.rules.some(needsConntrack)));
    const chains = tables.flatMap((table) => compileTable(netns, table, naive).base);
    return { hooks: hookNames.map((hook) => hookFunctions(hook, chains, { tracks, nat, servers })), tracks };
  };
  const four = book(4);
  const six = book(6);
  return { 4: four.hooks, 6: six.hooks, tracks: four.tracks || six.tracks };
}

const books = new WeakMap<Netns, RuleBook>();
const naiveBooks = new WeakMap<Netns, RuleBook>();

/** A namespace's rules, compiled once per Netns object. */
export function rulesOf(netns: Netns, naive: boolean): RuleBook {
  const known = naive ? naiveBooks : books;
  let book = known.get(netns);
  if (!book) known.set(netns, (book = compile(netns, naive)));
  return book;
}

/** Runs everything on a hook; false when the packet's way ended there. */
export function runHook(w: Walk, hook: number): boolean {
  for (const run of w.ns.rules[w.v6 ? 6 : 4][hook]!) if (!run(w)) return false;
  return true;
}
