import { chainsOf } from '../dataplane/find-chain.ts';
import type { Netns } from '../dataplane/netns.ts';
import type { Action, Chain, Hook, Match, Rule, Table } from '../dataplane/rules.ts';
import type { Step } from '../trace/types.ts';
import { buildIndex, type ChainIndex } from './chain-index.ts';
import type { Code } from './codes.ts';
import { compileMatch } from './match/compile-match.ts';
import { compileAction } from './ops/compile-action.ts';
import type { Sets } from './sets.ts';
import { setsOf } from './sets.ts';
import type { Walk } from './walk-state.ts';

const isUnknown = ({ kind }: Match): boolean => kind === 'unmodelled-match';

export type Matcher = (w: Walk, rule: CompiledRule) => boolean;
export type Op = (w: Walk, rule: CompiledRule, hook: number) => Code;

/** Where a rule stands, for what its parts need to know of it. */
export interface RuleContext { readonly netns: Netns; readonly table: Table; readonly chain: Chain; readonly rule: Rule; readonly sets: Sets }

export interface CompiledRule {
  readonly rule: Rule;
  readonly matches: readonly Matcher[];
  readonly ops: readonly Op[];
  /** The action's verdict comes out of a map, so the action writes the step. */
  readonly recordsItself: boolean;
  readonly steps: (Step | undefined)[];
  makeStep(hook: number, did?: Action): Step;
}

export interface CompiledChain {
  readonly chain: Chain;
  readonly naive: boolean;
  readonly rules: readonly CompiledRule[];
  readonly index: ChainIndex | null;
  /** The table it stands in, where jumps find their chains. */
  readonly table: CompiledTable;
}

/** A table's chains by name, each prepared when something first leads to it: a node holds thousands that no packet of ours ever meets. */
export interface CompiledTable { get(name: string): CompiledChain | undefined; readonly base: readonly CompiledChain[] }

const hooks: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const counter: Action = { kind: 'counter' };

/** What a step says a rule did: its last action that is more than bookkeeping. */
const mainAction = (rule: Rule): Action => rule.do.findLast((action) => action.kind !== 'counter' && action.kind !== 'log') ?? rule.do.at(-1) ?? counter;

function compileRule(context: RuleContext): CompiledRule {
  const { rule, chain } = context;
  const main = mainAction(rule);
  return {
    rule,
    // All conditions must hold, so one that nobody can judge matters only to packets that pass all others.
    matches: rule.match.filter((match) => match.kind !== 'comment').toSorted((a, b) => Number(isUnknown(a)) - Number(isUnknown(b))).map((match) => compileMatch(match, context)),
    ops: rule.do.filter((action) => action.kind !== 'counter').map((action) => compileAction(action, context)),
    recordsItself: main.kind === 'vmap' || main.kind === 'dnat-map',
    steps: [undefined, undefined, undefined, undefined, undefined],
    makeStep: (hook, did = main) => ({ kind: 'rule', hook: hooks[hook]!, chain: chain.id, rule: rule.id, did }),
  };
}

function lazyChain(netns: Netns, table: Table, chain: Chain, naive: boolean, compiled: CompiledTable): CompiledChain {
  let rules: readonly CompiledRule[] | null = null;
  let index: ChainIndex | null | undefined;
  const made = (): readonly CompiledRule[] => {
    if (rules === null) {
      const sets = setsOf(netns, table, naive);
      rules = chain.rules.map((rule) => lazyRule({ netns, table, chain, rule, sets }));
    }
    return rules;
  };
  return {
    chain, naive, table: compiled,
    get rules() { return made(); },
    get index() { return index === undefined ? (index = naive ? null : buildIndex(chain.rules)) : index; },
  };
}

// In a chain of ten thousand jumps a packet meets one; the others are never prepared.
function lazyRule(context: RuleContext): CompiledRule {
  let compiled: CompiledRule | null = null;
  const get = (): CompiledRule => (compiled ??= compileRule(context));
  return {
    rule: context.rule,
    get matches() { return get().matches; },
    get ops() { return get().ops; },
    get recordsItself() { return get().recordsItself; },
    get steps() { return get().steps; },
    makeStep: (hook, did) => get().makeStep(hook, did),
  };
}

/** Prepares a table: its base chains now, the others on demand. */
export function compileTable(netns: Netns, table: Table, naive: boolean): CompiledTable {
  const sources = chainsOf(table);
  const ready = new Map<string, CompiledChain>();
  const base: CompiledChain[] = [];
  const compiled: CompiledTable = {
    base,
    get(name) {
      const known = ready.get(name);
      const source = known ? undefined : sources.find(name);
      if (!source) return known;
      const chain = lazyChain(netns, table, source, naive, compiled);
      ready.set(name, chain);
      return chain;
    },
  };
  for (const chain of sources.base) base.push(compiled.get(chain.name)!);
  return compiled;
}
