import { expect, test } from 'vitest';
import { allowedJson, isPair, reach } from '../../analysis/reach.ts';
import { openDocuments } from '../testing/open-documents.ts';

/** What public analyzers expect of `reach` (np-guard/netpol-analyzer, its tests' connlists), in their own form: `source => destination : connections`. */
async function connections(text: string, { listeningOnly = false, ipBlocksMatchPods = true } = {}): Promise<readonly string[]> {
  const sandbox = await openDocuments(text);
  const found = reach(sandbox.world()!.cluster, { listeningOnly, ipBlocksMatchPods });
  return found.peers.flatMap((from) => found.peers.filter((to) => isPair(from, to)).flatMap((to) => {
    const allowed = allowedJson(found.between(from, to)).map(({ protocol, ports }) => `${protocol} ${ports}`);
    return allowed.length === 0 ? [] : [`${from.name} => ${to.name} : ${allowed.length === 3 && allowed.every((one) => one.endsWith(' all')) ? 'All Connections' : allowed.join(', ')}`];
  }));
}

const OUTSIDE = '0.0.0.0-255.255.255.255';
const pod = (name: string, owner = '', ports = ''): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: ${name.split('-')[0]}}${owner ? `, ownerReferences: [{apiVersion: extensions/v1beta1, controller: true, kind: ${owner.split('/')[0]}, name: ${owner.split('/')[1]}, uid: u}]` : ''}}, spec: {containers: [{ports: [${ports}]}]}}`;
const deployment = (name: string, ports = ''): string =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {replicas: 2, selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: i, ports: [${ports}]}]}}}}`;
const policy = (name: string, spec: string): string => `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}}, spec: {${spec}}}`;
const documents = (...texts: readonly string[]): string => texts.join('\n---\n');

test('core_pods_without_host_ip: a list cut down to labels and owners; pods count as their controller', async () => {
  expect(await connections(documents(pod('a-1', 'DaemonSet/a'), pod('a-2', 'DaemonSet/a'), pod('b-1', 'ReplicaSet/b-7d77'), policy('p', 'podSelector: {}, ingress: [{}]')))).toEqual([
    'default/a[DaemonSet] => default/b-7d77[ReplicaSet] : All Connections', `default/a[DaemonSet] => ${OUTSIDE} : All Connections`,
    'default/b-7d77[ReplicaSet] => default/a[DaemonSet] : All Connections', `default/b-7d77[ReplicaSet] => ${OUTSIDE} : All Connections`,
    `${OUTSIDE} => default/a[DaemonSet] : All Connections`, `${OUTSIDE} => default/b-7d77[ReplicaSet] : All Connections`,
  ]);
});

test('with_end_port_example: every port of every protocol is everything', async () => {
  const ports = ['TCP', 'UDP', 'SCTP'].map((protocol) => `{port: 1, endPort: 65535, protocol: ${protocol}}`).join(', ');
  expect(await connections(documents(deployment('a'), policy('p', `podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ports: [${ports}]}]`)))).toEqual([`${OUTSIDE} => default/a[Deployment] : All Connections`]);
});

test('netpol_named_port_test: a name that the pod has for another protocol lets nothing pass (they print the name all the same)', async () => {
  const named = policy('p', 'podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {}}], ports: [{port: newport, protocol: UDP}]}]');
  expect(await connections(documents(deployment('a', '{name: newport, containerPort: 8956, protocol: SCTP}'), deployment('b'), named))).toEqual([
    `default/b[Deployment] => ${OUTSIDE} : All Connections`, `${OUTSIDE} => default/b[Deployment] : All Connections`,
  ]);
});

test('test_with_named_ports: one name, several numbers and protocols; the own protocol of each entry counts', async () => {
  const named = policy('p', 'podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port: web}, {port: dns, protocol: UDP}]}], egress: [{ports: [{port: web}]}, {to: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: dns, protocol: UDP}]}]');
  expect(await connections(documents(deployment('a', '{name: web, containerPort: 80}'), deployment('b', '{name: web, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}'), named))).toEqual([
    'default/a[Deployment] => default/b[Deployment] : TCP 8080, UDP 53', 'default/b[Deployment] => default/a[Deployment] : TCP 80',
    `${OUTSIDE} => default/a[Deployment] : TCP 80`, `${OUTSIDE} => default/b[Deployment] : TCP 8080, UDP 53`,
  ]);
});

test('ipblockstest: ranges are what the exceptions leave; with addresses of pods left out, a block means the outside alone', async () => {
  const block = documents(deployment('a'), deployment('b'), policy('p', 'podSelector: {matchLabels: {app: a}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.21.0.0/16]}}], ports: [{port: 53, protocol: UDP}]}]'));
  const into = async (over: { ipBlocksMatchPods?: boolean }) => (await connections(block, over)).filter((line) => line.includes('=> default/a['));
  const outside = ['0.0.0.0-9.255.255.255', '11.0.0.0-172.20.255.255', '172.22.0.0-255.255.255.255'].map((range) => `${range} => default/a[Deployment] : UDP 53`);
  expect([await into({}), await into({ ipBlocksMatchPods: false })]).toEqual([outside, outside]);
});

test('one_ingress_multiple_ports, demo_app_with_routes_and_ingress: the controller reaches the pods\' own ports behind each Service port that a rule or the default backend names, where policy lets it', async () => {
  const front = [
    deployment('web', '{name: http, containerPort: 8000}, {containerPort: 8090}, {containerPort: 9000}'), deployment('other', '{containerPort: 8050}'),
    '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 81, targetPort: 8090}, {name: c, port: 82, targetPort: 9000}]}}',
    '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {defaultBackend: {service: {name: web, port: {name: b}}}, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}, {path: /gone, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}]}}]}}',
  ];
  const byController = async (...more: readonly string[]) => (await connections(documents(...front, ...more))).filter((line) => line.includes('{ingress-controller}'));
  expect(await byController()).toEqual(['{ingress-controller} => default/web[Deployment] : TCP 8000,8090']);
  expect(await byController(policy('p', 'podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 8090}]}]'))).toEqual(['{ingress-controller} => default/web[Deployment] : TCP 8090']);
  expect(await byController(policy('p', 'podSelector: {}, ingress: [{from: [{podSelector: {}}]}]'))).toEqual([]);
});
