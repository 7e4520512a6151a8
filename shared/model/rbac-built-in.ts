import type { Rbac, RbacRule } from './rbac-types.ts';

// plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go: what the lab's questions touch of it.
const core = ['configmaps', 'endpoints', 'persistentvolumeclaims', 'persistentvolumeclaims/status', 'pods', 'replicationcontrollers', 'replicationcontrollers/scale', 'serviceaccounts', 'services', 'services/status'];
const coreRead = [...core, 'bindings', 'events', 'limitranges', 'namespaces', 'namespaces/status', 'pods/log', 'pods/status', 'replicationcontrollers/status', 'resourcequotas', 'resourcequotas/status'];
const groups: readonly (readonly [string, readonly string[]])[] = [
  ['apps', ['daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'replicasets/scale', 'statefulsets', 'statefulsets/scale']], ['autoscaling', ['horizontalpodautoscalers']], ['batch', ['cronjobs', 'jobs']],
  ['networking.k8s.io', ['ingresses', 'networkpolicies']], ['policy', ['poddisruptionbudgets']],
];
const reading = ['get', 'list', 'watch'];
const writing = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const rule = (verbs: readonly string[], group: string, resources: readonly string[]): RbacRule => ({ verbs, groups: [group], resources, names: [], urls: [] });
const paths = (urls: readonly string[]): RbacRule => ({ verbs: ['get'], groups: [], resources: [], names: [], urls });

const view: readonly RbacRule[] = [rule(reading, '', coreRead), rule(reading, 'discovery.k8s.io', ['endpointslices']), rule(reading, 'apps', ['controllerrevisions']), ...groups.map(([group, resources]) => rule(reading, group, resources))];
const edit: readonly RbacRule[] = [
  ...view, rule(reading, '', ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy']), rule(['impersonate'], '', ['serviceaccounts']), rule(['create'], '', ['serviceaccounts/token', 'pods/eviction']),
  rule(writing, '', [...core.filter((name) => !name.endsWith('/status')), 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy', 'events'].filter((name) => name !== 'endpoints')), ...groups.map(([group, resources]) => rule(writing, group, resources)),
];
const admin: readonly RbacRule[] = [...edit, rule([...reading, ...writing], 'rbac.authorization.k8s.io', ['roles', 'rolebindings']), rule(['create'], 'authorization.k8s.io', ['localsubjectaccessreviews'])];
const everything: readonly RbacRule[] = [{ verbs: ['*'], groups: ['*'], resources: ['*'], names: [], urls: [] }, { verbs: ['*'], groups: [], resources: [], names: [], urls: ['*'] }];
const health = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const discovery = [...health, '/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];
const basic: readonly RbacRule[] = [rule(['create'], 'authorization.k8s.io', ['selfsubjectaccessreviews', 'selfsubjectrulesreviews']), rule(['create'], 'authentication.k8s.io', ['selfsubjectreviews'])];

const role = (name: string, rules: readonly RbacRule[]): Rbac['roles'][number] => ({ ref: { kind: 'ClusterRole', name }, rules, at: null });
const binding = (name: string, ...subjects: readonly string[]): Rbac['bindings'][number] =>
  ({ ref: { kind: 'ClusterRoleBinding', name }, role: { kind: 'ClusterRole', name }, subjects: subjects.map((group) => ({ kind: 'Group', namespace: '', name: group })), at: null });

/** The roles and bindings that every API server makes when it starts, as far as pods and people meet them. */
export const builtInRoles: Rbac = {
  roles: [role('cluster-admin', everything), role('admin', admin), role('edit', edit), role('view', view), role('system:discovery', [paths(discovery)]), role('system:public-info-viewer', [paths(health)]), role('system:basic-user', basic)],
  bindings: [binding('cluster-admin', 'system:masters'), binding('system:discovery', 'system:authenticated'), binding('system:public-info-viewer', 'system:authenticated', 'system:unauthenticated'), binding('system:basic-user', 'system:authenticated')],
};
