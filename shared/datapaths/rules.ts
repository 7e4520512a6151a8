import type { Origin } from '../dataplane/ids.ts';
import { buildBuiltinChain } from '../dataplane/builtin-chains.ts';
import type { Action, Chain, Match, Rule, Table, Verdict } from '../dataplane/rules.ts';

/** A rule before it has its place in a chain. */
export interface Draft { readonly match: readonly Match[]; readonly do: readonly Action[]; readonly origin: Origin }

export const verdict = (kind: 'accept' | 'drop' | 'return'): Action => ({ kind: 'verdict', verdict: { kind } });
export const jump = (chain: string): Action => ({ kind: 'verdict', verdict: { kind: 'jump', chain } satisfies Verdict });
export const comment = (text: string): Match => ({ kind: 'comment', text });

const placed = (id: string, drafts: readonly Draft[]): readonly Rule[] => drafts.map((draft, i) => ({ id: `${id}/${i + 1}`, ...draft }));

/** A chain of a table; a built-in one by its name. */
export function chainOf(family: Table['family'], table: string, name: string, origin: Origin, drafts: readonly Draft[]): Chain {
  const id = `${family}/${table}/${name}`;
  return buildBuiltinChain(family, table, name, { rules: placed(id, drafts), origin }) ?? { id, name, kind: 'regular', origin, rules: placed(id, drafts) };
}
