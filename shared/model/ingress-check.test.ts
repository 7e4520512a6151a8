import { describe, expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from './build-cluster.ts';

const service = '---\napiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { clusterIP: 10.96.0.50, ports: [{ name: http, port: 80, targetPort: 8080 }] }\n';
const ingress = (name: string, spec: string, metadata = ''): string => `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${name}${metadata} }\nspec:\n  ${spec}\n`;
const rule = (service: string, port: string, path = '/'): string => `rules: [{ host: shop.example, http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: ${service}, port: { ${port} } } } }] } }]`;
const secret = (namespace: string, type: string): string => `---\napiVersion: v1\nkind: Secret\nmetadata: { name: cert, namespace: ${namespace} }\ntype: ${type}\ndata: { tls.crt: '', tls.key: '' }\n`;
const tls = '\n  tls: [{ hosts: [shop.example], secretName: cert }]';
function told(text: string): readonly string[] {
  const { problems } = buildCluster(readManifests([{ name: 'a.yaml', text: service + text }]));
  return problems.filter(({ code }) => !code.startsWith('slice')).map(({ code, what, fix, at }) => `${at?.line}: ${code}: ${what} — ${fix}`);
}

describe('an Ingress beside other objects', () => {
  test.each<[string, string, readonly string[]]>([
    ['everything there', ingress('i', rule('api', 'number: 80')), []],
    ['a port by name', ingress('i', rule('api', 'name: http')), []],
    ['no such Service', ingress('i', rule('apis', 'number: 80')), ['11: no-such-backend: Ingress default/i leads to Service apis, which does not exist in namespace default — did you mean api?']],
    ['the pods’ port instead of the Service’s', ingress('i', rule('api', 'number: 8080')), ['11: no-such-backend-port: Service api has no port 8080 — 8080 is the pods’ port; write the Service’s own, 80']],
    ['no such port', ingress('i', rule('api', 'name: web')), ['11: no-such-backend-port: Service api has no port web — it has 80 (http)']],
    ['a TLS host without a rule', ingress('i', `${rule('api', 'number: 80')}\n  tls: [{ hosts: [www.example] }]`), ['12: tls-host-without-rule: no rule of Ingress default/i is for TLS host www.example — write the same host in both']],
    ['no Secret', ingress('i', rule('api', 'number: 80') + tls), ['12: no-such-secret: there is no Secret cert in namespace default, so clients see the controller’s own certificate — add the Secret']],
    ['a Secret elsewhere', ingress('i', rule('api', 'number: 80') + tls) + secret('other', 'kubernetes.io/tls'), ['12: no-such-secret: there is no Secret cert in namespace default, so clients see the controller’s own certificate — namespace other has one, but a Secret counts only in the Ingress’s own']],
    ['a Secret of another type', ingress('i', rule('api', 'number: 80') + tls) + secret('default', 'Opaque'), ['12: no-tls-secret: Secret cert is not of type kubernetes.io/tls — write type: kubernetes.io/tls']],
    ['a good Secret', ingress('i', rule('api', 'number: 80') + tls) + secret('default', 'kubernetes.io/tls'), []],
    ['two that claim one path', ingress('b', rule('api', 'number: 80')) + ingress('a', rule('api', 'number: 80')), ['11: path-claimed-twice: Ingress default/a claims shop.example/ (Prefix) too, and wins over default/b: it comes first by name — change one of them']],
    ['the older wins', ingress('b', rule('api', 'number: 80'), ', creationTimestamp: "2024-01-01T00:00:00Z"') + ingress('a', rule('api', 'number: 80'), ', creationTimestamp: "2024-02-01T00:00:00Z"'), ['17: path-claimed-twice: Ingress default/b claims shop.example/ (Prefix) too, and wins over default/a: it is older — change one of them']],
    ['different paths', ingress('b', rule('api', 'number: 80', '/b')) + ingress('a', rule('api', 'number: 80')), []],
    ['a class that nobody declares', ingress('i', `ingressClassName: nginy\n  ${rule('api', 'number: 80')}`) + '---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: nginx }\nspec: { controller: k8s.io/ingress-nginx }\n', ['11: no-such-class: there is no IngressClass nginy — did you mean nginx?']],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});
