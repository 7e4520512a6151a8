/** One line of a comparison: in both texts, only in the first, or only in the second. */
export interface LineEdit { readonly kind: 'kept' | 'removed' | 'added'; readonly line: string }

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

function* between(a: readonly string[], b: readonly string[]): Generator<LineEdit> {
  if (a.length * b.length > comparisons) {
    for (const line of a) yield { kind: 'removed', line };
    for (const line of b) yield { kind: 'added', line };
    return;
  }
  const tails = commonTails(a, b);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      yield { kind: 'kept', line: a[i]! };
      [i, j] = [i + 1, j + 1];
    } else if (j === b.length || (i < a.length && tails[i + 1]![j]! >= tails[i]![j + 1]!)) yield { kind: 'removed', line: a[i++]! };
    else yield { kind: 'added', line: b[j++]! };
  }
}

/** The fewest lines to take out and put in that turn one text into the other, in order, with those that stay. */
export function* lineEdits(before: readonly string[], after: readonly string[]): Generator<LineEdit> {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  for (const line of before.slice(0, start)) yield { kind: 'kept', line };
  yield* between(before.slice(start, before.length - end), after.slice(start, after.length - end));
  for (const line of before.slice(before.length - end)) yield { kind: 'kept', line };
}
