import { ruleOf } from './kinds/index.ts';
import { fieldsOf } from './shapes/index.ts';
import type { FieldType } from './shapes/shape.ts';

/** What the place of a cursor asks for: the name of a field, or the value of one. */
export type Place =
  | { readonly ask: 'field'; readonly from: number; readonly struct: string; readonly present: ReadonlySet<string> }
  | { readonly ask: 'value'; readonly from: number; readonly struct: string; readonly field: string; readonly type: FieldType; /** The object's kind, as far as it is written. */ readonly kind: string | undefined };

interface Line { readonly indent: number; readonly key: string | null }

const keyLine = /^(\s*(?:- +)*)([A-Za-z0-9_./-]+):(?:\s|$)/;

function readLine(text: string): Line | null {
  if (/^\s*(#.*)?$/.test(text)) return null;
  const match = keyLine.exec(text);
  return match === null ? { indent: /^\s*(?:- +)*/.exec(text)![0].length, key: null } : { indent: match[1]!.length, key: match[2]! };
}

/** The lines of the YAML document that the cursor stands in, and the cursor's line among them (0-based). */
function documentAt(text: string, line: number): { readonly lines: readonly string[]; readonly at: number } {
  const all = text.split(/\r?\n/);
  const starts = (one: string | undefined): boolean => one !== undefined && /^---(\s|$)/.test(one);
  const from = all.findLastIndex((one, i) => i < line - 1 && starts(one)) + 1;
  const next = all.findIndex((one, i) => i >= line && starts(one));
  return { lines: all.slice(from, next < 0 ? all.length : next), at: line - 1 - from };
}

/** The names of the fields that enclose a column, outermost first: every earlier line that stands further left. */
function enclosing(lines: readonly string[], at: number, indent: number): readonly string[] {
  const path: string[] = [];
  let left = indent;
  for (let i = at - 1; i >= 0 && left > 0; i--) {
    const line = readLine(lines[i]!);
    if (line === null || line.key === null || line.indent >= left) continue;
    path.unshift(line.key);
    left = line.indent;
  }
  return path;
}

/** The fields that stand beside a line, in the same map. */
function beside(lines: readonly string[], at: number, indent: number): ReadonlySet<string> {
  const present = new Set<string>();
  const look = (by: 1 | -1): void => {
    for (let i = at + by; i >= 0 && i < lines.length; i += by) {
      const line = readLine(lines[i]!);
      if (line === null) continue;
      // a dash begins another item of the list
      const begins = line.indent === indent && /^\s*- /.test(lines[i]!);
      if (line.indent < indent || (begins && by === 1)) return;
      if (line.indent === indent && line.key !== null) present.add(line.key);
      if (begins) return;
    }
  };
  if (!/^\s*- /.test(lines[at] ?? '')) look(-1);
  look(1);
  return present;
}

const inner = (type: FieldType | undefined): FieldType | undefined => (type?.kind === 'list' ? inner(type.of) : type);

/** The struct that a path leads to from the root's; null where the path leaves what is known. */
function structAt(root: string, path: readonly string[]): string | null {
  let type: FieldType | undefined = { kind: 'struct', name: root };
  for (const key of path) {
    if (type?.kind === 'struct') type = inner(fieldsOf(type.name).get(key));
    else if (type?.kind === 'map') type = inner(type.of);
    else return null;
  }
  return type?.kind === 'struct' ? type.name : null;
}

/** What may stand at a line and column (1-based) of a text that may be half written; null where that is not known. */
export function placeAt(text: string, line: number, col: number): Place | null {
  const { lines, at } = documentAt(text, line);
  const kind = lines.map((one) => /^kind:\s*([A-Za-z]+)/.exec(one)?.[1]).find((one) => one !== undefined);
  const root = (kind === undefined ? undefined : ruleOf(kind))?.struct ?? 'Namespace';
  const typed = [...(lines[at] ?? '')].slice(0, col - 1).join('');
  const value = /^(\s*(?:- +)*)([A-Za-z0-9_./-]+):\s+(\S*)$/.exec(typed);
  if (value !== null) {
    const struct = structAt(root, enclosing(lines, at, value[1]!.length));
    const type = struct === null ? undefined : fieldsOf(struct).get(value[2]!);
    return struct === null || type === undefined ? null : { ask: 'value', from: [...typed].length - [...value[3]!].length + 1, struct, field: value[2]!, type, kind };
  }
  const field = /^(\s*(?:- +)*)([A-Za-z]*)$/.exec(typed);
  if (field === null) return null;
  const struct = structAt(root, enclosing(lines, at, field[1]!.length));
  if (struct === null) return null;
  return { ask: 'field', from: [...field[1]!].length + 1, struct, present: beside(lines, at, field[1]!.length) };
}
