import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { MAX_DEPTH, MAX_EXPANDED_NODES } from '../limits.ts';
import { checkMapKeys } from './check-map-keys.ts';
import { composeDocument } from './compose-document.ts';
import { depthFault } from './depth-fault.ts';
import { mergeEntries } from './merge-keys.ts';
import type { MapEntry, ScalarNode, YamlFault, YamlNode, YamlRead } from './node.ts';
import { notFinite } from './not-finite.ts';
import { resolveKey, resolvePlain } from './resolve-plain.ts';
import { syntaxFault } from './syntax-fault.ts';

interface Anchor { readonly node: YamlNode; readonly size: number }
interface Context {
  readonly text: string;
  readonly base: number;
  readonly faults: YamlFault[];
  readonly anchors: Map<string, Anchor | 'open'>;
  /** Nodes written, and nodes after every alias is written out. */
  written: number;
  expanded: number;
  fatal: boolean;
}

/** Parses one document with the YAML library; `text` is the file's, the offsets are `[start, end)` of the document in it. */
export function readYaml(text: string, start: number, end: number): YamlRead {
  const document = composeDocument(text.slice(start, end));
  if (document === null) return { node: null, faults: [depthFault(text, start, end)] };
  const error = document.errors[0];
  if (error) return { node: null, faults: [syntaxFault(text, start, end, document, error)] };
  const context: Context = { text, base: start, faults: [], anchors: new Map(), written: 0, expanded: 0, fatal: false };
  checkDirectives(document, context);
  const node = document.contents === null ? null : convert(document.contents, context, 1, start);
  return { node: context.fatal ? null : node, faults: context.faults };
}

function checkDirectives(document: Document.Parsed, context: Context): void {
  const warning = document.warnings.find((w) => w.code === 'BAD_DIRECTIVE');
  if (warning) fatal(context, 'yaml-directive', context.base + warning.pos[0], context.base + warning.pos[1], 'this directive is not one that kubectl reads', 'remove it; Kubernetes reads YAML 1.1');
  else if (document.directives.yaml.explicit && document.directives.yaml.version !== '1.1') {
    const at = context.text.indexOf('%YAML', context.base);
    fatal(context, 'yaml-directive', at, at + 9, `kubectl refuses %YAML ${document.directives.yaml.version}`, 'remove the line; Kubernetes reads YAML 1.1');
  }
}

function fatal(context: Context, code: string, start: number, end: number, what: string, fix: string): null {
  if (!context.fatal) context.faults.push({ code, severity: 'error', start, end, what, fix });
  context.fatal = true;
  return null;
}

const nothing = (at: number): ScalarNode => ({ kind: 'scalar', start: at, end: at, value: null, plain: true });

function convert(node: ParsedNode | null, context: Context, depth: number, at: number): YamlNode | null {
  if (context.fatal) return null;
  if (node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN' && !node.tag && !node.anchor)) {
    context.written++;
    context.expanded++;
    return nothing(at);
  }
  const start = context.base + node.range[0];
  if (depth > MAX_DEPTH) return fatal(context, 'limit-depth', start, start + 1, `nested deeper than ${MAX_DEPTH} levels (${depthOf(node) + depth - 1})`, 'flatten it; no Kubernetes object is nested that deep');
  if (isAlias(node)) return convertAlias(node.source, start, context);
  context.written++;
  const before = context.expanded++;
  if (node.anchor) context.anchors.set(node.anchor, 'open');
  const tag = checkTag(node, start, context);
  const converted = isScalar(node) ? convertScalar(node, tag, context) : isMap(node) ? convertMap(node, context, depth, start) : isSeq(node) ? convertList(node, context, depth, start) : null;
  if (node.anchor && converted) context.anchors.set(node.anchor, { node: converted, size: context.expanded - before });
  return converted;
}

function convertAlias(name: string, start: number, context: Context): YamlNode | null {
  const anchor = context.anchors.get(name);
  const end = start + name.length + 1;
  if (anchor === undefined) return fatal(context, 'alias-unknown', start, end, `alias *${name} has no anchor before it in this document`, `define &${name} first; aliases do not reach across ---`);
  if (anchor === 'open') return fatal(context, 'alias-loop', start, end, `anchor &${name} contains itself`, 'write the value out');
  context.written++;
  context.expanded += anchor.size + 1;
  const aliased = context.expanded - context.written;
  if (context.expanded > MAX_EXPANDED_NODES || (aliased > 100 && context.expanded > 1000 && aliased / context.expanded > allowedAliases(context.expanded)))
    return fatal(context, 'alias-bomb', start, end, `the aliases of this document unfold to more than ${context.expanded} nodes`, 'write the values out; kubectl refuses excessive aliasing');
  return anchor.node;
}

/** The share of nodes that go-yaml v2 lets aliases make up (decode.go `allowedAliasRatio`). */
const allowedAliases = (n: number): number => (n <= 400_000 ? 0.99 : n >= 4_000_000 ? 0.1 : 0.99 - (0.89 * (n - 400_000)) / 3_600_000);

const tags = new Map([['!', 'str'], ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'timestamp'].map((t) => [`tag:yaml.org,2002:${t}`, t] as const)]);

