import { describe, expect, test } from 'vitest';
import type { Journey, Probe } from '../../trace/types.ts';
import { openDocuments } from '../testing/open-documents.ts';

const text = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { nodeName: b, serviceAccountName: web, containers: [{ name: c, image: c }] }
---
apiVersion: v1
kind: Pod
metadata: { name: bare, namespace: shop }
spec: { nodeName: c, automountServiceAccountToken: false, containers: [{ name: c, image: c }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list, create] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: read, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: web }]
`;
async function ask(probe: Probe, more = ''): Promise<Journey> {
  const sandbox = await openDocuments(text + more);
  return (await sandbox.ask({ probe })).journey;
}
const pods = 'https://kubernetes.default/api/v1/namespaces/shop/pods';

describe('the API server’s path', () => {
  test.each<[string, Probe, string]>([
    ['a role allows it', { from: 'pod/shop/web', to: pods }, 'delivered 200'],
    ['creating is 201', { from: 'pod/shop/web', to: pods, http: { url: pods, method: 'POST' } }, 'delivered 201'],
    ['no role allows it', { from: 'pod/shop/web', to: 'https://kubernetes.default/api/v1/namespaces/shop/secrets' }, 'http-error http-403 403'],
    ['a pod without its token is anonymous', { from: 'pod/shop/bare', to: pods }, 'http-error http-403 403'],
    ['a foreign token is no name at all', { from: 'pod/shop/web', to: pods, http: { url: pods, headers: { Authorization: 'Bearer x' } } }, 'http-error http-401 401'],
    ['health needs no name', { from: 'pod/shop/bare', to: 'https://kubernetes.default/healthz' }, 'delivered 200'],
    ['plain HTTP is refused in words', { from: 'pod/shop/web', to: 'http://kubernetes.default:443/healthz' }, 'http-error http-400 400'],
    ['the Service’s address is in the certificate', { from: 'pod/shop/web', to: 'https://10.96.0.1/healthz' }, 'delivered 200'],
  ])('%s', async (_, probe, expected) => {
    const { branches } = await ask(probe);
    expect(branches.map(({ verdict, code, http }) => [verdict, code, http?.status].filter((part) => part !== '').join(' '))).toEqual([expected]);
  });
  test('a lookup, then kubernetes.default, then port 6443 of a node, which names binding and role with their lines', async () => {
    const [branch] = (await ask({ from: 'pod/shop/web', to: pods })).branches;
    expect(branch!.legs.map((leg) => leg.kind)).toEqual(['lookup', 'lookup', 'connection']);
    expect([branch!.dnat, branch!.endpoint?.node]).toEqual([{ ip: '192.168.56.11', port: 6443 }, 'a']);
    expect(branch!.decidedBy.slice(0, 2).map(({ kind, name, line }) => `${kind} ${name} ${line}`)).toEqual(['RoleBinding read 17', 'Role reader 12']);
  });
  test('a policy may stand before it', async () => {
    const policy = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 53, protocol: UDP }] }] }\n';
    expect((await ask({ from: 'pod/shop/web', to: pods }, policy)).verdict).toBe('dropped');
  });
});
