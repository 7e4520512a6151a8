import type { OwnChains } from '../dataplane/netns.ts';
import type { Chain } from '../dataplane/rules.ts';
import { rememberFlat, type Edited } from './remember-list.ts';

/** The chains of what was last seen by name and, on top of them, what later edits changed: null for a name that is gone. */
interface Names<Item> { readonly items: readonly Item[]; readonly whole: ReadonlyMap<string, Chain>; readonly since: ReadonlyMap<string, Chain | null> }

function chainsByName(list: readonly Chain[]): ReadonlyMap<string, Chain> {
  const names = new Map<string, Chain>();
  for (const chain of list) names.set(chain.name, chain);
  return names;
}

// So many changed names are copied with every edit; beyond, all are read again.
const MOST_CHANGES = 1000;

/** What each item brings along, as one list whose chains are found by name. Both are remembered per `key`: an edit to one Service reads and splices that one's chains alone. No name may stand in two places. */
export function rememberOwnChains<Item>(of: (item: Item) => readonly Chain[]): (key: object, edited: Edited<Item>) => OwnChains {
  const lists = rememberFlat(of);
  const remembered = new WeakMap<object, Names<Item>>();
  const again = ({ whole, since }: Names<Item>, { before, items, window: { from, oldTo, newTo } }: Edited<Item>): Names<Item> => {
    const changed = new Map(since);
    for (let i = from; i < oldTo; i++) for (const { name } of of(before[i]!)) changed.set(name, null);
    for (let i = from; i < newTo; i++) for (const chain of of(items[i]!)) changed.set(chain.name, chain);
    return { items, whole, since: changed };
  };
  return (key, edited) => {
    const list = lists(key, edited).items;
    const last = remembered.get(key);
    let names = last?.items === edited.before ? again(last, edited) : null;
    if (names === null || names.since.size > MOST_CHANGES) names = { items: edited.items, whole: chainsByName(list), since: new Map() };
    remembered.set(key, names);
    const { whole, since } = names;
    return {
      list,
      find(name) {
        const changed = since.get(name);
        return changed === undefined ? whole.get(name) : changed ?? undefined;
      },
    };
  };
}
