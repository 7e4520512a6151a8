import { MAX_DEPTH } from '../limits.ts';
import type { YamlFault } from './node.ts';

/** Names the limit and the depth that a document reaches, at the first token beyond; for texts nested too deep for any parser. */
export function depthFault(text: string, start: number, end: number): YamlFault {
  const { deepest, at } = measureDepth(text, start, end);
  return { code: 'limit-depth', severity: 'error', start: at, end: at + 1, what: `nested deeper than ${MAX_DEPTH} levels (${deepest})`, fix: 'flatten it; no Kubernetes object is nested that deep' };
}

/** Counts by indentation, dashes and brackets alone: quotes and block texts are taken for structure, which only counts too much. */
function measureDepth(text: string, start: number, end: number): { readonly deepest: number; readonly at: number } {
  const columns: number[] = [];
  let brackets = 0;
  let deepest = 0;
  let at = start;
  const note = (i: number): void => {
    const depth = columns.length + brackets;
    if (depth > deepest) deepest = depth;
    if (depth === MAX_DEPTH + 1 && at === start) at = i;
  };
  let lineStart = start;
  let leading = true;
  for (let i = start; i < end; i++) {
    const c = text[i]!;
    if (c === '\n') [lineStart, leading] = [i + 1, true];
    else if (c === '[' || c === '{') brackets++;
    else if (c === ']' || c === '}') brackets = Math.max(0, brackets - 1);
    if (leading && brackets === 0 && c !== ' ' && c !== '\n' && c !== '\r') {
      while (columns.length > 0 && columns.at(-1)! >= i - lineStart) columns.pop();
      columns.push(i - lineStart);
      leading = c === '-' && text[i + 1] === ' ';
    }
    note(i);
  }
  return { deepest, at };
}
