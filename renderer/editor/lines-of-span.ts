import type { SourceSpan } from '../../shared/base/problem.ts';

/** First and last line of a span inside this text, 1-based; an end at column 1 does not count its line. */
export function linesOfSpan(span: SourceSpan, lines: number): readonly [number, number] {
  const end = span.endLine === undefined ? span.line : span.endCol === 1 && span.endLine > span.line ? span.endLine - 1 : span.endLine;
  const from = Math.min(Math.max(1, span.line), lines);
  return [from, Math.min(Math.max(from, end), lines)];
}
