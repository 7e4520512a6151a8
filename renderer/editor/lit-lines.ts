import { StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { SourceSpan } from '../../shared/base/problem.ts';
import { linesOfSpan } from './lines-of-span.ts';

/** Lights these lines, or none. */
export const setLit = StateEffect.define<SourceSpan | null>();

const line = Decoration.line({ class: 'cm-lit' });

function decorate(span: SourceSpan | null, doc: Text): DecorationSet {
  if (span === null) return Decoration.none;
  const [from, to] = linesOfSpan(span, doc.lines);
  return Decoration.set(Array.from({ length: to - from + 1 }, (_, i) => line.range(doc.line(from + i).from)));
}

/** Keeps the lit lines lit while the text around them changes. */
export const litLines: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (lit, transaction) => transaction.effects.reduce((now, effect) => (effect.is(setLit) ? decorate(effect.value, transaction.state.doc) : now), lit.map(transaction.changes)),
  provide: (field) => EditorView.decorations.from(field),
});
