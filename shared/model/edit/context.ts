import type { Json } from '../../base/json.ts';
import { printRef, type ObjectRef } from '../../base/object-ref.ts';
import type { Problem } from '../../base/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { isClusterScoped, ruleOf } from '../../kube/kinds/index.ts';
import type { FieldPath, KubeObject } from '../../kube/types.ts';
import { dig } from '../json-fields.ts';
import { objectRef } from '../problems.ts';
import type { Cluster, Node, Pod, Service } from '../types.ts';
import type { EditPlan, Named, TextChange } from './types.ts';

/** What an edit is planned on: a revision's cluster, and the objects of its documents. */
export interface EditContext { readonly cluster: Cluster; readonly objects: readonly KubeObject[]; readonly files: readonly string[] }
export type Planned = Result<EditPlan, Problem>;

/** A refusal in one clause, with what to do about it. */
export const refuse = (code: string, what: string, fix = ''): { readonly ok: false; readonly error: Problem } => err({ code, severity: 'error', what, fix, at: null });
/** Changes under a name. An edit without any changes nothing, which is refused. */
export function changes(title: string, list: readonly TextChange[], more: Partial<Omit<Extract<EditPlan, { kind: 'changes' }>, 'kind' | 'title' | 'changes'>> = {}): Planned {
  return list.length === 0 ? refuse('nothing-to-do', `${title}: it is so already`) : ok({ kind: 'changes', title, changes: list, ...more });
}

const clusterScoped = (kind: string): boolean => {
  const rule = ruleOf(kind);
  return rule ? rule.scope !== 'namespaced' : isClusterScoped(kind);
};

/** The object of the documents that a reference names, by its kind in any case; null where none is written. */
export function objectOf(context: EditContext, ref: ObjectRef): KubeObject | null {
  const kind = ref.kind.toLowerCase();
  return context.objects.find((object) => object.kind.toLowerCase() === kind && object.name === ref.name && (clusterScoped(object.kind) || object.namespace === (ref.namespace ?? 'default'))) ?? null;
}

export const podOf = (context: EditContext, { namespace, name }: Named): Result<Pod, Problem> => {
  const pod = context.cluster.pods.find((one) => one.namespace === namespace && one.name === name);
  return pod ? ok(pod) : refuse('no-such-object', `there is no pod ${namespace}/${name}`);
};
export const nodeOf = (context: EditContext, name: string): Result<Node, Problem> => {
  const node = context.cluster.nodes.find((one) => one.name === name);
  return node ? ok(node) : refuse('no-such-node', `there is no node ${name}`, `the nodes are ${context.cluster.nodes.slice(0, 10).map((one) => one.name).join(', ')}`);
};
export const serviceOf = (context: EditContext, { namespace, name }: Named): Result<{ readonly service: Service; readonly object: KubeObject }, Problem> => {
  const service = context.cluster.services.find((one) => one.namespace === namespace && one.name === name);
  const object = objectOf(context, { kind: 'Service', namespace, name });
  if (!service || !object) return refuse(service ? 'implied-object' : 'no-such-object', service ? `Service ${namespace}/${name} stands in no manifest` : `there is no Service ${namespace}/${name}`);
  return ok({ service, object });
};

const edited = (object: KubeObject): { readonly ref: ObjectRef; readonly at: KubeObject['at'] } => ({ ref: objectRef(object), at: object.at });
const same = (a: Json | undefined, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
const valueAt = (object: KubeObject, path: FieldPath): Json | undefined =>
  path.reduce<Json | undefined>((at, step) => (typeof step === 'number' ? (Array.isArray(at) ? (at as readonly Json[])[step] : undefined) : dig(at, step)), object.value);

/** Gives a field a value; nothing where it has it. */
export const set = (object: KubeObject, path: FieldPath, value: Json): readonly TextChange[] =>
  same(valueAt(object, path), value) ? [] : [{ kind: 'set', object: edited(object), path, value }];
/** Takes a field away; nothing where there is none. */
export const remove = (object: KubeObject, path: FieldPath): readonly TextChange[] =>
  valueAt(object, path) === undefined ? [] : [{ kind: 'remove', object: edited(object), path }];
/** Gives a field a value, or takes it away for null; undefined leaves it. */
export const setOrRemove = (object: KubeObject, path: FieldPath, value: Json | undefined): readonly TextChange[] =>
  value === undefined ? [] : value === null ? remove(object, path) : set(object, path, value);
export const deletion = (object: KubeObject): TextChange => ({ kind: 'delete', object: edited(object) });
/** An object's address in a sentence: `Deployment shop/api`. */
export const named = (ref: ObjectRef): string => `${ref.kind} ${ref.namespace === undefined || ref.namespace === 'default' ? ref.name : `${ref.namespace}/${ref.name}`}`;
/** How an object that is not there, or only implied, is refused. */
export const missing = (context: EditContext, ref: ObjectRef): { readonly ok: false; readonly error: Problem } =>
  refuse('no-such-object', `${printRef(ref)} stands in no manifest`, context.files.length === 0 ? 'open some manifests' : '');

/** A name that nobody of this kind in this namespace has: the base, else `BASE-2`, `BASE-3`, …. */
export function freeName(taken: (name: string) => boolean, base: string): string {
  if (!taken(base)) return base;
  for (let n = 2; ; n++) if (!taken(`${base}-${n}`)) return `${base}-${n}`;
}
