export interface LineChanges { readonly removed: readonly string[]; readonly added: readonly string[]; readonly kept: number }

/** The table grows with the product of both lengths; beyond this, what lies between equal ends is told as replaced. */
const comparisons = 1_000_000;

/** Lengths of the longest common subsequence of every pair of tails, row by row. */
function commonTails(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) rows[i]![j] = a[i] === b[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!);
  }
  return rows;
}

/** The fewest lines to take out and put in that turn one text into the other, in order. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChanges {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (a.length * b.length > comparisons) return { removed: a, added: b, kept: start + end };
  const tails = commonTails(a, b);
  const [removed, added]: [string[], string[]] = [[], []];
  let [i, j, kept] = [0, 0, start + end];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j, kept] = [i + 1, j + 1, kept + 1];
    else if (j === b.length || (i < a.length && tails[i + 1]![j]! >= tails[i]![j + 1]!)) removed.push(a[i++]!);
    else added.push(b[j++]!);
  }
  return { removed, added, kept };
}
