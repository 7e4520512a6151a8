import { checkLabel, checkLabelValue, checkPathSegment, checkQualifiedName, type NameFault } from './names.ts';
import { describe, missing, refuse, refuseName, shorten, startOf, type Check } from './check.ts';
import type { KindRule } from './kinds/kind-rule.ts';
import type { MapNode, YamlNode } from './yaml/node.ts';
import { entryOf, fieldOf, textOf } from './yaml/tree.ts';

/** Annotations together may take 256 KiB (apimachinery `TotalAnnotationSizeLimitB`). */
const MAX_ANNOTATIONS = 256 * 1024;

/** Checks what every object's metadata must fulfil: a name by the kind's rule, labels, annotations, the namespace. */
export function checkMetadata(check: Check, root: MapNode, rule: KindRule | undefined): void {
  const metadata = entryOf(root, 'metadata')?.value;
  if (metadata !== undefined && metadata.kind !== 'map' && !(metadata.kind === 'scalar' && metadata.value === null)) {
    if (rule === undefined) refuse(check, 'wrong-type', metadata, `metadata must be a map; found ${describe(metadata)}`, 'write metadata: and below it name:');
    return;
  }
  if (rule?.scope === 'config') return;
  checkName(check, root, metadata, rule?.checkName ?? checkPathSegment);
  const namespace = fieldOf(metadata, 'namespace');
  refuseName(check, 'bad-namespace', namespace, (text) => (text === '' ? null : checkLabel(text)));
  if (namespace !== undefined && rule === undefined) wantText(check, namespace);
  checkLabels(check, fieldOf(metadata, 'labels'), rule === undefined);
  checkAnnotations(check, fieldOf(metadata, 'annotations'), rule === undefined);
}

function checkName(check: Check, root: MapNode, metadata: YamlNode | undefined, rule: (text: string) => NameFault | null): void {
  const name = fieldOf(metadata, 'name');
  const generate = textOf(fieldOf(metadata, 'generateName'));
  if (name === undefined || (textOf(name) === '' && generate)) {
    if (!generate) missing(check, metadata?.kind === 'map' ? metadata : root, metadata?.kind === 'map' ? 'name' : 'metadata.name', 'give the object a name');
    return;
  }
  wantText(check, name);
  refuseName(check, 'bad-name', name, rule);
}

// Kinds with a table have had their types checked already; saying it twice would help nobody.
function wantText(check: Check, node: YamlNode): void {
  if (textOf(node) !== undefined || check.found.some((f) => f.start === node.start)) return;
  const raw = check.file.text.slice(node.start, node.end);
  refuse(check, 'wrong-type', node, (path) => `${path} must be text; found ${describe(node)}`, node.kind === 'scalar' ? `quote it: "${raw}"` : 'write text');
}

/** Checks a map of labels: keys are qualified names, values label values. */
export function checkLabels(check: Check, labels: YamlNode | undefined, types = false): void {
  if (labels?.kind !== 'map') return;
  for (const entry of labels.entries) {
    const fault = checkQualifiedName(entry.key);
    if (fault) refuse(check, 'bad-label-key', entry.value, `label key ${shorten(entry.key)} breaks a rule: ${fault.rule}`, 'rename it', { start: entry.keyStart, end: entry.keyEnd });
    if (types && !(entry.value.kind === 'scalar' && entry.value.value === null)) wantText(check, entry.value);
    refuseName(check, 'bad-label-value', entry.value, checkLabelValue);
  }
}

function checkAnnotations(check: Check, annotations: YamlNode | undefined, types: boolean): void {
  if (annotations?.kind !== 'map') return;
  let total = 0;
  for (const entry of annotations.entries) {
    total += entry.key.length + (textOf(entry.value)?.length ?? 0);
    const fault = checkQualifiedName(entry.key.toLowerCase());
    if (fault) refuse(check, 'bad-annotation-key', entry.value, `annotation key ${shorten(entry.key)} breaks a rule: ${fault.rule}`, 'rename it', { start: entry.keyStart, end: entry.keyEnd });
    if (types && !(entry.value.kind === 'scalar' && entry.value.value === null)) wantText(check, entry.value);
  }
  if (total > MAX_ANNOTATIONS) refuse(check, 'annotations-too-long', annotations, `annotations of ${total} characters exceed ${MAX_ANNOTATIONS}`, 'shorten them', startOf(annotations));
}
