import type { Problem, Severity } from '../base/problem.ts';
import type { NameFault } from './names.ts';
import type { MapNode, ScalarNode, YamlFault, YamlNode } from './yaml/node.ts';
import { placeAt, spanOf, type SourceFile } from './yaml/source-file.ts';
import { pathTo } from './yaml/tree.ts';

/** A stretch of the file that a problem points at. */
export interface Stretch { readonly start: number; readonly end: number }
type Sentence = string | ((path: string) => string);

/** One object under inspection: what the checks say about it is collected here. */
export interface Check {
  readonly file: SourceFile;
  readonly root: MapNode;
  /** `what` may take the path of `node`, such as `spec.ports[0].port`. */
  readonly add: (severity: Severity, code: string, node: YamlNode, what: Sentence, fix: string, at?: Stretch, related?: Related, usable?: boolean) => void;
  readonly found: Finding[];
}
type Related = readonly { readonly what: string; readonly at: Stretch }[];
/** `usable`: an error of the API server's that changes nothing for a packet, so that the object is used all the same. */
export interface Finding { readonly severity: Severity; readonly start: number; readonly usable: boolean; readonly make: () => Problem }

/** Opens an inspection of one object. */
export function createCheck(file: SourceFile, root: MapNode): Check {
  const found: Finding[] = [];
  return {
    file, root, found,
    add: (severity, code, node, what, fix, at = node, related = [], usable = false) => {
      const make = (): Problem => ({
        code, severity, what: typeof what === 'string' ? what : what(pathTo(root, node)), fix, at: spanOf(file, at.start, at.end),
        ...(related.length === 0 ? {} : { related: related.map((r) => ({ what: r.what, at: spanOf(file, r.at.start, r.at.end) })) }),
      });
      found.push({ severity, start: at.start, usable, make });
    },
  };
}

/** An error of the API server's. */
export const refuse = (check: Check, code: string, node: YamlNode, what: Sentence, fix: string, at?: Stretch): void => check.add('error', code, node, what, fix, at);
/** Accepted, but hardly meant. */
export const warn = (check: Check, code: string, node: YamlNode, what: Sentence, fix: string, at?: Stretch): void => check.add('warning', code, node, what, fix, at);

/** A field that must be there; points at the map that lacks it. `usable`: no packet would miss it. */
export const missing = (check: Check, node: YamlNode, field: string, fix: string, usable = false): void =>
  check.add('error', 'missing-field', node, (path) => `${path === '' ? field : `${path}.${field}`} is missing`, fix, startOf(node), [], usable);

/** The first character of a node: what a problem about the whole of it points at. */
export const startOf = (node: YamlNode): Stretch => (node.kind === 'map' && !node.flow && node.entries[0] && node.entries[0].keyStart === node.start ? { start: node.start, end: node.entries[0].keyEnd } : { start: node.start, end: Math.min(node.start + 1, Math.max(node.end, node.start)) });

/** The stretch of a scalar from its value's character at `index` on, where the text shows it one to one. */
export function stretchFrom(file: SourceFile, node: ScalarNode, index: number): Stretch {
  const raw = file.text.slice(node.start, node.end);
  const quoted = raw.startsWith('"') || raw.startsWith("'") ? 1 : 0;
  const shown = raw.slice(quoted, raw.length - quoted) === node.value;
  return shown ? { start: Math.min(node.start + quoted + index, node.end), end: node.end } : node;
}

/** Refuses a name that breaks its rule, at the first offending character. */
export function refuseName(check: Check, code: string, node: YamlNode | undefined, fault: (text: string) => NameFault | null): void {
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') return;
  const broken = fault(node.value);
  if (broken === null) return;
  check.add('error', code, node, (path) => `${path} ${shorten(node.value as string)} breaks a rule: ${broken.rule}`, nameFix(node.value, fault), stretchFrom(check.file, node, broken.at));
}

function nameFix(text: string, fault: (text: string) => NameFault | null): string {
  const better = text.toLowerCase().replaceAll('_', '-').trim();
  return better !== text && fault(better) === null ? `did you mean "${better}"?` : 'rename it';
}

/** A string in quotes for a message, cut at 60 characters. */
export const shorten = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;

/** What a node is, in the words of a message: `text "80"`, `number 80`, `a list`. */
export function describe(node: YamlNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return isBigNumber(node) ? `number ${node.value}` : `text ${shorten(node.value)}`;
  return typeof node.value === 'number' ? `number ${node.value}` : String(node.value);
}

/** A whole number that no JavaScript number holds exactly; resolvePlain keeps its digits. */
export const isBigNumber = (node: ScalarNode): boolean => node.plain && typeof node.value === 'string' && /^-?\d{16,}$/.test(node.value);

/** A reading fault as a problem of its file. */
export function problemOf(file: SourceFile, fault: YamlFault): Problem {
  const { code, severity, fix, related } = fault;
  const first = related && placeAt(file, related.start);
  return {
    code, severity, fix, at: spanOf(file, fault.start, fault.end),
    what: first ? `${fault.what}, ${related.what} at ${first.line}:${first.col}` : fault.what,
    ...(related ? { related: [{ what: related.what, at: spanOf(file, related.start, related.end) }] } : {}),
  };
}
