import type { Json } from '../base/json.ts';
import { ruleOf } from '../kube/kinds/index.ts';
import type { KubeObject, Manifests } from '../kube/types.ts';
import { dig, textOf, type Fields } from './json-fields.ts';

const clusterScoped = new Set(['Node', 'Namespace', 'KubeProxyConfiguration', 'ClusterConfiguration', 'Sandbox', 'IngressClass']);
const opaque = new Set(['ConfigMap', 'ServiceAccount', 'Widget']);

/** An object as the reader would give it; its position is a pseudo file named after it. For tests that build objects by hand. */
export function objectForTest(value: Fields): KubeObject {
  const kind = textOf(value['kind']);
  const name = textOf(dig(value, 'metadata', 'name'));
  const namespace = clusterScoped.has(kind) ? '' : textOf(dig(value, 'metadata', 'namespace')) || 'default';
  const at = { file: `${kind}/${name}`, line: 1, col: 1 };
  return { apiVersion: textOf(value['apiVersion']) || (ruleOf(kind)?.apiVersions[0] ?? ''), kind, namespace, name, value, simulated: !opaque.has(kind), at, placeOf: (path) => ({ ...at, file: `${at.file}:${path.join('.')}` }) };
}

/** Manifests of these objects, without problems. */
export const manifestsForTest = (...values: readonly Fields[]): Manifests => ({ objects: values.map(objectForTest), problems: [], problemsOmitted: 0 });

/** A short way to write an object down: `kind`, `name` (or `namespace/name`) and the rest. */
export function manifest(kind: string, fullName: string, rest: { readonly [key: string]: Json } = {}, metadata: { readonly [key: string]: Json } = {}): Fields {
  const [namespace, name] = fullName.includes('/') ? fullName.split('/') as [string, string] : ['', fullName];
  return { kind, metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata }, ...rest };
}
