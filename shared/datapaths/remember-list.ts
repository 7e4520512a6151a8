import { replaced, windowBetween, type Window } from '../base/window.ts';

/** What a list was made of last, and what came out. */
interface Last<Item, Out> { readonly items: readonly Item[]; readonly out: readonly Out[] }

/** A list, what it was before (itself where nothing was) and the part in which the two differ: found once for all that is made of the list. */
export interface Edited<Item> { readonly before: readonly Item[]; readonly items: readonly Item[]; readonly window: Window }

/** What became of the list that was last seen with this key. */
export function rememberEdited<Item>(): (key: object, items: readonly Item[]) => Edited<Item> {
  const remembered = new WeakMap<object, readonly Item[]>();
  return (key, items) => {
    const before = remembered.get(key) ?? items;
    remembered.set(key, items);
    return { before, items, window: windowBetween(before, items) };
  };
}

/** `items.flatMap(of)` with its last answer per `key` remembered: of a list that differs in one place, only that place is put together anew. `of` must be pure and cheap, and nothing may come out twice: a place is found by what stands before it. */
export function rememberFlat<Item, Out>(of: (item: Item) => readonly Out[]): (key: object, edited: Edited<Item>) => readonly Out[] {
  const remembered = new WeakMap<object, Last<Item, Out>>();
  const placeOf = ({ items, out }: Last<Item, Out>, at: number): number => {
    for (let i = at - 1; i >= 0; i--) {
      const before = of(items[i]!).at(-1);
      if (before !== undefined) return out.indexOf(before) + 1;
    }
    return 0;
  };
  const spliced = (last: Last<Item, Out>, { items, window: { from, oldTo, newTo } }: Edited<Item>): readonly Out[] => {
    const fresh = items.slice(from, newTo).flatMap(of);
    let gone = 0;
    for (let i = from; i < oldTo; i++) gone += of(last.items[i]!).length;
    if (gone === 0 && fresh.length === 0) return last.out;
    const start = placeOf(last, from);
    return replaced(last.out, start, start + gone, fresh);
  };
  return (key, edited) => {
    const last = remembered.get(key);
    const out = last?.items === edited.before ? spliced(last, edited) : edited.items.flatMap(of);
    remembered.set(key, { items: edited.items, out });
    return out;
  };
}

/** `items.map(build)` with its last answer per `key` remembered. With `byPlace`, an answer depends on its place, and so what stands behind an insertion is built anew. What else `build` reads must be the same whenever the key is. */
export function rememberMap<Item, Out>(byPlace: boolean): (key: object, items: readonly Item[], build: (item: Item, place: number) => Out) => readonly Out[] {
  const remembered = new WeakMap<object, Last<Item, Out>>();
  const again = (last: Last<Item, Out>, items: readonly Item[], build: (item: Item, place: number) => Out): readonly Out[] => {
    const { from, oldTo, newTo } = windowBetween(last.items, items);
    if (from === oldTo && from === newTo) return last.out;
    const to = byPlace && oldTo !== newTo ? items.length : newTo;
    return replaced(last.out, from, to === newTo ? oldTo : last.out.length, items.slice(from, to).map((item, i) => build(item, from + i)));
  };
  return (key, items, build) => {
    const last = remembered.get(key);
    const out = last === undefined ? items.map(build) : again(last, items, build);
    remembered.set(key, { items, out });
    return out;
  };
}

/** One item per text, as a Map keeps them: the first one's place, the last one's value. Which texts there are is remembered per `key`, so that a list without doubles is seen to have none by what changed in it, and returned as it is. */
export function rememberDistinct<Item>(textOf: (item: Item) => string): (key: object, items: readonly Item[]) => readonly Item[] {
  const remembered = new WeakMap<object, { items: readonly Item[]; readonly counts: Map<string, number> }>();
  const count = (counts: Map<string, number>, item: Item, by: 1 | -1): void => {
    const text = textOf(item);
    const left = (counts.get(text) ?? 0) + by;
    if (left === 0) counts.delete(text);
    else counts.set(text, left);
  };
  return (key, items) => {
    let last = remembered.get(key);
    if (!last) remembered.set(key, last = { items: [], counts: new Map() });
    const { from, oldTo, newTo } = windowBetween(last.items, items);
    for (let i = from; i < oldTo; i++) count(last.counts, last.items[i]!, -1);
    for (let i = from; i < newTo; i++) count(last.counts, items[i]!, 1);
    last.items = items;
    return last.counts.size === items.length ? items : [...new Map(items.map((item) => [textOf(item), item])).values()];
  };
}

/** Keys to remember variants of one thing by: the same thing and variant give the same key for as long as the thing lives. */
export function variantKeys(): (of: object, variant: string) => object {
  const keys = new WeakMap<object, Map<string, object>>();
  return (of, variant) => {
    let variants = keys.get(of);
    if (!variants) keys.set(of, variants = new Map());
    let key = variants.get(variant);
    if (!key) variants.set(variant, key = {});
    return key;
  };
}
