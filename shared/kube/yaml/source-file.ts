import type { SourceSpan } from '../../base/problem.ts';
import type { SourceDocument } from '../types.ts';

/** One file's text with its lines found on demand. Every offset of this room is an offset into `text`. */
export interface SourceFile { readonly name: string; readonly text: string; readonly lineStarts: () => readonly number[] }

/** Opens a document; a lone CR becomes LF (YAML 1.2 §5.4 breaks lines there), so that no offset moves. */
export function openSource(document: SourceDocument): SourceFile {
  const text = document.text.includes('\r') ? document.text.replace(/\r(?!\n)/g, '\n') : document.text;
  let starts: number[] | null = null;
  const lineStarts = (): readonly number[] => {
    if (starts !== null) return starts;
    starts = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    return starts;
  };
  return { name: document.name, text, lineStarts };
}

/** The 1-based line and column, in code points, of an offset; a byte order mark takes no column. */
export function placeAt(file: SourceFile, offset: number): { readonly line: number; readonly col: number } {
  const starts = file.lineStarts();
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  let col = 1;
  for (let i = starts[low]!; i < offset; i++) {
    const unit = file.text.charCodeAt(i);
    const continues = unit >= 0xdc00 && unit <= 0xdfff && i > starts[low]!;
    if (!continues && !(i === 0 && unit === 0xfeff)) col++;
  }
  return { line: low + 1, col };
}

/** The span of two offsets, the second exclusive. */
export function spanOf(file: SourceFile, start: number, end: number): SourceSpan {
  const from = placeAt(file, start);
  const to = placeAt(file, Math.max(start, end));
  return { file: file.name, line: from.line, col: from.col, endLine: to.line, endCol: to.col };
}