function checkTag(node: Node, start: number, context: Context): string {
  if (!node.tag) return '';
  const tag = tags.get(node.tag);
  if (tag !== undefined) return tag;
  const at = Math.max(context.base, context.text.lastIndexOf('!', start - 1) - (context.text[context.text.lastIndexOf('!', start - 1) - 1] === '!' ? 1 : 0));
  const shown = node.tag.replace('tag:yaml.org,2002:', '!!');
  context.faults.push({ code: 'yaml-tag', severity: 'error', start: at, end: at + shown.length, what: `tag ${shown} not allowed in Kubernetes YAML`, fix: 'remove it and write the plain value' });
  return 'str';
}

function convertScalar(node: Scalar.Parsed, tag: string, context: Context): ScalarNode {
  const source = node.source ?? '';
  const untagged = node.type === 'PLAIN' && tag === '';
  const typed = untagged || ['int', 'float', 'bool', 'null'].includes(tag);
  const value = typed ? resolvePlain(source) : source;
  const start = context.base + node.range[0];
  const end = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? blockEnd(context.text, start, context.base + node.range[1]) : context.base + node.range[1];
  const scalar: ScalarNode = { kind: 'scalar', start, end, value, plain: untagged };
  if (typeof value === 'number' && !Number.isFinite(value)) context.faults.push(notFinite(scalar, source));
  return scalar;
}

/** Behind the last line of a block scalar that holds something, its break included. */
function blockEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && ' \r\n'.includes(text[i - 1]!)) i--;
  const newline = text.indexOf('\n', i);
  return newline < 0 || newline >= end ? end : newline + 1;
}

function convertKey(pair: Pair<ParsedNode, ParsedNode | null>, context: Context): { key: string; start: number; end: number; merge: boolean } | null {
  const node = pair.key;
  const start = context.base + (node?.range[0] ?? 0);
  const end = context.base + (node?.range[1] ?? 0);
  const resolved = isAlias(node) ? convertAlias(node.source, start, context) : null;
  context.written++;
  context.expanded++;
  if (isScalar(node)) {
    const source = node.source ?? '';
    if (node.anchor) context.anchors.set(node.anchor, { node: convertScalar(node, '', context), size: 1 });
    const key = node.type === 'PLAIN' && !node.tag ? resolveKey(source) : source;
    if (key !== null) return { key, start, end, merge: node.type === 'PLAIN' && source === '<<' };
    context.faults.push({ code: 'yaml-key', severity: 'error', start, end: Math.max(end, start + 1), what: 'a key may not be empty or null', fix: `write a name before the colon${source ? `, or quote it: "${source}"` : ''}` });
    return null;
  }
  if (resolved?.kind === 'scalar' && resolved.value !== null) return { key: String(resolved.value), start, end, merge: false };
  context.faults.push({ code: 'yaml-key', severity: 'error', start, end, what: 'a key must be plain text', fix: 'Kubernetes objects have no lists or maps as keys' });
  return null;
}

/** Just behind the colon of a key that ends at `end`; the key's end in a flow map's `{ a }`. */
function afterColon(text: string, end: number): number {
  let i = end;
  while (text[i] === ' ') i++;
  return text[i] === ':' ? i + 1 : end;
}

function convertMap(node: YAMLMap.Parsed, context: Context, depth: number, start: number): YamlNode | null {
  const own: MapEntry[] = [];
  const merges: { readonly index: number; readonly value: YamlNode }[] = [];
  let end = start;
  for (const pair of node.items) {
    const key = convertKey(pair, context);
    const value = convert(pair.value, context, depth + 1, key ? afterColon(context.text, key.end) : start);
    if (value === null) return null;
    end = endOf(value, key?.end ?? context.base + (pair.key?.range[1] ?? 0), end);
    if (key?.merge) merges.push({ index: own.length, value });
    else if (key) own.push({ key: key.key, keyStart: key.start, keyEnd: key.end, value });
  }
  checkMapKeys(own, context.faults);
  const entries = merges.length === 0 ? own : mergeEntries(own, merges, context.faults);
  const flow = node.flow === true;
  return { kind: 'map', start, end: flow ? context.base + node.range[1] : end, flow, entries };
}

function convertList(node: YAMLSeq.Parsed, context: Context, depth: number, start: number): YamlNode | null {
  const items: YamlNode[] = [];
  for (const item of node.items) {
    const value = convert(item as ParsedNode | null, context, depth + 1, items.at(-1)?.end ?? start);
    if (value === null) return null;
    items.push(value);
  }
  const flow = node.flow === true;
  return { kind: 'list', start, end: flow ? context.base + node.range[1] : endOf(items.at(-1), 0, start), flow, items };
}

// An aliased last value ends elsewhere in the text; its key then ends the map.
const endOf = (last: YamlNode | undefined, keyEnd: number, start: number): number => Math.max(start, keyEnd, last && last.start >= start ? last.end : 0);

function depthOf(root: ParsedNode): number {
  let level: (ParsedNode | null)[] = [root];
  for (let depth = 0; ; depth++) {
    const next: (ParsedNode | null)[] = [];
    for (const node of level) {
      if (isMap(node)) for (const pair of node.items) next.push(pair.value as ParsedNode | null);
      else if (isSeq(node)) for (const item of node.items) next.push(item as ParsedNode | null);
    }
    if (next.length === 0) return depth + 1;
    level = next;
  }
}
