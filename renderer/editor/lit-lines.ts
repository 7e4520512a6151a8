import { StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { SourceSpan } from '../../shared/base/problem.ts';

/** Lights these lines, or none. */
export const setLit = StateEffect.define<SourceSpan | null>();

const line = Decoration.line({ class: 'cm-lit' });

/** First and last line of a span inside this text, 1-based; an end at column 1 does not count its line. */
export function linesOfSpan(span: SourceSpan, lines: number): readonly [number, number] {
  const end = span.endLine === undefined ? span.line : span.endCol === 1 && span.endLine > span.line ? span.endLine - 1 : span.endLine;
  const from = Math.min(Math.max(1, span.line), lines);
  return [from, Math.min(Math.max(from, end), lines)];
}

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
