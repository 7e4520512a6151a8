import { replaced, windowBetween, type Window } from '../base/window.ts';

/** What a list was made of last, and what came out. */
interface Last<Item, Out> { readonly items: readonly Item[]; readonly out: readonly Out[] }

/** A list, what it was before (itself where nothing was) and the part in which the two differ: found once, and handed on to all that is made of the list, so that an edit to one Service looks through 10,000 of them once. */
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

/** A list of which nothing before is known, or that did not change. */
const unedited = <Item>(items: readonly Item[]): Edited<Item> => ({ before: items, items, window: { from: items.length, oldTo: items.length, newTo: items.length } });

/** The list with `[from, to)` replaced. What is alike at both ends of the part does not count as edited; where all is, the old list stays. */
function spliced<Item>(before: readonly Item[], from: number, to: number, by: readonly Item[]): Edited<Item> {
  const inner = windowBetween(before.slice(from, to), by);
  if (inner.from === inner.oldTo && inner.from === inner.newTo) return unedited(before);
  return { before, items: replaced(before, from, to, by), window: { from: from + inner.from, oldTo: from + inner.oldTo, newTo: from + inner.newTo } };
}

/** `items.flatMap(of)` with its last answer per `key` remembered: of a list that differs in one place, only that place is put together anew. `of` must be pure and cheap, and nothing may come out twice: a place is found by what stands before it. */
export function rememberFlat<Item, Out>(of: (item: Item) => readonly Out[]): (key: object, edited: Edited<Item>) => Edited<Out> {
  const remembered = new WeakMap<object, Last<Item, Out>>();
  const placeOf = ({ items, out }: Last<Item, Out>, at: number): number => {
    for (let i = at - 1; i >= 0; i--) {
      const before = of(items[i]!).at(-1);
      if (before !== undefined) return out.indexOf(before) + 1;
    }
    return 0;
  };
  const again = (last: Last<Item, Out>, { items, window: { from, oldTo, newTo } }: Edited<Item>): Edited<Out> => {
    const fresh = items.slice(from, newTo).flatMap(of);
    let gone = 0;
    for (let i = from; i < oldTo; i++) gone += of(last.items[i]!).length;
    if (gone === 0 && fresh.length === 0) return unedited(last.out);
    const start = placeOf(last, from);
    return spliced(last.out, start, start + gone, fresh);
  };
  return (key, edited) => {
    const last = remembered.get(key);
    const made = last?.items === edited.before ? again(last, edited) : unedited(edited.items.flatMap(of));
    remembered.set(key, { items: edited.items, out: made.items });
    return made;
  };
}

/** `items.map(build)` with its last answer per `key` remembered. With `byPlace`, an answer depends on its place, and so what stands behind an insertion is built anew. What else `build` reads must be the same whenever the key is. */
export function rememberMap<Item, Out>(byPlace: boolean): (key: object, edited: Edited<Item>, build: (item: Item, place: number) => Out) => Edited<Out> {
  const remembered = new WeakMap<object, Last<Item, Out>>();
  const again = (out: readonly Out[], { items, window: { from, oldTo, newTo } }: Edited<Item>, build: (item: Item, place: number) => Out): Edited<Out> => {
    if (from === oldTo && from === newTo) return unedited(out);
    const to = byPlace && oldTo !== newTo ? items.length : newTo;
    return spliced(out, from, to === newTo ? oldTo : out.length, items.slice(from, to).map((item, i) => build(item, from + i)));
  };
  return (key, edited, build) => {
    const last = remembered.get(key);
    const made = last?.items === edited.before ? again(last.out, edited, build) : unedited(edited.items.map(build));
    remembered.set(key, { items: edited.items, out: made.items });
    return made;
  };
}

/** One item per text, as a Map keeps them: the first one's place, the last one's value. Which texts there are is remembered per `key`, so that a list without doubles is seen to have none by what changed in it, and returned as it is. */
export function rememberDistinct<Item>(textOf: (item: Item) => string): (key: object, edited: Edited<Item>) => readonly Item[] {
  const remembered = new WeakMap<object, { readonly items: readonly Item[]; readonly counts: Map<string, number> }>();
  const count = (counts: Map<string, number>, items: readonly Item[], by: 1 | -1): void => {
    for (const item of items) {
      const text = textOf(item);
      const left = (counts.get(text) ?? 0) + by;
      if (left === 0) counts.delete(text);
      else counts.set(text, left);
    }
  };
  return (key, { before, items, window: { from, oldTo, newTo } }) => {
    const last = remembered.get(key);
    const counts = last?.items === before ? last.counts : new Map<string, number>();
    if (last?.items === before) {
      count(counts, before.slice(from, oldTo), -1);
      count(counts, items.slice(from, newTo), 1);
    } else count(counts, items, 1);
    remembered.set(key, { items, counts });
    return counts.size === items.length ? items : [...new Map(items.map((item) => [textOf(item), item])).values()];
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
