import { podSuffix } from '../base/stable-id.ts';
import type { Json } from '../base/json.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkShape } from './check-shape.ts';
import { createCheck, describe, missing, refuse, startOf, type Check } from './check.ts';
import { isClusterScoped, isOwnGroup, isRemoved, ruleOf } from './kinds/index.ts';
import type { KindRule } from './kinds/kind-rule.ts';
import { MAX_OBJECT } from './limits.ts';
import type { KubeObject } from './types.ts';
import type { ItemDefaults } from './unfold-list.ts';
import type { MapNode, YamlNode } from './yaml/node.ts';
import { spanOf, type SourceFile } from './yaml/source-file.ts';
import { fieldOf, nodeAt, textOf, toJson } from './yaml/tree.ts';

/** Reads one object: itself if it is usable, and what there is to say about it. */
export function readObject(file: SourceFile, root: MapNode, defaults: ItemDefaults): { readonly object: KubeObject | null; readonly check: Check } {
  const check = createCheck(file, root);
  const identity = identify(check, root, defaults);
  if (identity === null) return { object: null, check };
  const { apiVersion, kind, rule } = identity;
  if (root.end - root.start > MAX_OBJECT) refuse(check, 'limit-object', root, `an object of ${root.end - root.start} characters is larger than ${MAX_OBJECT}`, 'the API server takes no object above 3 MiB', startOf(root));
  if (rule) checkShape(check, root, { kind: 'struct', name: rule.struct });
  checkMetadata(check, root, rule);
  rule?.check?.(check, root);
  if (check.found.some((f) => f.severity === 'error' && !f.usable)) return { object: null, check };
  return { object: buildObject(check, root, apiVersion, kind, rule), check };
}

function identify(check: Check, root: MapNode, defaults: ItemDefaults): { apiVersion: string; kind: string; rule: KindRule | undefined } | null {
  const apiVersionNode = fieldOf(root, 'apiVersion');
  const kindNode = fieldOf(root, 'kind');
  for (const [field, node] of [['apiVersion', apiVersionNode], ['kind', kindNode]] as const)
    if (node === undefined && defaults[field] === undefined) missing(check, root, field, field === 'kind' ? 'say what it is, such as kind: Service' : 'say which API it belongs to, such as apiVersion: v1');
    else if (node !== undefined && !textOf(node)) refuse(check, 'wrong-type', node, `${field} must be text; found ${describe(node)}`, 'write it as text', startOf(node));
  const apiVersion = apiVersionNode === undefined ? defaults.apiVersion : textOf(apiVersionNode);
  const kind = kindNode === undefined ? defaults.kind : textOf(kindNode);
  if (!apiVersion || !kind) return null;
  const rule = ruleOf(kind);
  if (rule === undefined || rule.apiVersions.includes(apiVersion)) return { apiVersion, kind, rule };
  if (!isOwnGroup(apiVersion)) return { apiVersion, kind, rule: undefined };
  const gone = isRemoved(apiVersion);
  refuse(check, gone ? 'removed-api' : 'wrong-api-version', apiVersionNode ?? root, gone ? `${apiVersion} ${kind} was removed from Kubernetes` : `there is no ${kind} in ${apiVersion}`, `write apiVersion: ${rule.apiVersions[0]}${gone ? ' and adapt its fields' : ''}`);
  return null;
}

function buildObject(check: Check, root: MapNode, apiVersion: string, kind: string, rule: KindRule | undefined): KubeObject {
  const { file } = check;
  const value = toJson(root) as Record<string, Json>;
  for (const field of rule?.redact ?? []) if (value[field] !== undefined) value[field] = withoutValues(value[field]);
  const metadata = fieldOf(root, 'metadata');
  const written = textOf(fieldOf(metadata, 'name'));
  const generate = textOf(fieldOf(metadata, 'generateName'));
  const name = written || (generate ? generate + podSuffix(JSON.stringify(value), 0) : '');
  if (!written && generate) check.add('info', 'generated-name', fieldOf(metadata, 'generateName')!, `generateName: here it becomes "${name}"`, 'kubectl apply needs a fixed name; kubectl create takes this');
  const namespaced = rule ? rule.scope === 'namespaced' : !isClusterScoped(kind);
  return {
    apiVersion, kind, name, value, simulated: rule?.simulated ?? false,
    namespace: namespaced ? textOf(fieldOf(metadata, 'namespace')) || 'default' : '',
    at: spanOf(file, root.start, root.end),
    placeOf: (path) => placeOf(file, nodeAt(root, path)),
  };
}

const placeOf = (file: SourceFile, node: YamlNode): KubeObject['at'] => spanOf(file, node.start, node.end);

function withoutValues(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const out = Object.create(null) as Record<string, Json>;
  for (const key of Object.keys(value)) out[key] = '';
  return out;
}
