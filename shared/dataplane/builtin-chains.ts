import type { Origin } from './ids.ts';
import type { Chain, Hook, Table } from './rules.ts';

type Builtin = readonly [name: string, hook: Hook, priority: number];
const at = (priority: number, ...hooks: readonly Hook[]): readonly Builtin[] => hooks.map((hook) => [hook.toUpperCase(), hook, priority]);

/** The built-in chains of each iptables table with their hook and priority, in the order iptables-save lists them (xt_table.valid_hooks, NF_IP_PRI_*). */
export const builtinChains: Readonly<Record<string, readonly Builtin[]>> = {
  raw: at(-300, 'prerouting', 'output'),
  mangle: at(-150, 'prerouting', 'input', 'forward', 'output', 'postrouting'),
  nat: [...at(-100, 'prerouting'), ...at(100, 'input'), ...at(-100, 'output'), ...at(100, 'postrouting')],
  filter: at(0, 'input', 'forward', 'output'),
  security: at(50, 'input', 'forward', 'output'),
};

const kernelsOwn: Origin = { by: 'kernel', why: 'Every kernel has this chain as soon as its table is used.' };

/** A built-in chain of an iptables table; null where the table has none of that name. */
export function buildBuiltinChain(family: Table['family'], table: string, name: string, rest: Partial<Pick<Chain, 'rules' | 'origin'>> & { readonly policy?: 'accept' | 'drop' } = {}): Chain | null {
  const found = builtinChains[table]?.find(([builtin]) => builtin === name);
  if (!found) return null;
  const [, hook, priority] = found;
  // MARK in mangle's OUTPUT re-routes the packet; the kernel registers that chain as type route (iptable_mangle_hook).
  const type = table === 'nat' ? 'nat' : table === 'mangle' && hook === 'output' ? 'route' : 'filter';
  return { id: `${family}/${table}/${name}`, name, kind: 'base', type, hook, priority, policy: rest.policy ?? 'accept', rules: rest.rules ?? [], origin: rest.origin ?? kernelsOwn };
}

/** The table with every built-in chain present and first, as the kernel has it once anything in the table is used. Other tools' tables are returned as they are. */
export function withBuiltinChains(table: Table): Table {
  const builtins = table.tool === 'iptables' ? builtinChains[table.name] : undefined;
  if (!builtins) return table;
  const names = new Set(builtins.map(([name]) => name));
  const isBuiltin = (chain: Chain): boolean => chain.kind === 'base' && names.has(chain.name);
  const { chains } = table;
  const given = new Map<string, Chain>();
  let last = 0;
  for (let i = 0; i < chains.length; i++) {
    if (!isBuiltin(chains[i]!)) continue;
    given.set(chains[i]!.name, chains[i]!);
    last = i + 1;
  }
  const base = builtins.map(([name]) => given.get(name) ?? buildBuiltinChain(table.family, table.name, name)!);
  // they stand near the front, before the thousands of chains that Services have
  return { ...table, chains: base.concat(chains.slice(0, last).filter((chain) => !isBuiltin(chain)), chains.slice(last)) };
}
