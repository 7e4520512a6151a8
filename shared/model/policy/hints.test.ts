import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../base/problem.ts';
import { buildCluster } from '../build-cluster.ts';
import type { Fields } from '../json-fields.ts';
import { manifest, manifestsForTest } from '../objects-for-tests.ts';
import { np } from './testing/lab.ts';

const pod = (name: string, app: string, port: number, spec: Fields = {}): Fields => manifest('Pod', `shop/${name}`, { spec: { containers: [{ name: 'c', image: 'x', ports: [{ name: 'http', containerPort: port }] }], ...spec } }, { labels: { app } });
const service = manifest('Service', 'shop/api', { spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080 }] } });
const things: readonly Fields[] = [pod('web', 'web', 80), pod('api', 'api', 8080), pod('agent', 'agent', 9100, { hostNetwork: true }), service];

/** The hints of one policy, without its file. */
const hints = (spec: Fields, ...more: readonly Fields[]): readonly string[] =>
  buildCluster(manifestsForTest(...things, ...more, np('shop/p', spec))).problems.filter(({ at, code }) => at?.file.startsWith('NetworkPolicy/p') && code.startsWith('policy-')).map((problem) => formatProblem(problem).replace('NetworkPolicy/p:', '').replace(':1:1', ''));

const api = { matchLabels: { app: 'api' } };
const web = { podSelector: { matchLabels: { app: 'web' } } };
const dns = { ports: [{ port: 53, protocol: 'UDP' }] };
const rows: readonly [name: string, spec: Fields, found: readonly string[]][] = [
  ['nothing surprises', { podSelector: api, ingress: [{ from: [web], ports: [{ port: 8080 }] }] }, []],
  ['nobody is selected', { podSelector: { matchLabels: { app: 'apis' } } }, ['spec.podSelector: info: no pod of namespace shop has these labels, so this policy does nothing yet — compare it with the labels of the pods']],
  ['a pod on the host\'s network is', { podSelector: { matchLabels: { app: 'agent' } } }, ['spec.podSelector: info: pod agent is selected, but stands on the host\'s network, where no policy reaches it — filter it on the node']],
  ['rules of a type that is not named', { podSelector: api, policyTypes: ['Ingress'], egress: [{ to: [web] }] }, ['spec.egress: warning: these egress rules do nothing: policyTypes does not name Egress — add Egress to policyTypes, or remove the rules']],
  ['one dash', { podSelector: api, ingress: [{ from: [{ namespaceSelector: {} }, web] }] }, ['spec.ingress.0.from.1: info: this podSelector stands beside the namespaceSelector before it, so either is enough: every pod of those namespaces, and such pods of the own namespace — to mean such pods of those namespaces only, put both into one entry, without a dash before podSelector']],
  ['no dash', { podSelector: api, ingress: [{ from: [{ namespaceSelector: {}, ...web }] }] }, []],
  ['the Service\'s port, on the way in', { podSelector: api, ingress: [{ ports: [{ port: 80 }] }] }, ['spec.ingress.0.ports.0.port: warning: 80 is the port of Service shop/api, but policies see the pod\'s own port, which is 8080 — write 8080']],
  ['the Service\'s port, on the way out', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: api }], ports: [{ port: 80 }] }, dns] }, ['spec.egress.0.ports.0.port: warning: 80 is the port of Service shop/api, but policies see the pod\'s own port, which is 8080 — write 8080']],
  ['a port that some destination has', { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, ingress: [{ ports: [{ port: 80 }] }] }, []],
  ['a name that nobody has', { podSelector: api, ingress: [{ ports: [{ port: 'https' }] }] }, ['spec.ingress.0.ports.0.port: warning: no pod that this rule speaks of has a TCP port named https, so it matches nothing — name a port as the containers do, with its protocol, or write the number']],
  ['a name of another protocol', { podSelector: api, ingress: [{ ports: [{ port: 'http', protocol: 'UDP' }] }] }, ['spec.ingress.0.ports.0.port: warning: no pod that this rule speaks of has a UDP port named http, so it matches nothing — name a port as the containers do, with its protocol, or write the number']],
  ['DNS forgotten', { podSelector: api, policyTypes: ['Egress'], egress: [{ to: [web], ports: [{ port: 80 }] }] }, ['spec.egress: warning: pod api may not ask a DNS server: no egress rule allows UDP port 53, so it cannot look up any name — allow ports 53 UDP and TCP to the pods of kube-dns in namespace kube-system']],
  ['DNS in a range', { podSelector: api, policyTypes: ['Egress'], egress: [{ ports: [{ port: 50, endPort: 60, protocol: 'UDP' }] }] }, []],
  ['nothing is allowed out, which is meant', { podSelector: api, policyTypes: ['Egress'], egress: [] }, []],
  ['cluster IPs', { podSelector: api, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.96.0.10/32' } }] }] }, ['spec.egress.0.to.0.ipBlock.cidr: warning: 10.96.0.10/32 lies in the range of cluster IPs, which are rewritten to a pod\'s address before a policy sees the packet — select the pods behind the Service']],
];

describe('what is valid and yet surprises is said at its place', () => {
  test.each(rows)('%s', (_name, spec, found) => {
    expect(hints(spec)).toEqual(found);
  });
  test('another policy may allow DNS', () => {
    expect(hints({ podSelector: api, policyTypes: ['Egress'], egress: [{ to: [web] , ports: [{ port: 80 }] }] }, np('shop/dns', { podSelector: {}, policyTypes: ['Egress'], egress: [dns] }))).toEqual([]);
  });
});
