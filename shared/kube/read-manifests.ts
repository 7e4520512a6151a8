import type { Problem } from '../base/problem.ts';
import { describe, problemOf, startOf } from './check.ts';
import { MAX_OBJECTS } from './limits.ts';
import { readObject } from './read-object.ts';
import { createReport, type Report } from './report.ts';
import type { KubeObject, Manifests, SourceDocument } from './types.ts';
import { unfoldList, type ItemDefaults } from './unfold-list.ts';
import { readDocuments } from './yaml/read-documents.ts';
import type { YamlFault, YamlNode } from './yaml/node.ts';
import { openSource, spanOf, type SourceFile } from './yaml/source-file.ts';
import { fieldOf, textOf } from './yaml/tree.ts';

interface Reading { readonly report: Report; readonly objects: KubeObject[]; readonly seen: Map<string, KubeObject> }

/**
 * Reads manifests of every form kubectl takes (YAML, several documents, lists, JSON) into objects with positions, and says everything that
 * is wrong. Objects with an error are left out, all others stay; of two objects with one identity the first stays.
 */
export function readManifests(documents: readonly SourceDocument[]): Manifests {
  const reading: Reading = { report: createReport(), objects: [], seen: new Map() };
  for (const document of documents) readFile(openSource(document), reading);
  return { objects: reading.objects, ...reading.report.result() };
}

function readFile(file: SourceFile, reading: Reading): void {
  const { documents, faults } = readDocuments(file);
  for (const fault of faults) reading.report.add(fault.severity, () => problemOf(file, fault));
  let said = faults.length > 0;
  for (const { node, faults: own } of documents) {
    for (const fault of own) reading.report.add(fault.severity, () => problemOf(file, fault));
    if (own.length > 0) said = true;
    if (node !== null && readRoot(file, node, own, {}, reading, 0)) said = true;
  }
  if (!said) reading.report.add('info', () => atStart(file, 'info', 'no-objects', `No Kubernetes objects in ${file.name}`, ''));
}

const atStart = (file: SourceFile, severity: Problem['severity'], code: string, what: string, fix: string): Problem => ({ code, severity, what, fix, at: spanOf(file, 0, 0) });

/** Reads one object, or each of a list's; false where there was nothing at all. */
function readRoot(file: SourceFile, node: YamlNode, faults: readonly YamlFault[], defaults: ItemDefaults, reading: Reading, depth: number): boolean {
  const { report } = reading;
  // A template that renders to nothing may leave a null behind; kubectl passes over it (resource.StreamVisitor).
  if (node.kind === 'scalar' && node.value === null) return false;
  if (node.kind !== 'map') {
    const at = startOf(node);
    report.add('error', () => ({ code: 'not-an-object', severity: 'error', what: `expected a Kubernetes object; found ${describe(node)}`, fix: 'write apiVersion:, kind: and metadata:', at: spanOf(file, at.start, at.end) }));
    return true;
  }
  if (textOf(fieldOf(node, 'kind')) === 'Kustomization') {
    report.add('error', () => ({ code: 'kustomization', severity: 'error', what: 'a Kustomize file names manifests but is none', fix: 'run "kubectl kustomize . > out.yaml" and open that', at: spanOf(file, node.start, node.start) }));
    return true;
  }
  const list = depth < 10 ? unfoldList(node) : null;
  if (list !== null) {
    let said = false;
    for (const item of list.items) said = readRoot(file, item, faults, list.defaults, reading, depth + 1) || said;
    return said;
  }
  const { object, check } = readObject(file, node, defaults);
  for (const finding of check.found.toSorted((a, b) => a.start - b.start)) report.add(finding.severity, finding.make);
  if (object !== null && !faults.some((f) => f.severity === 'error' && f.start >= node.start && f.start < node.end)) keep(object, reading);
  return true;
}

function keep(object: KubeObject, reading: Reading): void {
  const { report, seen, objects } = reading;
  if (object.apiVersion.startsWith('podhop.dev/') && object.kind === 'Scenario') {
    report.add('info', () => ({ code: 'scenario-document', severity: 'info', what: `scenario ${object.name} is no manifest`, fix: 'run it with podhop check', at: object.at }));
    return;
  }
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0]! : '';
  const identity = JSON.stringify([group, object.kind, object.namespace, object.name]);
  const first = seen.get(identity);
  if (first === undefined) {
    if (objects.length >= MAX_OBJECTS) return report.add('error', () => ({ code: 'limit-objects', severity: 'error', what: `more than ${MAX_OBJECTS} objects`, fix: 'open fewer files', at: object.at }));
    seen.set(identity, object);
    objects.push(object);
    return;
  }
  const alike = JSON.stringify(first.value) === JSON.stringify(object.value);
  report.add(alike ? 'info' : 'error', () => duplicate(first, object, alike));
}

function duplicate(first: KubeObject, second: KubeObject, alike: boolean): Problem {
  const place = `${first.at.file}:${first.at.line}:${first.at.col}`;
  return {
    code: 'duplicate-object', severity: alike ? 'info' : 'error', what: `${second.kind} ${second.namespace ? `${second.namespace}/` : ''}${second.name} is given twice${alike ? ' and alike' : ''}, first at ${place}; the first is used`,
    fix: alike ? '' : 'remove or rename one of them', at: second.at, related: [{ what: 'first', at: first.at }],
  };
}
