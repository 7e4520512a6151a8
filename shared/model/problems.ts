import type { ObjectRef } from '../base/object-ref.ts';
import type { Problem, Severity } from '../base/problem.ts';
import type { FieldPath, KubeObject } from '../kube/types.ts';

/** A problem at one field of an object. */
export function problemAt(object: KubeObject, path: FieldPath, severity: Severity, code: string, what: string, fix: string, related?: Problem['related']): Problem {
  return { code, severity, what, fix, at: object.placeOf(path), ...(related ? { related } : {}) };
}

/** `namespace/name`, the way people name an object in a sentence. */
export const fullName = (object: { readonly namespace: string; readonly name: string }): string => `${object.namespace}/${object.name}`;
export const objectRef = (object: KubeObject): ObjectRef => ({ kind: object.kind, ...(object.namespace === '' ? {} : { namespace: object.namespace }), name: object.name });

/** Order by namespace, then name, by code units: independent of locale and of the documents' order. */
export function byFullName(a: { readonly namespace: string; readonly name: string }, b: { readonly namespace: string; readonly name: string }): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1);
