import { describe, expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { anonymous, authorize, buildRbac, printRbacRequest, rbacRequest, userOfServiceAccount } from './rbac.ts';

const role = (kind: string, name: string, rules: string, namespace = 'shop'): string => `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: "${name}"${kind === 'Role' ? `, namespace: ${namespace}` : ''} }\nrules: ${rules}\n`;
const binding = (kind: string, name: string, roleKind: string, roleName: string, subjects: string, namespace = 'shop'): string =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${kind === 'RoleBinding' ? `, namespace: ${namespace}` : ''} }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${roleKind}, name: ${roleName} }\nsubjects: ${subjects}\n`;
const text = [
  role('Role', 'reader', '[{ apiGroups: [""], resources: [pods, pods/log], verbs: [get, list, watch] }, { apiGroups: [apps], resources: [deployments], resourceNames: [api], verbs: [get, patch] }]'),
  binding('RoleBinding', 'read', 'Role', 'reader', '[{ kind: ServiceAccount, name: web, namespace: shop }]'),
  role('ClusterRole', 'scaler', '[{ apiGroups: ["*"], resources: ["*/scale"], verbs: ["*"] }]'),
  binding('ClusterRoleBinding', 'scale', 'ClusterRole', 'scaler', '[{ kind: Group, name: "system:serviceaccounts:ops" }]'),
  role('ClusterRole', 'metrics', '[{ nonResourceURLs: ["/metrics", "/debug/*"], verbs: [get] }]'),
  binding('ClusterRoleBinding', 'metrics', 'ClusterRole', 'metrics', '[{ kind: ServiceAccount, name: scraper, namespace: ops }]'),
  binding('RoleBinding', 'viewers', 'ClusterRole', 'view', '[{ kind: ServiceAccount, name: scraper, namespace: ops }]'),
  binding('RoleBinding', 'lost', 'Role', 'nobody', '[{ kind: ServiceAccount, name: lost, namespace: shop }]'),
  binding('ClusterRoleBinding', 'root', 'ClusterRole', 'cluster-admin', '[{ kind: ServiceAccount, name: admin, namespace: ops }]'),
].join('');
const rbac = buildRbac(readManifests([{ name: 'a.yaml', text }]).objects);
const userOf = (who: string) => (who === '-' ? anonymous : userOfServiceAccount(...(who.split('/') as [string, string])));
function decide(who: string, method: string, path: string): string {
  const decision = authorize(rbac, userOf(who), rbacRequest(method, path));
  return decision.allowed ? `${decision.binding.ref.name} ${decision.role.ref.name}` : 'no';
}

describe('who may what (access-authn-authz/rbac; pkg/registry/rbac/validation/rule.go)', () => {
  test.each<[string, string, string, string, string]>([
    ['a Role in its namespace', 'shop/web', 'GET', '/api/v1/namespaces/shop/pods', 'read reader'], ['one object', 'shop/web', 'GET', '/api/v1/namespaces/shop/pods/a', 'read reader'], ['a watch', 'shop/web', 'GET', '/api/v1/namespaces/shop/pods?watch=true', 'read reader'],
    ['no verb beyond', 'shop/web', 'DELETE', '/api/v1/namespaces/shop/pods/a', 'no'], ['no other namespace', 'shop/web', 'GET', '/api/v1/namespaces/prod/pods', 'no'], ['not all namespaces at once', 'shop/web', 'GET', '/api/v1/pods', 'no'],
    ['no other resource', 'shop/web', 'GET', '/api/v1/namespaces/shop/secrets', 'no'], ['a subresource is named by itself', 'shop/web', 'GET', '/api/v1/namespaces/shop/pods/a/log', 'read reader'], ['and is not part of its resource', 'shop/web', 'POST', '/api/v1/namespaces/shop/pods/a/exec', 'no'],
    ['no other group', 'shop/web', 'GET', '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods', 'no'], ['a resource name', 'shop/web', 'PATCH', '/apis/apps/v1/namespaces/shop/deployments/api', 'read reader'], ['another name', 'shop/web', 'PATCH', '/apis/apps/v1/namespaces/shop/deployments/web', 'no'], ['a list has no name', 'shop/web', 'GET', '/apis/apps/v1/namespaces/shop/deployments', 'no'],
    ['another ServiceAccount', 'shop/other', 'GET', '/api/v1/namespaces/shop/pods', 'no'], ['the same name elsewhere', 'prod/web', 'GET', '/api/v1/namespaces/shop/pods', 'no'],
    ['a group of ServiceAccounts', 'ops/any', 'PUT', '/apis/apps/v1/namespaces/shop/deployments/api/scale', 'scale scaler'], ['*/scale is no deployment', 'ops/any', 'PUT', '/apis/apps/v1/namespaces/shop/deployments/api', 'no'],
    ['a ClusterRole in one namespace by RoleBinding', 'ops/scraper', 'GET', '/api/v1/namespaces/shop/services', 'viewers view'], ['and not in its own', 'ops/scraper', 'GET', '/api/v1/namespaces/ops/services', 'no'], ['view leaves Secrets out', 'ops/scraper', 'GET', '/api/v1/namespaces/shop/secrets', 'no'],
    ['a path that is no resource', 'ops/scraper', 'GET', '/metrics', 'metrics metrics'], ['and one below a star', 'ops/scraper', 'GET', '/debug/pprof', 'metrics metrics'], ['a binding to no role gives nothing', 'shop/lost', 'GET', '/api/v1/namespaces/shop/pods', 'no'],
    ['cluster-admin', 'ops/admin', 'DELETE', '/api/v1/nodes/a', 'root cluster-admin'], ['cluster-admin and paths', 'ops/admin', 'GET', '/metrics', 'root cluster-admin'],
    ['health is everyone’s', '-', 'GET', '/healthz', 'system:public-info-viewer system:public-info-viewer'], ['discovery is for those with a name', '-', 'GET', '/apis', 'no'], ['and theirs', 'shop/other', 'GET', '/apis/apps/v1', 'system:discovery system:discovery'], ['the anonymous may nothing else', '-', 'GET', '/api/v1/namespaces/default/pods', 'no'],
    ['a namespace is read inside itself', 'ops/scraper', 'GET', '/api/v1/namespaces/shop', 'viewers view'],
  ])('%s', (_, who, method, path, expected) => {
    expect(decide(who, method, path)).toBe(expected);
  });
  test.each([
    ['DELETE', '/api/v1/namespaces/shop/pods', 'deletecollection resource "pods" in API group "" in the namespace "shop"'], ['POST', '/apis/batch/v1/namespaces/shop/jobs', 'create resource "jobs" in API group "batch" in the namespace "shop"'],
    ['GET', '/api/v1/nodes', 'list resource "nodes" in API group "" at the cluster scope'], ['HEAD', '/livez', 'head path "/livez"'],
  ])('%s %s is called %s', (method, path, expected) => {
    expect(printRbacRequest(rbacRequest(method, path))).toBe(expected);
  });
});
