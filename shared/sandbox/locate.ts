import type { ObjectRef } from '../base/object-ref.ts';
import type { SourceSpan } from '../base/problem.ts';
import type { FieldPath, KubeObject } from '../kube/types.ts';

type Index = ReadonlyMap<string, KubeObject>;
const indexes = new WeakMap<readonly KubeObject[], Index>();

const keyOf = (kind: string, namespace: string | undefined, name: string): string => `${kind.toLowerCase()}/${namespace ?? ''}/${name}`;

function indexOf(objects: readonly KubeObject[]): Index {
  let index = indexes.get(objects);
  if (!index) indexes.set(objects, (index = new Map(objects.map((o): [string, KubeObject] => [keyOf(o.kind, o.namespace, o.name), o]))));
  return index;
}

/** `spec.ports[0].name` as a path. */
export function parseFieldPath(field: string): FieldPath {
  const path: (string | number)[] = [];
  for (const [, key, index] of field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) path.push(key ?? Number(index));
  return path;
}

/** The object that a reference names, or null where it was made up or came from no document. */
export const findObject = (objects: readonly KubeObject[], ref: ObjectRef): KubeObject | null =>
  indexOf(objects).get(keyOf(ref.kind, ref.namespace, ref.name)) ?? null;

/** Where an object, or one field of it, stands in the text; the field's nearest ancestor where the text has no such field. */
export function locate(objects: readonly KubeObject[], ref: ObjectRef, field?: string): SourceSpan | null {
  const object = findObject(objects, ref);
  if (!object) return null;
  return field === undefined ? object.at : object.placeOf(parseFieldPath(field));
}
