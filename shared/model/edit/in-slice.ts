import type { Problem, SourceSpan } from '../../base/problem.ts';
import { ok, type Result } from '../../base/result.ts';
import { splitDocuments } from '../../kube/yaml/split-documents.ts';

/** The offset at which a 1-based line begins; the text's length past its end. */
function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return text.length;
    at = newline + 1;
  }
  return at;
}

const linesBefore = (text: string, end: number): number => {
  let n = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) n++;
  return n;
};

/** Edits the one YAML document of a file that holds this place: a file of thousands of objects is not read for one of them. */
export function inSlice(text: string, at: SourceSpan, edit: (slice: string, at: SourceSpan) => Result<string, Problem>): Result<string, Problem> {
  // A lone CR breaks lines as LF does and is one character like it.
  const plain = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  const offset = offsetOfLine(plain, at.line);
  const slices = splitDocuments(plain);
  const slice = slices.find((one) => offset < one.end && offset + at.col > one.start) ?? slices[0];
  if (!slice || slices.length === 1) return edit(text, at);
  const edited = edit(text.slice(slice.start, slice.end), { file: at.file, line: at.line - linesBefore(plain, slice.start), col: at.col });
  return edited.ok ? ok(text.slice(0, slice.start) + edited.value + text.slice(slice.end)) : edited;
}
