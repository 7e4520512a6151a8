import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** The offsets that a text from elsewhere replaced; null puts the marks away. */
export const setChanged = StateEffect.define<{ readonly from: number; readonly to: number } | null>();

const line = Decoration.line({ class: 'cm-changed' });

/** Marks the lines that changed from elsewhere until the next such change; the mark fades by itself. */
export const changedLines: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => transaction.effects.reduce((now, effect) => {
    if (!effect.is(setChanged)) return now;
    if (effect.value === null) return Decoration.none;
    const { doc } = transaction.state;
    const [first, last] = [doc.lineAt(Math.min(effect.value.from, doc.length)).number, doc.lineAt(Math.min(effect.value.to, doc.length)).number];
    return Decoration.set(Array.from({ length: last - first + 1 }, (_, i) => line.range(doc.line(first + i).from)));
  }, marks.map(transaction.changes)),
  provide: (field) => EditorView.decorations.from(field),
});

/** The one stretch in which two texts differ: what is replaced in the first, and by what. */
export function differenceOf(before: string, after: string): { readonly from: number; readonly to: number; readonly insert: string } {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from++;
  let same = 0;
  while (same < before.length - from && same < after.length - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
