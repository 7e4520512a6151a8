import { MAX_DEPTH } from '../limits.ts';
import { checkMapKeys } from './check-map-keys.ts';
import type { MapEntry, ScalarNode, YamlFault, YamlNode, YamlRead } from './node.ts';
import { resolvePlain } from './resolve-plain.ts';

interface Cursor { readonly text: string; readonly end: number; at: number; faults: YamlFault[] }

/**
 * Reads JSON, one object or one after the other (JSON lines, as kubectl takes them). Null = the first is no JSON, so that YAML may have a
 * look; a later one that is broken is a fault of its own, and reading goes on at the next line that begins an object.
 */
export function readJson(text: string, start: number, end: number): YamlRead[] | null {
  const cursor: Cursor = { text, end, at: start, faults: [] };
  const reads: YamlRead[] = [];
  for (skipSpace(cursor); cursor.at < end; skipSpace(cursor)) {
    cursor.faults = [];
    const from = cursor.at;
    const node = text[from] === '{' ? readValue(cursor, 1) : null;
    if (node !== null) {
      reads.push({ node, faults: cursor.faults });
      continue;
    }
    if (reads.length === 0) return null;
    const next = text.indexOf('\n{', from);
    // What was never closed took the next line's object for its own part.
    const at = next >= 0 && next < cursor.at ? from : Math.min(cursor.at, end);
    reads.push({ node: null, faults: [{ code: 'json-syntax', severity: 'error', start: at, end: at + 1, what: 'this is not JSON', fix: 'check the quotes, commas and brackets of this line' }] });
    cursor.at = next < 0 || next >= end ? end : next + 1;
  }
  return reads;
}

function skipSpace(cursor: Cursor): void {
  for (; cursor.at < cursor.end; cursor.at++) {
    const c = cursor.text.charCodeAt(cursor.at);
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
  }
}

/** The value at the cursor, which then stands behind it; null where JSON ends to be JSON, and the cursor stays there. */
function readValue(cursor: Cursor, depth: number): YamlNode | null {
  if (depth > MAX_DEPTH) return null;
  skipSpace(cursor);
  const c = cursor.text.charCodeAt(cursor.at);
  if (c === 123) return readObject(cursor, depth);
  if (c === 91) return readArray(cursor, depth);
  return c === 34 ? readString(cursor) : readWord(cursor);
}

function readString(cursor: Cursor): (ScalarNode & { readonly value: string }) | null {
  const { text, end, at: start } = cursor;
  let close = text.indexOf('"', start + 1);
  const escaped = text.indexOf('\\', start) < close;
  while (escaped && close >= 0 && isEscaped(text, close)) close = text.indexOf('"', close + 1);
  if (close < 0 || close >= end) return null;
  const raw = text.slice(start, close + 1);
  if (/[\n\r\t]/.test(raw) || (escaped && /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(raw.replaceAll('\\\\', '')))) return null;
  cursor.at = close + 1;
  return { kind: 'scalar', start, end: close + 1, value: raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1), plain: false };
}

function isEscaped(text: string, quote: number): boolean {
  let i = quote - 1;
  while (text.charCodeAt(i) === 92) i--;
  return (quote - 1 - i) % 2 === 1;
}

const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

function readWord(cursor: Cursor): ScalarNode | null {
  word.lastIndex = cursor.at;
  const source = word.exec(cursor.text)?.[0];
  if (source === undefined) return null;
  const start = cursor.at;
  cursor.at += source.length;
  return { kind: 'scalar', start, end: cursor.at, value: resolvePlain(source), plain: true };
}

/** Steps over the separator: true = another member follows, false = closed, null = neither. */
function another(cursor: Cursor, close: number): boolean | null {
  skipSpace(cursor);
  const c = cursor.at < cursor.end ? cursor.text.charCodeAt(cursor.at) : 0;
  if (c !== 44 && c !== close) return null;
  cursor.at++;
  return c === 44;
}

function readObject(cursor: Cursor, depth: number): YamlNode | null {
  const start = cursor.at++;
  const entries: MapEntry[] = [];
  skipSpace(cursor);
  let more: boolean | null = cursor.text[cursor.at] !== '}';
  if (!more) cursor.at++;
  while (more) {
    skipSpace(cursor);
    const key = cursor.text[cursor.at] === '"' ? readString(cursor) : null;
    if (key === null) return null;
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== ':') return null;
    cursor.at++;
    const value = readValue(cursor, depth + 1);
    if (value === null) return null;
    entries.push({ key: key.value, keyStart: key.start, keyEnd: key.end, value });
    more = another(cursor, 125);
    if (more === null) return null;
  }
  checkMapKeys(entries, cursor.faults);
  return { kind: 'map', start, end: cursor.at, flow: true, entries };
}

function readArray(cursor: Cursor, depth: number): YamlNode | null {
  const start = cursor.at++;
  const items: YamlNode[] = [];
  skipSpace(cursor);
  let more: boolean | null = cursor.text[cursor.at] !== ']';
  if (!more) cursor.at++;
  while (more) {
    const value = readValue(cursor, depth + 1);
    if (value === null) return null;
    items.push(value);
    more = another(cursor, 93);
    if (more === null) return null;
  }
  return { kind: 'list', start, end: cursor.at, flow: true, items };
}
