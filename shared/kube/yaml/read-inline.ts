import { nextLine, type LineCursor } from './line-cursor.ts';
import type { ScalarNode, ScalarValue, YamlFault, YamlNode } from './node.ts';
import { resolvePlain } from './resolve-plain.ts';
import { notFinite } from './not-finite.ts';

const TAB = 9;
const SPACE = 32;
const HASH = 35;

/** The scalar (or empty collection) that begins at `v` on this line, and then on to the next line; null = not for this reader. */
export function readInline(cursor: LineCursor, v: number, column: number, faults: YamlFault[]): YamlNode | null {
  const c = cursor.text.charCodeAt(v);
  const node = c === 34 ? readDouble(cursor, v) : c === 39 ? readSingle(cursor, v) : c === 123 || c === 91 ? readEmpty(cursor, v) : c === 124 ? readLiteral(cursor, v, column) : readPlain(cursor, v, faults);
  if (node === null) return null;
  if (c !== 124) nextLine(cursor);
  // A deeper line after a scalar continues it or is an error: both are the library's to tell.
  return !cursor.bad && !cursor.done && cursor.column > column ? null : node;
}

const scalar = (start: number, end: number, value: ScalarValue, plain: boolean): ScalarNode => ({ kind: 'scalar', start, end, value, plain });

/** Whether only spaces, or a space and a comment, follow on the line. */
function endsLine(cursor: LineCursor, at: number): boolean {
  const { text, eol } = cursor;
  let i = at;
  while (i < eol && text.charCodeAt(i) === SPACE) i++;
  return i >= eol || (i > at && text.charCodeAt(i) === HASH);
}

function readDouble(cursor: LineCursor, v: number): ScalarNode | null {
  const { text, eol } = cursor;
  let escaped = false;
  let i = v + 1;
  for (; i < eol; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) break;
    if (c === TAB) return null;
    if (c !== 92) continue;
    escaped = true;
    i++;
  }
  if (i >= eol || !endsLine(cursor, i + 1)) return null;
  const raw = text.slice(v, i + 1);
  // Only the escapes that YAML shares with JSON, with the same meaning.
  if (escaped && /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(raw.replaceAll('\\\\', ''))) return null;
  return scalar(v, i + 1, escaped ? (JSON.parse(raw) as string) : raw.slice(1, -1), false);
}

function readSingle(cursor: LineCursor, v: number): ScalarNode | null {
  const { text, eol } = cursor;
  let i = v + 1;
  for (; i < eol; i++) {
    const c = text.charCodeAt(i);
    if (c === TAB) return null;
    if (c !== 39) continue;
    if (text.charCodeAt(i + 1) !== 39) break;
    i++;
  }
  return i >= eol || !endsLine(cursor, i + 1) ? null : scalar(v, i + 1, text.slice(v + 1, i).replaceAll("''", "'"), false);
}

function readEmpty(cursor: LineCursor, v: number): YamlNode | null {
  const two = cursor.text.slice(v, v + 2);
  if (!endsLine(cursor, v + 2)) return null;
  if (two === '{}') return { kind: 'map', start: v, end: v + 2, flow: true, entries: [] };
  return two === '[]' ? { kind: 'list', start: v, end: v + 2, flow: true, items: [] } : null;
}

// & * ! % @ ` , ] } ? : > | # and quotes cannot begin a plain scalar that this reader knows.
const reserved = new Set(Array.from('&*!%@`,]}?:>|#"\'', (c) => c.charCodeAt(0)));

function readPlain(cursor: LineCursor, v: number, faults: YamlFault[]): ScalarNode | null {
  const { text, eol } = cursor;
  const first = text.charCodeAt(v);
  if (reserved.has(first) || (first === 45 && (v + 1 >= eol || text.charCodeAt(v + 1) === SPACE))) return null;
  let end = v;
  for (let i = v; i < eol; i++) {
    const c = text.charCodeAt(i);
    if (c === SPACE) continue;
    if (c === TAB) return null;
    if (c === HASH && text.charCodeAt(i - 1) === SPACE) break;
    if (c === 58 && (i + 1 >= eol || text.charCodeAt(i + 1) === SPACE)) return null;
    end = i + 1;
  }
  const source = text.slice(v, end);
  const value = resolvePlain(source);
  const node = scalar(v, end, value, true);
  if (typeof value === 'number' && !Number.isFinite(value)) faults.push(notFinite(node, source));
  return node;
}

function readLiteral(cursor: LineCursor, v: number, column: number): ScalarNode | null {
  const { text, end } = cursor;
  const header = text.slice(v, cursor.eol);
  if (header !== '|' && header !== '|-' && header !== '|+') return null;
  const lines: string[] = [];
  let indent = -1;
  let from = cursor.next;
  let last = -1;
  let contentEnd = v;
  while (from < end) {
    const newline = text.indexOf('\n', from);
    if (newline < 0 || newline >= end) return null;
    const eol = newline > from && text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
    let i = from;
    while (i < eol && text.charCodeAt(i) === SPACE) i++;
    if (i >= eol) {
      if (eol > from && (indent < 0 || eol - from > indent)) return null;
      lines.push('');
    } else {
      if (indent < 0) indent = i - from;
      if (indent <= column || (i - from < indent && (i - from > column || text.charCodeAt(i) === TAB))) return null;
      if (i - from < indent) break;
      lines.push(text.slice(from + indent, eol));
      last = lines.length - 1;
      contentEnd = newline + 1;
    }
    from = newline + 1;
  }
  if (last < 0) return null;
  cursor.next = from;
  nextLine(cursor);
  const kept = header === '|+' ? lines : lines.slice(0, last + 1);
  return scalar(v, contentEnd, kept.join('\n') + (header === '|-' ? '' : '\n'), false);
}
