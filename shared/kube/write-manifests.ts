import type { Json } from '../base/json.ts';
import { printRef } from '../base/object-ref.ts';
import type { Problem, SourceSpan } from '../base/problem.ts';
import { err, ok, type Result } from '../base/result.ts';
import { isClusterScoped, ruleOf } from './kinds/index.ts';
import type { FieldPath, SourceDocument } from './types.ts';
import { unfoldList } from './unfold-list.ts';
import { applyEdit, editFor, removalFor, type TextEdit } from './write/edit-text.ts';
import { parseFieldPath } from './write/field-path.ts';
import { isObject, renderBlock } from './write/render.ts';
import type { MapNode, YamlNode } from './yaml/node.ts';
import { readDocuments } from './yaml/read-documents.ts';
import { openSource, placeAt, spanOf, type SourceFile } from './yaml/source-file.ts';
import { fieldOf, nodeAt, textOf, toJson } from './yaml/tree.ts';

/** Which object an edit is for; `namespace` '' for cluster-scoped ones. */
export interface EditTarget { readonly kind: string; readonly namespace: string; readonly name: string }

/** Gives a field of the object that begins at `objectAt` a value; every other byte stays. Fails where the path cannot be. */
export const setField = (text: string, objectAt: SourceSpan, path: FieldPath, value: Json): Result<string, Problem> =>
  editAt(text, objectAt, path, (file, root) => editFor(file.text, root, path, value), value);

/** Takes a field of the object that begins at `objectAt` away; every other byte stays. Fails where there is none. */
export const removeField = (text: string, objectAt: SourceSpan, path: FieldPath): Result<string, Problem> =>
  editAt(text, objectAt, path, (file, root) => removalFor(file.text, root, path), undefined);

/** Appends an object as a YAML document of its own. */
export function addDocument(text: string, object: { readonly [key: string]: Json }): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const before = text.trim() === '' ? text : `${text}${text.endsWith('\n') ? '' : newline}---${newline}`;
  return `${before}${renderBlock(object).join(newline)}${newline}`;
}

/**
 * Sets fields of one object by dotted paths (`spec.ports[0].port`); null removes the field. Returns all documents, the one that holds the
 * object edited with its comments kept; fails if no document holds it or a path cannot be.
 */
export function applyPatch(documents: readonly SourceDocument[], target: EditTarget, set: Readonly<Record<string, Json>>): Result<SourceDocument[], Problem> {
  const index = documents.findIndex((document) => findObject(openSource(document), isTarget(target)) !== undefined);
  if (index < 0) return err(problem('no-such-object', `${printRef(target)} is in none of the documents`, 'check kind, namespace and name', null));
  let { text } = documents[index]!;
  const { name } = documents[index]!;
  for (const [dotted, value] of Object.entries(set)) {
    const path = parseFieldPath(dotted);
    const file = openSource({ name, text });
    const root = findObject(file, isTarget(target));
    if (path === null || root === undefined) return err(problem('bad-path', `"${dotted}" is no path of ${printRef(target)}`, 'write it like spec.ports[0].port', root ? spanOf(file, root.start, root.start) : null));
    const at = spanOf(file, root.start, root.end);
    const edited = value === null ? removeField(text, at, path) : setField(text, at, path, value);
    if (!edited.ok) return edited;
    text = edited.value;
  }
  return ok(documents.map((document, i) => (i === index ? { name, text } : document)));
}

const problem = (code: string, what: string, fix: string, at: SourceSpan | null): Problem => ({ code, severity: 'error', what, fix, at });

const isTarget = (target: EditTarget) => (root: MapNode): boolean => {
  const kind = textOf(fieldOf(root, 'kind')) ?? '';
  const metadata = fieldOf(root, 'metadata');
  const rule = ruleOf(kind);
  const namespaced = rule ? rule.scope === 'namespaced' : !isClusterScoped(kind);
  return kind === target.kind && (textOf(fieldOf(metadata, 'name')) ?? '') === target.name && (!namespaced || (textOf(fieldOf(metadata, 'namespace')) || 'default') === (target.namespace || 'default'));
};

function findObject(file: SourceFile, wanted: (root: MapNode) => boolean): MapNode | undefined {
  const search = (node: YamlNode | null): MapNode | undefined => {
    if (node?.kind !== 'map') return undefined;
    const list = unfoldList(node);
    if (list === null) return wanted(node) ? node : undefined;
    for (const item of list.items) {
      const found = search(item);
      if (found) return found;
    }
    return undefined;
  };
  for (const document of readDocuments(file).documents) {
    const found = search(document.node);
    if (found) return found;
  }
  return undefined;
}

function editAt(text: string, objectAt: SourceSpan, path: FieldPath, edit: (file: SourceFile, root: MapNode) => TextEdit | null, value: Json | undefined): Result<string, Problem> {
  // A lone CR is one character like the LF it is read as, so offsets hold in the text as given.
  const file = openSource({ name: objectAt.file, text });
  const starts = (root: MapNode): boolean => {
    const { line, col } = placeAt(file, root.start);
    return line === objectAt.line && col === objectAt.col;
  };
  const root = findObject(file, starts);
  const shown = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('').replace(/^\./, '');
  if (root === undefined) return err(problem('no-such-object', 'no object begins here', 'read the file again', objectAt));
  const change = edit(file, root);
  const at = spanOf(file, nodeAt(root, path).start, nodeAt(root, path).end);
  if (change === null) return err(problem('bad-path', `there is no place for ${shown}`, 'check the path', at));
  const edited = applyEdit(text, change);
  const after = findObject(openSource({ name: file.name, text: edited }), starts);
  // The text must say exactly what was asked; what an unusual layout would turn into something else is refused instead.
  if (after === undefined || !sameJson(toJson(after), expected(toJson(root), path, value))) return err(problem('cannot-edit', `${shown} cannot be changed in place here`, 'edit the text by hand', at));
  return ok(edited);
}

function expected(json: Json, path: FieldPath, value: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(json)) {
    const list = json as readonly Json[];
    const item = expected(list[Number(step)] ?? null, rest, value);
    return item === undefined ? list.filter((_, i) => i !== Number(step)) : [...list.slice(0, Number(step)), item, ...list.slice(Number(step) + 1)];
  }
  if (typeof step === 'number' && json === null) return [expected(null, rest, value) ?? null];
  const source = isObject(json) ? json : {};
  const inner = expected(source[step] ?? null, rest, value);
  const out: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const key of Object.keys(source)) if (key !== String(step)) out[key] = source[key]!;
  if (inner !== undefined) out[step] = inner;
  return out;
}

function sameJson(a: Json, b: Json | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as { readonly [key: string]: Json }, b as { readonly [key: string]: Json }];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => key in y && sameJson(x[key]!, y[key]));
}
