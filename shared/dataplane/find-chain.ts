import type { Chain, Table } from './rules.ts';

/** A table's chains as something that jumps needs them: by name, and those that hang in the kernel's hooks in their order. */
export interface ChainsByName { readonly base: readonly Chain[]; find(name: string): Chain | undefined }

const known = new WeakMap<readonly Chain[], ChainsByName>();

/** Says how this list's chains are found, so that nobody needs to walk through it: a node's Services may be 100,000 chains. */
export function foundBy(list: readonly Chain[], found: ChainsByName): readonly Chain[] {
  known.set(list, found);
  return list;
}

/** The chains of a list by name; of two with one name the later. */
export function byName(list: readonly Chain[]): ChainsByName {
  const names = new Map(list.map((chain) => [chain.name, chain]));
  return { base: list.filter((chain) => chain.kind === 'base'), find: (name) => names.get(name) };
}

/** The chains of a table by name, made once per list of chains. */
export function chainsOf({ chains }: Pick<Table, 'chains'>): ChainsByName {
  let found = known.get(chains);
  if (!found) foundBy(chains, (found = byName(chains)));
  return found;
}
