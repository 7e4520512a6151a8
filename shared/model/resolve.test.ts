import { describe, expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import { offersOf } from './offers.ts';
import { parseUrl } from './parse-url.ts';
import { resolveFrom } from './resolve-from.ts';
import { dialledPort, resolveTo } from './resolve-to.ts';

const pod = (name: string, labels: Fields, spec: Fields = {}, rest: Fields = {}, metadata: Fields = {}): Fields =>
  manifest('Pod', name, { spec: { nodeName: 'a', containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }], ...spec }, ...rest }, { labels, ...metadata });
const service = (name: string, spec: Fields, rest: Fields = {}): Fields => manifest('Service', name, { spec: { ports: [{ name: 'web', port: 80, targetPort: 8080 }], ...spec }, ...rest });

const { cluster } = buildCluster(manifestsForTest(
  pod('shop/web', { app: 'web' }),
  pod('shop/host', { app: 'host' }, { nodeName: 'b', hostNetwork: true }),
  pod('shop/hostdns', { app: 'hostdns' }, { nodeName: 'b', hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet', containers: [{ name: 'c' }] }),
  pod('shop/plain', {}, { dnsPolicy: 'Default' }),
  pod('shop/lost', {}, { nodeName: '', nodeSelector: { gpu: 'yes' } }),
  pod('shop/done', {}, {}, { status: { phase: 'Succeeded' } }),
  pod('default/cli', {}),
  manifest('Deployment', 'shop/api', { spec: { replicas: 2, selector: { matchLabels: { app: 'api' } }, template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'c' }] } } } }),
  manifest('Deployment', 'shop/none', { spec: { replicas: 0, template: { metadata: { labels: { app: 'none' } } } } }),
  manifest('Deployment', 'shop/dumped', { spec: { replicas: 2, template: { metadata: { labels: { app: 'dumped' } } } } }),
  pod('shop/dumped-7f-aaaaa', { app: 'dumped' }, {}, { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, { ownerReferences: [{ kind: 'ReplicaSet', name: 'dumped-7f', controller: true }] }),
  pod('shop/dumped-7f-bbbbb', { app: 'dumped' }, {}, {}, { ownerReferences: [{ kind: 'ReplicaSet', name: 'dumped-7f', controller: true }] }),
  manifest('StatefulSet', 'shop/db', { spec: { serviceName: 'db', replicas: 2, template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', ports: [{ containerPort: 5432 }] }] } } } }),
  service('shop/api', { selector: { app: 'api' }, clusterIP: '10.96.1.1' }),
  service('shop/db', { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] }),
  service('shop/empty', { clusterIP: 'None', selector: { app: 'nobody' } }),
  service('shop/np', { type: 'NodePort', selector: { app: 'web' }, clusterIP: '10.96.1.2', ports: [{ name: 'web', port: 80, nodePort: 30_080 }, { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_053 }] }),
  service('shop/lb', { type: 'LoadBalancer', selector: { app: 'web' }, clusterIP: '10.96.1.3' }),
  service('shop/ext', { selector: { app: 'web' }, externalIPs: ['198.51.100.77'], clusterIP: '10.96.1.4' }),
  service('shop/alias', { type: 'ExternalName', externalName: 'db.partner.example' }),
  service('shop/unknown', { type: 'ExternalName', externalName: 'db.eu.some-cloud.net' }),
  service('shop/inner', { type: 'ExternalName', externalName: 'api.shop.svc.cluster.local' }),
  service('shop/loop', { type: 'ExternalName', externalName: 'loop.shop.svc.cluster.local' }),
  manifest('Sandbox', 's', { spec: { hosts: [{ name: 'partner', address: '192.0.2.99', ports: [443, '53/udp'], dnsNames: ['db.partner.example', '*.wild.example'] }] } }),
));
const from = (text: string): Parameters<typeof resolveTo>[1] => {
  const source = resolveFrom(cluster, text);
  if (!source.ok) throw new Error(source.error.what);
  return source.value;
};
function ask(source: string, text: string): unknown {
  const answer = resolveTo(cluster, from(source), text);
  if (!answer.ok) return `${answer.error.code}: ${answer.error.fix}`;
  if (answer.value.kind !== 'target') return answer.value.kind === 'nxdomain' ? `nxdomain: ${answer.value.why}` : answer.value.kind;
  const { label, ips, how } = answer.value.target;
  return `${label} ${ips.join(' ')} ${how}`;
}
const db = [0, 1].map((i) => cluster.pods.find(({ name }) => name === `db-${i}`)!.ips[0]!).toSorted();

describe('sources (CLI.md, A)', () => {
  const apiPod = cluster.pods.find(({ owner }) => owner?.name === 'api')!.name;
  test.each([
    ['pod/shop/web', 'pod/shop/web pod/shop/web 10.244.1.6'],
    ['pod/cli', 'pod/default/cli pod/default/cli 10.244.1.2'],
    ['po/cli', 'pod/default/cli pod/default/cli 10.244.1.2'],
    ['deployment/shop/api', `pod/shop/${apiPod} pod/shop/${apiPod}`],
    ['deploy/shop/dumped', 'pod/shop/dumped-7f-bbbbb pod/shop/dumped-7f-bbbbb'],
    ['statefulset/shop/db', 'pod/shop/db-0 pod/shop/db-0'],
    ['node/a', 'node/a node/a 192.168.56.11'],
    ['client/internet', 'client/internet client/internet 203.0.113.10'],
    ['host/partner', 'host/partner host/partner 192.0.2.99'],
    ['ip/192.168.56.12', 'ip/192.168.56.12 node/b 192.168.56.12'],
    ['10.9.9.9', 'ip/10.9.9.9 null 10.9.9.9'],
    ['pod/shop/host', 'pod/shop/host node/b 192.168.56.12'],
  ])('%s', (text, expected) => {
    const { label, netns, ips } = from(text);
    expect(`${label} ${netns} ${ips.join(' ')}`.startsWith(expected)).toBe(true);
  });

  test.each([
    ['pod/shop/wep', 'no-such-pod', 'did you mean pod/shop/web?'],
    ['pod/web', 'no-such-pod', 'did you mean pod/shop/web?'],
    ['web', 'bad-source', 'did you mean pod/shop/web? Otherwise write pod/NS/NAME, deployment/NS/NAME, node/NAME, client/NAME or ip/ADDRESS'],
    ['node/d', 'no-such-node', 'there is node/a, node/b, node/c'],
    ['client/internett', 'no-such-client', 'did you mean client/internet?'],
    ['ip/10.0.0', 'bad-address', 'write ip/ADDRESS'],
    ['deployment/shop/none', 'no-running-pod', 'it has no pods at all'],
    ['pod/shop/lost', 'pod-has-no-network', 'choose a running pod'],
    ['pod/shop/done', 'pod-has-no-network', 'choose a running pod'],
    ['service/shop/api', 'bad-source', 'ask from one of its pods'],
    ['', 'bad-source', 'write pod/NS/NAME, deployment/NS/NAME, node/NAME, client/NAME or ip/ADDRESS'],
    ['pod/a/b/c', 'bad-source', 'write pod/NS/NAME, deployment/NS/NAME, node/NAME, client/NAME or ip/ADDRESS'],
  ])('%s is refused and says what to write', (text, code, fix) => {
    const source = resolveFrom(cluster, text);
    expect(source.ok ? null : [source.error.code, source.error.fix]).toEqual([code, fix]);
  });
});

describe('names without packets (network-policy-ingress.md, DNS)', () => {
  test.each([
    ['a name of the own namespace', 'pod/shop/web', 'api', 'service/shop/api 10.96.1.1 without-packets'],
    ['not of another', 'pod/cli', 'api', 'nxdomain: no Service api in namespace default'],
    ['name.namespace', 'pod/cli', 'api.shop', 'service/shop/api 10.96.1.1 without-packets'],
    ['name.namespace.svc', 'pod/cli', 'api.shop.svc', 'service/shop/api 10.96.1.1 without-packets'],
    ['the full name', 'pod/cli', 'api.shop.svc.cluster.local', 'service/shop/api 10.96.1.1 without-packets'],
    ['the full name with its dot', 'pod/cli', 'api.shop.svc.cluster.local.', 'service/shop/api 10.96.1.1 without-packets'],
    ['a short name with a dot is only itself', 'pod/shop/web', 'api.', 'nxdomain: nobody outside is known by the name api'],
    ['upper case', 'pod/shop/web', 'API', 'service/shop/api 10.96.1.1 without-packets'],
    ['no such namespace', 'pod/cli', 'api.shpo', 'nxdomain: no namespace shpo'],
    ['headless: every ready endpoint', 'pod/shop/web', 'db', `service/shop/db ${db.join(' ')} without-packets`],
    ['a StatefulSet pod under its Service', 'pod/shop/web', 'db-0.db', `service/shop/db ${cluster.pods.find(({ name }) => name === 'db-0')!.ips[0]!} without-packets`],
    ['no such ordinal', 'pod/shop/web', 'db-7.db', 'nxdomain: Service db has no endpoint named db-7'],
    ['headless without endpoints', 'pod/shop/web', 'empty', 'nxdomain: Service empty is headless and has no ready endpoint'],
    ['a pod’s record', 'pod/shop/web', '10-244-1-2.default.pod.cluster.local', '10-244-1-2.default.pod.cluster.local 10.244.1.2 without-packets'],
    ['ExternalName to a known host', 'pod/shop/web', 'alias', 'alias 192.0.2.99 without-packets'],
    ['ExternalName to a Service', 'pod/shop/web', 'inner', 'inner 10.96.1.1 without-packets'],
    ['ExternalName to itself', 'pod/shop/web', 'loop', 'nxdomain: Service loop is an ExternalName that leads to no address'],
    ['an outside host', 'pod/shop/web', 'db.partner.example', 'db.partner.example 192.0.2.99 without-packets'],
    ['an outside host by wildcard', 'pod/shop/web', 'x.wild.example', 'x.wild.example 192.0.2.99 without-packets'],
    ['a name set aside for examples', 'pod/shop/web', 'example.com', 'example.com 192.0.2.80 without-packets'],
    ['a name that nobody has', 'pod/shop/web', 'no.such.host.net', 'nxdomain: nobody outside is known by the name no.such.host.net'],
    ['a node’s resolver knows no cluster names', 'node/a', 'api.shop.svc.cluster.local', 'nxdomain: cluster names exist only in the cluster’s DNS, which this machine does not ask'],
    ['nor does a hostNetwork pod’s with ClusterFirst', 'pod/shop/host', 'api', 'nxdomain: nobody outside is known by the name api'],
    ['but with ClusterFirstWithHostNet it does', 'pod/shop/hostdns', 'api', 'service/shop/api 10.96.1.1 without-packets'],
    ['dnsPolicy Default asks the node’s resolver', 'pod/shop/plain', 'api', 'nxdomain: nobody outside is known by the name api'],
    ['nor does the internet', 'client/internet', 'api.shop.svc.cluster.local', 'nxdomain: cluster names exist only in the cluster’s DNS, which this machine does not ask'],
    ['localhost', 'pod/shop/web', 'localhost', 'localhost 127.0.0.1 literal'],
  ])('%s', (_, source, text, expected) => {
    expect(ask(source, text)).toBe(expected);
  });

  test('an outside name that only its author knows gets a stand-in address, and says so', () => {
    const answer = resolveTo(cluster, from('pod/shop/web'), 'unknown');
    expect(answer.ok && answer.value.kind === 'target' && [answer.value.target.standIn, answer.value.target.cnames, answer.value.target.ips[0]!.startsWith('192.0.2.'), answer.value.target.party]).toEqual([true, ['unknown.shop.svc.cluster.local'], true, null]);
  });
  test('what was tried is listed in the resolver’s order (ndots:5)', () => {
    const answer = resolveTo(cluster, from('pod/shop/web'), 'nope.shop');
    expect(answer.ok && answer.value.kind === 'nxdomain' && answer.value.tried).toEqual(['nope.shop.shop.svc.cluster.local', 'nope.shop.svc.cluster.local', 'nope.shop.cluster.local', 'nope.shop']);
  });
});

describe('destinations (CLI.md, B)', () => {
  test.each([
    ['pod/cli', '10.96.1.1', '10.96.1.1 10.96.1.1 literal'],
    ['pod/cli', 'service/shop/api', 'service/shop/api 10.96.1.1 object'],
    ['pod/cli', 'svc/shop/api', 'service/shop/api 10.96.1.1 object'],
    ['pod/cli', 'pod/shop/web', 'pod/shop/web 10.244.1.6 object'],
    ['pod/cli', 'node/b', 'node/b 192.168.56.12 object'],
    ['pod/cli', 'ip/10.9.9.9', 'ip/10.9.9.9 10.9.9.9 literal'],
    ['pod/cli', 'host/partner', 'host/partner 192.0.2.99 object'],
    ['pod/cli', 'service/shop/db', `service/shop/db ${db.join(' ')} without-packets`],
    ['pod/cli', 'service/shop/alias', 'service/shop/alias 192.0.2.99 without-packets'],
    ['pod/cli', 'http://api.shop/x', 'service/shop/api 10.96.1.1 without-packets'],
    ['pod/cli', '[fd00::1]', '[fd00::1] fd00::1 literal'],
    ['client/internet', 'service/shop/lb', 'service/shop/lb 198.51.100.20 object'],
    ['client/internet', 'service/shop/ext', 'service/shop/ext 198.51.100.77 object'],
    ['client/internet', 'service/shop/np', 'service/shop/np 192.168.56.11 object'],
    ['client/internet', 'service/shop/api', 'service/shop/api 10.96.1.1 object'],
    ['10.9.9.9', 'service/shop/lb', 'service/shop/lb 198.51.100.20 object'],
    ['node/a', 'service/shop/lb', 'service/shop/lb 10.96.1.3 object'],
    ['pod/cli', 'service/shop/apo', 'no-such-service: did you mean service/shop/api?'],
    ['pod/cli', 'service/api', 'no-such-service: did you mean service/shop/api?'],
    ['pod/cli', 'ftp://x', 'bad-url: write http://HOST[:PORT]/PATH'],
    ['pod/cli', 'http://', 'bad-url: write http://HOST[:PORT]/PATH'],
    ['pod/cli', 'a b', 'bad-name: use letters, digits, "-" and "."'],
    ['pod/cli', 'x/y', 'bad-destination: write service/NS/NAME, pod/NS/NAME, node/NAME, an address, a name or a URL'],
    ['pod/cli', '', 'bad-destination: write an address, a name, service/NS/NAME, pod/NS/NAME, node/NAME or a URL'],
  ])('%s → %s', (source, text, expected) => {
    expect(ask(source, text)).toBe(expected);
  });

  test('from outside, a node port stands for the Service’s port, by protocol, and the answer says so', () => {
    const answer = resolveTo(cluster, from('client/internet'), 'service/shop/np');
    if (!answer.ok || answer.value.kind !== 'target') throw new Error('no target');
    const { target } = answer.value;
    expect([dialledPort(target, 'tcp', 80), dialledPort(target, 'udp', 53), dialledPort(target, 'tcp', 81), target.via]).toEqual([30_080, 30_053, 81, 'by node port 30080, 30053 of node a']);
  });
});

describe('ports on offer', () => {
  test.each([
    ['service/shop/np', ['80/tcp web', '53/udp dns']],
    ['pod/shop/web', ['8080/tcp http']],
    ['node/c', [`${cluster.services.find(({ name }) => name === 'lb')!.ports[0]!.nodePort}/tcp lb`, '30080/tcp np', '30053/udp np']],
    ['node/b', [`${cluster.services.find(({ name }) => name === 'lb')!.ports[0]!.nodePort}/tcp lb`, '30080/tcp np', '30053/udp np', '8080/tcp ']],
    ['host/partner', ['443/tcp ', '53/udp ']],
    ['host/internet', []],
    ['10.96.1.1', ['80/tcp web']],
    ['https://api.shop', ['443/tcp https']],
    ['api.shop', ['80/tcp web']],
    ['nope', []],
    ['', []],
  ])('%s', (to, expected) => {
    expect(offersOf(cluster, to).map(({ port, protocol, name }) => `${port}/${protocol} ${name}`)).toEqual(expected);
  });
});

test.each([
  ['http://a', { scheme: 'http', host: 'a', port: 80, path: '/' }],
  ['HTTPS://Shop.example:8443/a/b?q=1#x', { scheme: 'https', host: 'Shop.example', port: 8443, path: '/a/b?q=1' }],
  ['http://[fd00::1]:81?x', { scheme: 'http', host: 'fd00::1', port: 81, path: '/?x' }],
  ['http://a:0/', null], ['http://a:70000/', null], ['http://user@a/', null], ['http://a b/', null], ['ftp://a', null], ['a', null],
])('the URL %s', (text, expected) => {
  const url = parseUrl(text);
  expect(url && { scheme: url.scheme, host: url.host, port: url.port, path: url.path }).toEqual(expected);
});
