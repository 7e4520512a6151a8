import { MAX_DEPTH } from '../limits.ts';
import { checkMapKeys } from './check-map-keys.ts';
import { nextLine, type LineCursor } from './line-cursor.ts';
import type { MapEntry, ScalarNode, YamlFault, YamlNode, YamlRead } from './node.ts';
import { readInline } from './read-inline.ts';
import { resolveKey } from './resolve-plain.ts';

/**
 * Reads the plain block subset of YAML that kubectl and Helm print, some thirty times faster than the library. Null = there is something
 * here it does not know or does not like, so that the library must read it; otherwise value, places and faults are the library's own
 * (a property test holds the two together).
 */
export function readBlock(text: string, start: number, end: number): YamlRead | null {
  const cursor: LineCursor = { text, end, at: start, column: 0, eol: start, next: start, done: false, bad: false };
  const faults: YamlFault[] = [];
  nextLine(cursor);
  if (cursor.bad) return null;
  if (cursor.done) return { node: null, faults };
  const node = readBlockNode(cursor, cursor.at, cursor.column, 1, faults);
  return node === null || cursor.bad || !cursor.done ? null : { node, faults };
}

const SPACE = 32;
const HASH = 35;
const DASH = 45;
const COLON = 58;

// Which ASCII characters a key may hold to be read here: letters, digits, and _ . / - $
const keyCharacters = new Uint8Array(128);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-$') keyCharacters[c.charCodeAt(0)] = 1;

const isDash = (cursor: LineCursor, at: number): boolean => cursor.text.charCodeAt(at) === DASH && (at + 1 >= cursor.eol || cursor.text.charCodeAt(at + 1) === SPACE);

/** A list or a map whose first token stands at `at`, in that column; null for anything else. */
function readBlockNode(cursor: LineCursor, at: number, column: number, depth: number, faults: YamlFault[]): YamlNode | null {
  if (depth > MAX_DEPTH) return null;
  return isDash(cursor, at) ? readList(cursor, at, column, depth, faults) : readMap(cursor, at, column, depth, faults);
}

/** The end of the key at `at` (where its colon or closing quote's successor is), or -1. */
function keyEndAt(cursor: LineCursor, at: number): number {
  const { text, eol } = cursor;
  let i = at;
  const quote = text.charCodeAt(at);
  if (quote === 34 || quote === 39) {
    for (i++; i < eol && text.charCodeAt(i) !== quote; i++) if (text.charCodeAt(i) === 92) return -1;
    i++;
    if (i >= eol || text.charCodeAt(i) !== COLON) return -1;
  } else {
    for (; i < eol; i++) {
      const c = text.charCodeAt(i);
      if (c === COLON && (i + 1 >= eol || text.charCodeAt(i + 1) === SPACE)) break;
      if (c !== COLON && (c > 127 || keyCharacters[c] === 0)) return -1;
    }
    if (i === at || i >= eol || i - at > 1024) return -1;
  }
  return i + 1 >= eol || text.charCodeAt(i + 1) === SPACE ? i : -1;
}

function keyText(text: string, at: number, end: number): string | null {
  const quote = text.charCodeAt(at);
  if (quote === 34 || quote === 39) return text.slice(at + 1, end - 1);
  const key = text.slice(at, end);
  return end - at > 5 && text.charCodeAt(at) > 57 ? key : resolveKey(key);
}

function readMap(cursor: LineCursor, start: number, column: number, depth: number, faults: YamlFault[]): YamlNode | null {
  const { text } = cursor;
  const entries: MapEntry[] = [];
  for (let at = start; ; at = cursor.at) {
    const keyEnd = keyEndAt(cursor, at);
    const key = keyEnd < 0 ? null : keyText(text, at, keyEnd);
    if (key === null) return null;
    let v = keyEnd + 1;
    while (v < cursor.eol && text.charCodeAt(v) === SPACE) v++;
    const value = v >= cursor.eol || text.charCodeAt(v) === HASH ? readBelow(cursor, keyEnd + 1, column, true, depth, faults) : readInline(cursor, v, column, faults);
    if (value === null || cursor.bad) return null;
    entries.push({ key, keyStart: at, keyEnd, value });
    if (cursor.done || cursor.column < column) break;
    if (cursor.column > column || isDash(cursor, cursor.at)) return null;
  }
  checkMapKeys(entries, faults);
  const last = entries.at(-1)!;
  return { kind: 'map', start, end: Math.max(last.keyEnd, last.value.end), flow: false, entries };
}

function readList(cursor: LineCursor, start: number, column: number, depth: number, faults: YamlFault[]): YamlNode | null {
  const { text } = cursor;
  const items: YamlNode[] = [];
  for (let at = start; ; at = cursor.at) {
    let v = at + 1;
    while (v < cursor.eol && text.charCodeAt(v) === SPACE) v++;
    const item = v >= cursor.eol || text.charCodeAt(v) === HASH ? readBelow(cursor, -1, column, false, depth, faults)
      : isDash(cursor, v) || keyEndAt(cursor, v) >= 0 ? readBlockNode(cursor, v, column + v - at, depth + 1, faults)
      : readInline(cursor, v, column, faults);
    if (item === null || cursor.bad) return null;
    items.push(item);
    if (cursor.done || cursor.column < column) break;
    if (cursor.column > column) return null;
    if (!isDash(cursor, cursor.at)) break;
  }
  return { kind: 'list', start, end: Math.max(start, items.at(-1)!.end), flow: false, items };
}

/** The value on the lines below a key or a dash: deeper ones, or, for a key, a list in the key's own column; else nothing. */
function readBelow(cursor: LineCursor, at: number, column: number, key: boolean, depth: number, faults: YamlFault[]): YamlNode | null {
  nextLine(cursor);
  if (cursor.bad) return null;
  if (!cursor.done && (cursor.column > column || (key && cursor.column === column && isDash(cursor, cursor.at)))) return readBlockNode(cursor, cursor.at, cursor.column, depth + 1, faults);
  // Where an empty item stands is not told alike by both readers; nobody writes one.
  if (at < 0) return null;
  const empty: ScalarNode = { kind: 'scalar', start: at, end: at, value: null, plain: true };
  return empty;
}
