import { beforeAll, describe, expect, test } from 'vitest';
import { printFraction } from '../../base/fraction.ts';
import type { Journey, Probe } from '../../trace/types.ts';
import type { Sandbox } from '../create-sandbox.ts';
import { openDocuments } from '../testing/open-documents.ts';

const app = (name: string, replicas = 1): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: c, ports: [{ containerPort: 3000 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 8080, targetPort: 3000 }] }
`;
/** `Exact /foo foo-exact`, each a path of the host before the colon. */
const host = (name: string, ...paths: readonly string[]): string => `{ host: "${name}", http: { paths: [${paths.map((text) => {
  const [type, path, service] = text.split(' ');
  return `{ path: ${path}, pathType: ${type}, backend: { service: { name: ${service}, port: { ${service === 'foo-bar-com' ? 'name: http' : 'number: 8080'} } } } }`;
}).join(', ')}] } }`;
const ingress = (name: string, spec: string): string => `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const paths = ingress('path-rules', `{ rules: [${[
  host('exact.test', 'Exact /foo foo-exact'), host('prefix.test', 'Prefix /foo foo-prefix', 'Prefix /aaa/bbb aaa-bbb', 'Prefix /aaa aaa'),
  host('mixed.test', 'Prefix /foo foo-prefix', 'Exact /foo foo-exact'), host('slash.test', 'Prefix /aaa/bbb/ aaa-bbb', 'Exact /foo/ foo-exact'),
].join(', ')}] }`);
const hosts = ingress('host-rules', `{ tls: [{ hosts: [foo.bar.com], secretName: conformance-tls }], rules: [${host('*.foo.com', 'Prefix / wildcard-foo-com')}, ${host('foo.bar.com', 'Prefix / foo-bar-com')}] }`)
  + '---\napiVersion: v1\nkind: Secret\nmetadata: { name: conformance-tls }\ntype: kubernetes.io/tls\ndata: { tls.crt: YQ==, tls.key: YQ== }\n';
const services = ['foo-exact', 'foo-prefix', 'aaa-bbb', 'aaa', 'wildcard-foo-com', 'foo-bar-com'].map((name) => app(name)).join('');
const standard = ingress('default-backend', '{ defaultBackend: { service: { name: echo-service, port: { number: 8080 } } } }') + app('echo-service', 10);

async function open(text: string): Promise<Sandbox> {
  return openDocuments(text);
}
const request = async (sandbox: Sandbox, url: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): Promise<Journey> => {
  const probe: Probe = { from: 'client/internet', to: 'ingress', http: { url, method, headers } };
  return (await sandbox.ask({ probe })).journey;
};
const answer = ({ branches }: Journey): string => [...new Set(branches.map(({ http, verdict }) => (http === null ? verdict : `${http.status}${http.service ? ` ${http.service.split('/')[1]}` : ''}`)))].join(', ');

describe('what a conformant controller answers (kubernetes-sigs/ingress-controller-conformance, features/*.feature)', () => {
  let ruled: Sandbox;
  beforeAll(async () => {
    ruled = await open(services + paths + hosts);
  });
  test.each<[string, string, string]>([
    ['ING1 path_rules: exact /foo takes /foo', 'http://exact.test/foo', '200 foo-exact'], ['ING1 not /foo/', 'http://exact.test/foo/', '404'], ['ING1 nor /FOO', 'http://exact.test/FOO', '404'], ['ING1 nor /bar', 'http://exact.test/bar', '404'],
    ['ING2 prefix /foo takes /foo', 'http://prefix.test/foo', '200 foo-prefix'], ['ING2 and /foo/', 'http://prefix.test/foo/', '200 foo-prefix'], ['ING2 not /FOO', 'http://prefix.test/FOO', '404'],
    ['ING2 prefix /aaa/bbb takes /aaa/bbb', 'http://prefix.test/aaa/bbb', '200 aaa-bbb'], ['ING2 and what is below it', 'http://prefix.test/aaa/bbb/ccc', '200 aaa-bbb'], ['ING2 prefix /aaa takes /aaa/ccc', 'http://prefix.test/aaa/ccc', '200 aaa'], ['ING2 not /aaaccc', 'http://prefix.test/aaaccc', '404'],
    ['ING3 exact is preferred', 'http://mixed.test/foo', '200 foo-exact'], ['ING3 prefix takes the rest', 'http://mixed.test/foo/bar', '200 foo-prefix'],
    ['ING3 prefix /aaa/bbb/ takes /aaa/bbb', 'http://slash.test/aaa/bbb', '200 aaa-bbb'], ['ING3 and /aaa/bbb/', 'http://slash.test/aaa/bbb/', '200 aaa-bbb'], ['ING3 exact /foo/ does not take /foo', 'http://slash.test/foo', '404'],
    ['ING4 host_rules: TLS for the host itself', 'https://foo.bar.com', '200 foo-bar-com'], ['ING4 and plain', 'http://foo.bar.com', '200 foo-bar-com'], ['ING4 another label', 'http://subdomain.bar.com', '404'],
    ['ING5 a wildcard takes one label', 'http://bar.foo.com', '200 wildcard-foo-com'], ['ING5 not two', 'http://baz.bar.foo.com', '404'], ['ING5 nor none', 'http://foo.com', '404'],
  ])('%s', async (_, url, expected) => {
    expect(answer(await request(ruled, url))).toBe(expected);
  });
  test.each<[string, string]>([['GET', 'http://my-host/'], ['GET', 'http://my-host/sub-path'], ['POST', 'http://some-host/'], ['PUT', '/resource'], ['DELETE', 'http://some-host/resource'], ['PATCH', 'http://my-host/resource']])('ING6 default_backend: %s %s goes to the default backend', async (method, url) => {
    const journey = await request(await open(standard), url, method);
    expect(answer(journey)).toBe('200 echo-service');
    expect(journey.branches[0]!.http!.request).toMatchObject({ method });
  });
  test('ING7 load_balancing: a hundred requests are answered by all ten pods, as likely each', async () => {
    const sandbox = await open(standard);
    expect((await request(sandbox, 'http://load-balancing')).branches.map(({ odds }) => printFraction(odds))).toEqual(Array.from({ length: 10 }, () => '1/10'));
    const probe: Probe = { from: 'client/internet', to: 'ingress', http: { url: 'http://load-balancing' } };
    expect((await sandbox.sample({ probe, count: 100, oneConnection: true })).bins.map(({ count }) => count)).toEqual(Array.from({ length: 10 }, () => 10));
  });
  test('ING8 the request reaches the pod’s own port with the path as it was sent', async () => {
    const { branches } = await request(ruled, 'http://prefix.test/foo/?q=1');
    expect(branches[0]).toMatchObject({ endpoint: { port: 3000 }, http: { request: { host: 'prefix.test', path: '/foo/?q=1' } } });
  });
});
