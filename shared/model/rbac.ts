import type { ObjectRef } from '../base/object-ref.ts';
import type { KubeObject } from '../kube/types.ts';
import { dig, hasFields, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { byFullName, objectRef } from './problems.ts';
import { builtInRoles } from './rbac-built-in.ts';
import type { RbacRule, RbacRole, RbacSubject, RbacBinding, Rbac, RbacUser, RbacRequest, RbacDecision } from './rbac-types.ts';

/** Roles and bindings of the documents, with the roles and bindings that every API server makes for itself. */
export function buildRbac(objects: readonly KubeObject[]): Rbac {
  const sorted = objects.filter(({ apiVersion }) => apiVersion.startsWith('rbac.authorization.k8s.io/')).toSorted(byFullName);
  const own = {
    roles: sorted.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole').map((object): RbacRole => ({ ref: objectRef(object), rules: recordsOf(object.value['rules']).map(ruleOf), at: object.at })),
    bindings: sorted.filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding').map(bindingOf),
  };
  const stated = new Set([...own.roles, ...own.bindings].map(({ ref }) => `${ref.kind}/${ref.name}`));
  const implied = <T extends { readonly ref: ObjectRef }>(list: readonly T[]): readonly T[] => list.filter(({ ref }) => !stated.has(`${ref.kind}/${ref.name}`));
  return { roles: [...own.roles, ...implied(builtInRoles.roles)], bindings: [...own.bindings, ...implied(builtInRoles.bindings)] };
}

const ruleOf = (rule: Fields): RbacRule => ({ verbs: textsOf(rule['verbs']), groups: textsOf(rule['apiGroups']), resources: textsOf(rule['resources']), names: textsOf(rule['resourceNames']), urls: textsOf(rule['nonResourceURLs']) });

function bindingOf(object: KubeObject): RbacBinding {
  const kind = textOf(dig(object.value, 'roleRef', 'kind'));
  const name = textOf(dig(object.value, 'roleRef', 'name'));
  const subjects = recordsOf(object.value['subjects']).filter(hasFields).map((subject): RbacSubject => ({ kind: textOf(subject['kind']), namespace: textOf(subject['namespace']) || object.namespace, name: textOf(subject['name']) }));
  return { ref: objectRef(object), role: kind === 'Role' ? { kind, namespace: object.namespace, name } : { kind: 'ClusterRole', name }, subjects, at: object.at };
}

/** The user behind a ServiceAccount's token (serviceaccount.UserInfo). */
export const userOfServiceAccount = (namespace: string, name: string): RbacUser => ({ name: `system:serviceaccount:${namespace}:${name}`, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'] });
/** Who sends no token (`--anonymous-auth`, on by default). */
export const anonymous: RbacUser = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** A request as the API server understands it (apiserver RequestInfoFactory.NewRequestInfo). */
export function rbacRequest(method: string, target: string): RbacRequest {
  const [path = '/', query = ''] = target.split('?');
  const parts = path.split('/').filter((part) => part !== '');
  const upper = method.toUpperCase();
  const core = parts[0] === 'api' && parts.length >= 3;
  if (!core && !(parts[0] === 'apis' && parts.length >= 4)) return { kind: 'url', verb: upper.toLowerCase(), path: `/${parts.join('/')}${path.length > 1 && path.endsWith('/') ? '/' : ''}` };
  const group = core ? '' : parts[1]!;
  let rest = parts.slice(core ? 2 : 3);
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1]!;
    // below a namespace; `status` and `finalize` are the namespace's own
    if (rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') rest = rest.slice(2);
  }
  const [resource = '', name = '', sub] = rest;
  const watches = /(^|&)watch=(true|1)(&|$)/.test(query);
  const reading = name === '' ? (watches ? 'watch' : 'list') : 'get';
  const verb = verbs[upper] ?? (upper === 'DELETE' ? (name === '' ? 'deletecollection' : 'delete') : reading);
  return { kind: 'resource', verb, group, resource: sub === undefined ? resource : `${resource}/${sub}`, namespace, name };
}

const oneOf = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);

/** rbac `RuleAllows` (pkg/apis/rbac/v1/evaluation_helpers.go): `*` alone, `*`/sub for every resource's sub, and resourceNames only where a name is asked. */
function allows(rule: RbacRule, request: RbacRequest): boolean {
  if (!oneOf(rule.verbs, request.verb)) return false;
  if (request.kind === 'url') return rule.urls.some((url) => url === '*' || url === request.path || (url.endsWith('*') && request.path.startsWith(url.slice(0, -1))));
  const slash = request.resource.indexOf('/');
  const resource = oneOf(rule.resources, request.resource) || (slash > 0 && rule.resources.includes(`*${request.resource.slice(slash)}`));
  return resource && oneOf(rule.groups, request.group) && (rule.names.length === 0 || rule.names.includes(request.name));
}

const isSubject = (user: RbacUser, { kind, namespace, name }: RbacSubject): boolean =>
  (kind === 'User' && (name === user.name || name === '*')) || (kind === 'Group' && user.groups.includes(name)) || (kind === 'ServiceAccount' && user.name === `system:serviceaccount:${namespace}:${name}`);

/** Whether a request is allowed, and by which binding and role: ClusterRoleBindings first, then the RoleBindings of the request's namespace (rbac `VisitRulesFor`). Nothing forbids: what no rule allows is refused. */
export function authorize({ roles, bindings }: Rbac, user: RbacUser, request: RbacRequest): RbacDecision {
  const reach = bindings.filter(({ ref }) => ref.kind === 'ClusterRoleBinding' || (request.kind === 'resource' && request.namespace !== '' && ref.namespace === request.namespace));
  for (const binding of [...reach.filter(({ ref }) => ref.kind === 'ClusterRoleBinding'), ...reach.filter(({ ref }) => ref.kind !== 'ClusterRoleBinding')]) {
    if (!binding.subjects.some((subject) => isSubject(user, subject))) continue;
    const role = roles.find(({ ref }) => ref.kind === binding.role.kind && ref.name === binding.role.name && (ref.kind === 'ClusterRole' || ref.namespace === binding.role.namespace));
    if (role?.rules.some((rule) => allows(rule, request))) return { allowed: true, binding, role };
  }
  return { allowed: false };
}

/** A request in the words of the API server's refusal: `list resource "pods" in API group "" in the namespace "shop"`. */
export function printRbacRequest(request: RbacRequest): string {
  if (request.kind === 'url') return `${request.verb} path "${request.path}"`;
  const where = request.namespace === '' ? 'at the cluster scope' : `in the namespace "${request.namespace}"`;
  return `${request.verb} resource "${request.resource}" in API group "${request.group}" ${where}`;
}
