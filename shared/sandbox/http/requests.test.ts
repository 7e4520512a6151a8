import { describe, expect, test } from 'vitest';
import { printFraction } from '../../base/fraction.ts';
import type { Journey, Probe } from '../../trace/types.ts';
import { openDocuments } from '../testing/open-documents.ts';

const app = (name: string, replicas = 1): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: c, ports: [{ name: web, containerPort: 8080 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: web }] }
`;
const ingress = (name: string, spec: string, annotations = '{}'): string => `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${name}, namespace: shop, annotations: ${annotations} }\nspec: ${spec}\n`;
const to = (service: string, port = 'number: 80'): string => `backend: { service: { name: ${service}, port: { ${port} } } }`;
const rule = (host: string, path: string, service: string, port?: string): string => `{ ${host === '' ? '' : `host: "${host}", `}http: { paths: [{ path: ${path}, pathType: Prefix, ${to(service, port)} }] } }`;
const shop = ingress('shop', `{ rules: [${rule('shop.example', '/api', 'api')}, ${rule('shop.example', '/dead', 'dead')}, ${rule('shop.example', '/none', 'none')}, ${rule('shop.example', '/port', 'api', 'number: 81')}, ${rule('shop.example', '/named', 'api', 'name: http')}] }`);
const base = app('api', 2) + app('next') + app('dead', 0);
const tls = (host: string, secret: string): string => ingress('shop', `{ tls: [{ hosts: [${host}], secretName: ${secret} }], rules: [${rule('shop.example', '/', 'api')}] }`);
const secret = (namespace: string, type = 'kubernetes.io/tls'): string => `---\napiVersion: v1\nkind: Secret\nmetadata: { name: cert, namespace: ${namespace} }\ntype: ${type}\ndata: { tls.crt: YQ==, tls.key: YQ== }\n`;
const ingressClass = (name: string, controller: string, annotations = '{}'): string => `---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: ${name}, annotations: ${annotations} }\nspec: { controller: ${controller} }\n`;
const settings = (spec: string): string => `---\napiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: s }\nspec: ${spec}\n`;
const isDefault = '{ ingressclass.kubernetes.io/is-default-class: "true" }';

async function ask(text: string, probe: Probe): Promise<Journey> {
  const sandbox = await openDocuments(base + text);
  return (await sandbox.ask({ probe })).journey;
}
const through = (text: string, url: string, from = 'client/internet'): Promise<Journey> => ask(text, { from, to: 'ingress', http: { url } });
const told = (journey: Journey): readonly string[] => [...new Set(journey.branches.map(({ verdict, code, http }) => `${verdict}${code === '' ? '' : ` ${code}`}${http ? ` ${http.status} ${http.service ?? '-'}` : ''}`))];

describe('a request through the lab’s controller', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['a rule and its Service', shop, 'http://shop.example/api/v1', ['delivered 200 shop/api']],
    ['a Service port by name', shop, 'http://shop.example/named', ['delivered 200 shop/api']],
    ['no path', shop, 'http://shop.example/apiv2', ['http-error http-404 404 -']],
    ['no host', shop, 'http://other.example/api', ['http-error http-404 404 -']],
    ['a Service without a ready pod', shop, 'http://shop.example/dead', ['http-error http-503 503 shop/dead']],
    ['a Service that does not exist', shop, 'http://shop.example/none', ['http-error http-503 503 shop/none']],
    ['a port that the Service does not have', shop, 'http://shop.example/port', ['http-error http-503 503 shop/api']],
    ['the default backend', ingress('d', `{ default${to('next').replace('backend', 'Backend')} }`), 'http://any.example/x', ['delivered 200 shop/next']],
    ['upper case in Host', shop, 'http://SHOP.example/api', ['delivered 200 shop/api']],
    ['no class at all', ingress('x', `{ rules: [${rule('', '/', 'api')}] }`), 'http://x.example/', ['delivered 200 shop/api']],
    ['a class without an IngressClass object', ingress('x', `{ ingressClassName: whatever, rules: [${rule('', '/', 'api')}] }`), 'http://x.example/', ['delivered 200 shop/api']],
    ['a class of another controller is not claimed', ingressClass('nginx', 'k8s.io/ingress-nginx') + ingress('x', `{ ingressClassName: nginx, rules: [${rule('', '/', 'api')}] }`), 'http://x.example/', ['http-error http-404 404 -']],
    ['nor where it is the default class', ingressClass('nginx', 'k8s.io/ingress-nginx', isDefault) + ingress('x', `{ rules: [${rule('', '/', 'api')}] }`), 'http://x.example/', ['http-error http-404 404 -']],
    ['the empty annotation counts as a class', ingressClass('nginx', 'k8s.io/ingress-nginx', isDefault) + ingress('x', `{ rules: [${rule('', '/', 'api')}] }`, '{ kubernetes.io/ingress.class: "" }'), 'http://x.example/', ['delivered 200 shop/api']],
    ['TLS with the Secret in its namespace', tls('shop.example', 'cert') + secret('shop'), 'https://shop.example/', ['delivered 200 shop/api']],
    ['a Secret of another namespace gives the default certificate (course 26)', tls('shop.example', 'cert') + secret('default'), 'https://shop.example/', ['tls-mismatch default-certificate']],
    ['no Secret', tls('shop.example', 'cert'), 'https://shop.example/', ['tls-mismatch default-certificate']],
    ['a Secret of another type', tls('shop.example', 'cert') + secret('shop', 'Opaque'), 'https://shop.example/', ['tls-mismatch default-certificate']],
    ['a TLS entry for another host', tls('www.example', 'cert') + secret('shop'), 'https://shop.example/', ['tls-mismatch default-certificate']],
    ['a wildcard TLS host', tls('"*.example"', 'cert') + secret('shop'), 'https://shop.example/', ['delivered 200 shop/api']],
    ['plain HTTP needs no certificate', tls('shop.example', 'cert'), 'http://shop.example/', ['delivered 200 shop/api']],
    ['HTTP6 a port in the URL is no part of Host', shop, 'http://shop.example:80/api', ['delivered 200 shop/api']],
    ['HTTP7 a dot at the end of Host is none of its labels', shop, 'http://shop.example./api', ['delivered 200 shop/api']],
    ['HTTP8 an encoded letter in the path', shop, 'http://shop.example/%61pi?x=1', ['delivered 200 shop/api']],
    ['HTTP10 https where no Ingress has a TLS entry', shop, 'https://shop.example/api', ['tls-mismatch default-certificate']],
    ['HTTP11 plain HTTP on the TLS port', shop, 'http://shop.example:443/api', ['http-error http-400 400 -']],
    ['HTTP11 a TLS greeting on the plain port', shop, 'https://shop.example:80/api', ['tls-mismatch no-tls']],
    ['HTTP12 no redirect by itself (host_rules.feature asks http://foo.bar.com beside TLS and wants 200)', tls('shop.example', 'cert') + secret('shop'), 'http://shop.example/', ['delivered 200 shop/api']],
    ['HTTP12 a redirect where an Ingress asks for one', ingress('shop', `{ tls: [{ hosts: [shop.example], secretName: cert }], rules: [${rule('shop.example', '/', 'api')}] }`, '{ nginx.ingress.kubernetes.io/ssl-redirect: "true" }') + secret('shop'), 'http://shop.example/', ['delivered https-redirect 308 -']],
    ['HTTP12 a forced one needs no TLS entry', ingress('shop', `{ rules: [${rule('shop.example', '/', 'api')}] }`, '{ nginx.ingress.kubernetes.io/force-ssl-redirect: "true" }'), 'http://shop.example/', ['delivered https-redirect 308 -']],
    ['ING10 a backend is of the Ingress’s own namespace', '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: x, namespace: other }\nspec: { rules: [' + rule('x.example', '/', 'api') + '] }\n', 'http://x.example/', ['http-error http-503 503 other/api']],
    ['ING11 a resource as backend is no Service', ingress('x', '{ rules: [{ host: x.example, http: { paths: [{ path: /, pathType: Prefix, backend: { resource: { apiGroup: k8s.example, kind: Bucket, name: b } } }] } }] }'), 'http://x.example/', ['http-error http-503 503 -']],
    ['ING12 an ExternalName as backend is dialled by its name', '---\napiVersion: v1\nkind: Service\nmetadata: { name: far, namespace: shop }\nspec: { type: ExternalName, externalName: www.example.com, ports: [{ port: 80 }] }\n' + ingress('x', `{ rules: [${rule('x.example', '/', 'far')}] }`), 'http://x.example/', ['delivered 200 shop/far']],
  ])('%s', async (_, text, url, expected) => {
    expect(told(await through(text, url))).toEqual(expected);
  });

  test('two connections, two source addresses: the pod sees the controller, the client stands in X-Forwarded-For', async () => {
    const { branches } = await through(shop, 'http://shop.example/api');
    expect(branches.map((branch) => [printFraction(branch.odds), branch.legs.map((leg) => leg.kind), branch.sourceSeen?.ip, branch.http?.forwarded])).toEqual([1, 2].map(() => ['1/2', ['connection', 'onward'], '10.244.1.251', { 'X-Forwarded-For': '203.0.113.10', 'X-Forwarded-Host': 'shop.example', 'X-Forwarded-Proto': 'http' }]));
    expect(branches[0]!.legs[1]!.trace.flow.from).toMatch(/^pod\/ingress-controller\//);
    expect(branches[0]!.decidedBy[0]).toMatchObject({ kind: 'Ingress', namespace: 'shop', name: 'shop', file: 'a.yaml' });
  });
  test('where there are no load balancers the way in is a node port, and the controller sees that node', async () => {
    const journey = await through(shop + settings('{ loadBalancer: none }'), 'http://shop.example/api');
    expect(told(journey)).toEqual(['delivered 200 shop/api']);
    expect(journey.branches[0]!.legs[0]!.trace.flow.packet.l4).toMatchObject({ dport: 30_080 });
  });
  test('the host of an Ingress is a name that leads to its controller', async () => {
    expect(told(await ask(shop, { from: 'client/internet', to: 'http://shop.example/api' }))).toEqual(['delivered 200 shop/api']);
    const inside = await ask(shop, { from: 'deployment/shop/next', to: 'http://shop.example/api' });
    expect(told(inside)).toEqual(['delivered 200 shop/api']);
    expect(inside.branches[0]!.legs.map((leg) => leg.kind)).toEqual(['lookup', 'lookup', 'lookup', 'lookup', 'connection', 'onward']);
  });
  test('of an Ingress that nobody claims the host has no address', async () => {
    const journey = await ask(ingressClass('nginx', 'k8s.io/ingress-nginx') + ingress('x', `{ ingressClassName: nginx, rules: [${rule('shop.example', '/', 'api')}] }`), { from: 'client/internet', to: 'http://shop.example/' });
    expect(told(journey)).toEqual(['nxdomain nxdomain']);
  });
  test('without a controller nobody answers', async () => {
    await expect(through(shop + settings('{ ingressController: none }'), 'http://shop.example/api')).rejects.toThrow('nothing here is an Ingress controller');
  });
  test('a canary takes its weight (ingress-nginx canary-weight)', async () => {
    const canary = ingress('canary', `{ rules: [${rule('shop.example', '/api', 'next')}] }`, '{ nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-weight: "20" }');
    expect((await through(shop + canary, 'http://shop.example/api')).branches.map((branch) => `${printFraction(branch.odds)} ${branch.http?.service}`)).toEqual(['2/5 shop/api', '2/5 shop/api', '1/5 shop/next']);
  });
  test.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
    ['its header says always', 'canary-by-header: X-Canary', { 'x-canary': 'always' }, ['1 shop/next']],
    ['never', 'canary-by-header: X-Canary', { 'X-Canary': 'never' }, ['1/2 shop/api', '1/2 shop/api']],
    ['another value leaves it to the weight', 'canary-by-header: X-Canary', { 'X-Canary': 'perhaps' }, ['2/5 shop/api', '2/5 shop/api', '1/5 shop/next']],
    ['a value of its own', 'canary-by-header: X-Canary, nginx.ingress.kubernetes.io/canary-by-header-value: beta', { 'X-Canary': 'beta' }, ['1 shop/next']],
    ['its cookie says always', 'canary-by-cookie: beta', { Cookie: 'a=b; beta=always' }, ['1 shop/next']],
  ])('HTTP13 a canary takes a request where %s (ingress-nginx annotations, Canary)', async (_, annotation, headers, expected) => {
    const canary = ingress('canary', `{ rules: [${rule('shop.example', '/api', 'next')}] }`, `{ nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-weight: "20", nginx.ingress.kubernetes.io/${annotation} }`);
    const { branches } = await ask(shop + canary, { from: 'client/internet', to: 'ingress', http: { url: 'http://shop.example/api', headers } });
    expect(branches.map((branch) => `${printFraction(branch.odds)} ${branch.http?.service}`)).toEqual(expected);
  });
  test('HTTP14 the TLS greeting names the URL’s host and not the Host header’s (RFC 6066 §3; curl -H)', async () => {
    const both = tls('shop.example', 'cert') + secret('shop');
    const asked = (url: string, host: string): Promise<Journey> => ask(both, { from: 'client/internet', to: 'ingress', http: { url, headers: { Host: host } } });
    expect(told(await asked('https://shop.example/', 'shop.example:443'))).toEqual(['delivered 200 shop/api']);
    expect(told(await asked('https://shop.example/', 'other.example'))).toEqual(['http-error http-404 404 -']);
    expect(told(await asked('https://other.example/', 'shop.example'))).toEqual(['tls-mismatch default-certificate']);
  });
  test('a policy that lets nobody in stops the controller, and the client gets 504', async () => {
    const policy = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {} }\n';
    const journey = await through(shop + policy, 'http://shop.example/api');
    // the node's own processes pass, pods do not; the controller is a pod, on api's own node or not
    expect(told(journey)).toEqual([expect.stringMatching(/^http-error policy-\S+ 504 shop\/api$/)]);
    expect(journey.branches[0]!.decidedBy.map(({ kind }) => kind)).toEqual(['Ingress', 'NetworkPolicy']);
  });
  test('the rules that lost say why', async () => {
    const { branches } = await through(shop, 'http://shop.example/api');
    expect(branches[0]!.http!.rules!.map(({ path, why }) => `${path}: ${why}`)).toEqual(['/api: null', '/dead: /api does not begin with /dead', '/none: /api does not begin with /none', '/port: /api does not begin with /port', '/named: /api does not begin with /named']);
  });
  test('a Host header wins over the URL’s host, and the method is kept', async () => {
    const journey = await ask(shop, { from: 'client/internet', to: 'ingress', http: { url: 'http://198.51.100.10/api', method: 'POST', headers: { host: 'shop.example' } } });
    expect(journey.branches[0]!.http).toMatchObject({ status: 200, request: { method: 'POST', host: 'shop.example', path: '/api' } });
  });
  test('sampled requests end at the backends with the odds of the branches', async () => {
    const sandbox = await openDocuments(base + shop);
    const { bins } = await sandbox.sample({ probe: { from: 'client/internet', to: 'ingress', http: { url: 'http://shop.example/api' } }, count: 100 });
    expect(bins.map(({ count }) => count > 30)).toEqual([true, true]);
  });
});

describe('a controller of the documents', () => {
  const nginx = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
spec: { replicas: 1, selector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }, template: { metadata: { labels: { app.kubernetes.io/name: ingress-nginx } }, spec: { containers: [{ name: controller, image: nginx, ports: [{ name: http, containerPort: 80 }, { name: https, containerPort: 443 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
spec: { type: NodePort, selector: { app.kubernetes.io/name: ingress-nginx }, ports: [{ name: http, port: 80, targetPort: http, nodePort: 31080 }, { name: https, port: 443, targetPort: https }] }
${ingressClass('nginx', 'k8s.io/ingress-nginx')}`;
  const claimed = ingress('x', `{ ingressClassName: nginx, rules: [${rule('shop.example', '/', 'api')}] }`);
  test('its own class is claimed, by its own pods behind its own Service', async () => {
    const journey = await through(nginx + claimed, 'http://shop.example/');
    expect(told(journey)).toEqual(['delivered 200 shop/api']);
    expect(journey.branches[0]!.legs[0]!.trace.flow.packet.l4).toMatchObject({ dport: 31_080 });
    expect(journey.branches[0]!.legs[1]!.trace.flow.from).toMatch(/^pod\/ingress-nginx\/ingress-nginx-controller-/);
  });
  test('HTTP12 ingress-nginx sends plain HTTP to https where the host has a TLS entry, unless told not to (ssl-redirect)', async () => {
    const own = (annotations: string): string => nginx + secret('shop') + ingress('x', `{ ingressClassName: nginx, tls: [{ hosts: [shop.example], secretName: cert }], rules: [${rule('shop.example', '/', 'api')}] }`, annotations);
    const journey = await through(own('{}'), 'http://shop.example/a?b');
    expect(told(journey)).toEqual(['delivered https-redirect 308 -']);
    expect(journey.branches[0]).toMatchObject({ endpoint: { port: 80 }, http: { location: 'https://shop.example/a?b' } });
    expect(told(await through(own('{ nginx.ingress.kubernetes.io/ssl-redirect: "false" }'), 'http://shop.example/'))).toEqual(['delivered 200 shop/api']);
  });
  test('an Ingress without a class is nobody’s, where there is no default class', async () => {
    expect(told(await through(nginx + ingress('x', `{ rules: [${rule('shop.example', '/', 'api')}] }`), 'http://shop.example/'))).toEqual(['http-error http-404 404 -']);
  });
});

