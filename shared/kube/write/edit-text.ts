import type { Json } from '../../base/json.ts';
import type { FieldPath } from '../types.ts';
import type { ListNode, MapEntry, MapNode, YamlNode } from '../yaml/node.ts';
import { renderEntry, renderInline, renderJson, renderText } from './render.ts';

/** One replacement in a text. */
export interface TextEdit { readonly start: number; readonly end: number; readonly text: string }

/** Carries out an edit. */
export const applyEdit = (text: string, edit: TextEdit): string => text.slice(0, edit.start) + edit.text + text.slice(edit.end);

/** The edit that gives a path of an object a value, touching nothing else; null where the path leads through a scalar or past a list's end. */
export function editFor(text: string, root: MapNode, path: FieldPath, value: Json): TextEdit | null {
  let node: YamlNode = root;
  let entry: MapEntry | null = null;
  let parent: MapNode | null = null;
  for (let i = 0; i < path.length; i++) {
    const step = path[i]!;
    const rest = path.slice(i + 1);
    if (node.kind === 'map') {
      const found: MapEntry | undefined = ownEntry(node, String(step));
      if (found === undefined) return insertEntry(text, node, String(step), wrap(rest, value), root.flow);
      [parent, entry, node] = [node, found, found.value];
    } else if (node.kind === 'list') {
      const index: number = Number(step);
      const item: YamlNode | undefined = node.items[index];
      if (item === undefined) return index === node.items.length ? insertItem(text, node, wrap(rest, value)) : null;
      if (rest.length === 0) return { start: item.start, end: contentEnd(text, item), text: node.flow ? renderJson(value) : renderInline(value) };
      [parent, entry, node] = [null, null, item];
    } else if (node.value === null && parent !== null && entry !== null) return replaceValue(text, parent, entry, wrap(path.slice(i), value));
    else return null;
  }
  return parent !== null && entry !== null ? replaceValue(text, parent, entry, value) : null;
}

/** The entry as this map itself writes it; what a merge key brings belongs to another map. */
const ownEntry = (map: MapNode, key: string): MapEntry | undefined => map.entries.find((e) => e.key === key && e.keyStart >= map.start && e.keyStart < map.end);

/** `{a: {b: value}}` for the path `a, b`; a number makes a list of one. */
const wrap = (path: FieldPath, value: Json): Json => path.reduceRight<Json>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);

const breakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
const columnOf = (text: string, at: number): number => at - (text.lastIndexOf('\n', at - 1) + 1);
/** Where a node's text ends, without the line break that a block scalar takes in. */
export const contentEnd = (text: string, node: YamlNode): number => (text[node.end - 1] !== '\n' || node.end === node.start ? node.end : text[node.end - 2] === '\r' ? node.end - 2 : node.end - 1);

const isNested = (value: Json): boolean => value !== null && typeof value === 'object' && Object.keys(value).length > 0;

function indented(text: string, lines: readonly string[], column: number): string {
  return lines.map((line) => ' '.repeat(column) + line).join(breakOf(text));
}

function replaceValue(text: string, map: MapNode, entry: MapEntry, value: Json): TextEdit {
  const colon = text.indexOf(':', entry.keyEnd);
  const aliased = entry.value.start < entry.keyEnd || entry.value.start > map.end;
  const alias = aliased ? /^\s*\*[^\s,\]}]+/.exec(text.slice(colon + 1)) : null;
  const end = alias ? colon + 1 + alias[0].length : Math.max(colon + 1, contentEnd(text, entry.value));
  // A value on the key's own line keeps its place, so that a lone number changes and nothing around it.
  const sameLine = !aliased && entry.value.start > colon && !text.slice(colon, entry.value.start).includes('\n') && entry.value.start !== entry.value.end;
  const inline = { start: sameLine ? entry.value.start : colon + 1, end };
  if (map.flow || !isNested(value)) return { ...inline, text: `${sameLine ? '' : ' '}${map.flow ? renderJson(value) : renderInline(value)}` };
  const [, ...lines] = renderEntry(entry.key, value);
  return { start: colon + 1, end, text: breakOf(text) + indented(text, lines, columnOf(text, entry.keyStart)) };
}

function insertEntry(text: string, map: MapNode, key: string, value: Json, json: boolean): TextEdit {
  if (map.flow) return insertFlow(text, map, `${json ? renderJson(key) : renderText(key)}: ${renderJson(value)}`, map.entries.length === 0);
  return insertLines(text, map.end, indented(text, renderEntry(key, value), columnOf(text, map.start)));
}

function insertItem(text: string, list: ListNode, value: Json): TextEdit {
  if (list.flow) return insertFlow(text, list, renderJson(value), list.items.length === 0);
  return insertLines(text, list.end, `${' '.repeat(columnOf(text, list.start))}- ${renderInline(value)}`);
}

function insertFlow(text: string, node: MapNode | ListNode, member: string, empty: boolean): TextEdit {
  const close = node.end - 1;
  let last = close;
  while (/\s/.test(text[last - 1]!)) last--;
  const comma = empty || text[last - 1] === ',' ? '' : ',';
  return { start: last, end: last, text: `${comma}${empty && node.kind === 'map' ? ' ' : empty ? '' : ' '}${member}${empty && node.kind === 'map' && last === close ? ' ' : ''}` };
}

/** Whole lines behind the line that `end` stands on; a comment on that line stays where it is. */
function insertLines(text: string, end: number, lines: string): TextEdit {
  if (text[end - 1] === '\n') return { start: end, end, text: lines + breakOf(text) };
  const newline = text.indexOf('\n', end);
  const at = newline < 0 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline;
  return { start: at, end: at, text: breakOf(text) + lines };
}

/** The edit that takes a field or item away, with its own comment and line; null where there is none. */
export function removalFor(text: string, root: MapNode, path: FieldPath): TextEdit | null {
  let node: YamlNode = root;
  for (const step of path.slice(0, -1)) {
    const next: YamlNode | undefined = node.kind === 'map' ? ownEntry(node, String(step))?.value : node.kind === 'list' ? node.items[Number(step)] : undefined;
    if (next === undefined) return null;
    node = next;
  }
  const last = path.at(-1);
  if (last === undefined || node.kind === 'scalar') return null;
  const stretches = node.kind === 'map' ? node.entries.map((e) => ({ start: e.keyStart, end: Math.max(e.keyEnd, contentEnd(text, e.value)) })) : node.items.map((item) => ({ start: item.start, end: contentEnd(text, item) }));
  const index = node.kind === 'map' ? node.entries.findIndex((e) => e.key === String(last)) : Number(last);
  const stretch = stretches[index];
  if (stretch === undefined) return null;
  if (stretches.length === 1) return { start: node.start, end: contentEnd(text, node), text: node.kind === 'map' ? '{}' : '[]' };
  const next = stretches[index + 1];
  const before = stretches[index - 1];
  if (node.flow) return next ? { start: stretch.start, end: next.start, text: '' } : { start: before!.end, end: stretch.end, text: '' };
  const lineStart = text.lastIndexOf('\n', stretch.start - 1) + 1;
  const own = /^[\s-]*$/.test(text.slice(lineStart, stretch.start)) && (node.kind === 'list' || /^\s*$/.test(text.slice(lineStart, stretch.start)));
  if (!own) return next ? { start: stretch.start, end: next.start, text: '' } : null;
  const newline = text.indexOf('\n', stretch.end);
  return { start: lineStart, end: newline < 0 ? text.length : newline + 1, text: '' };
}
