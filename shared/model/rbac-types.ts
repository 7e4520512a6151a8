import type { ObjectRef } from '../base/object-ref.ts';
import type { SourceSpan } from '../base/problem.ts';

/** One rule of a Role (rbac/v1 PolicyRule); an empty list matches nothing. */
export interface RbacRule { readonly verbs: readonly string[]; readonly groups: readonly string[]; readonly resources: readonly string[]; readonly names: readonly string[]; readonly urls: readonly string[] }
export interface RbacRole { readonly ref: ObjectRef; readonly rules: readonly RbacRule[]; readonly at: SourceSpan | null }
export interface RbacSubject { readonly kind: string; readonly namespace: string; readonly name: string }
export interface RbacBinding { readonly ref: ObjectRef; /** `Role` of the binding's own namespace, or `ClusterRole`. */ readonly role: ObjectRef; readonly subjects: readonly RbacSubject[]; readonly at: SourceSpan | null }
export interface Rbac { readonly roles: readonly RbacRole[]; readonly bindings: readonly RbacBinding[] }

/** Who asks the API server. */
export interface RbacUser { readonly name: string; readonly groups: readonly string[] }
/** What is asked of it: a resource (with its verb), or a path that is none. */
export type RbacRequest =
  | { readonly kind: 'resource'; readonly verb: string; readonly group: string; readonly resource: string; readonly namespace: string; readonly name: string }
  | { readonly kind: 'url'; readonly verb: string; readonly path: string };
/** The verdict and who gave it. */
export type RbacDecision = { readonly allowed: true; readonly binding: RbacBinding; readonly role: RbacRole } | { readonly allowed: false };