describe('requests without a proxy', () => {
  const alias = '---\napiVersion: v1\nkind: Service\nmetadata: { name: alias, namespace: shop }\nspec: { type: ExternalName, externalName: www.example.com }\n';
  test.each<[string, string, readonly string[]]>([
    ['plain HTTP to a Service is 200 where it is delivered', 'http://api/', ['delivered 200 shop/api']],
    ['with no endpoints it is refused before any HTTP', 'http://dead/', ['refused no-endpoints']],
    ['an ExternalName keeps the Host header: 404 (course 17)', 'http://alias/', ['http-error http-404 404 -']],
    ['and the certificate is another’s (course 17)', 'https://alias/', ['tls-mismatch foreign-certificate']],
    ['the name itself is served', 'http://www.example.com/', ['delivered 200 -']],
  ])('%s', async (_, url, expected) => {
    expect(told(await ask(alias, { from: 'deployment/shop/next', to: url }))).toEqual(expected);
  });
});

test.each<[string, string]>([
  ['a', 'delivered 200 -'],
  ['b', 'http-error http-503 503 -'],
])('the health-check node port of node %s says whether a ready pod is there (truth 18, course 23)', async (node, expected) => {
  const local = '---\napiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop, labels: { app: p } }\nspec: { nodeName: a, containers: [{ name: c, image: c, ports: [{ containerPort: 8080 }] }] }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: p, namespace: shop }\nspec: { type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 32100, selector: { app: p }, ports: [{ port: 80, targetPort: 8080 }] }\n';
  expect(told(await ask(local, { from: 'client/internet', to: `node/${node}`, port: 32_100, http: { url: `http://${node}:32100/healthz` } }))).toEqual([expected]);
});
