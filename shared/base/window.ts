/** The part in which two lists differ, by identity of their items: `[from, oldTo)` of the first became `[from, newTo)` of the second. */
export interface Window { readonly from: number; readonly oldTo: number; readonly newTo: number }

/** What lies between the common beginning and the common end of two lists; empty where they are alike. */
export function windowBetween(before: readonly unknown[], after: readonly unknown[]): Window {
  if (before === after) return { from: before.length, oldTo: before.length, newTo: before.length };
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let [oldTo, newTo] = [before.length, after.length];
  while (oldTo > from && newTo > from && before[oldTo - 1] === after[newTo - 1]) {
    oldTo--;
    newTo--;
  }
  return { from, oldTo, newTo };
}

/** The list with the places `[from, to)` replaced. */
export function replaced<T>(list: readonly T[], from: number, to: number, by: readonly T[]): readonly T[] {
  if (to - from !== by.length) return list.slice(0, from).concat(by, list.slice(to));
  const copy = list.slice();
  by.forEach((item, i) => { copy[from + i] = item; });
  return copy;
}
