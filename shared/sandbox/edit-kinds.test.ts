import { describe, expect, test } from 'vitest';
import type { Output } from '../api/contract.ts';
import { schemas } from '../api/schemas.ts';
import type { ClusterEdit } from '../model/edit/types.ts';
import type { Sandbox } from './create-sandbox.ts';
import { openDocuments } from './testing/open-documents.ts';

const shop = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 3 # enough
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, tier: back}}
    spec:
      containers: [{name: api, image: api, ports: [{containerPort: 8080}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: one, namespace: shop}
spec:
  selector: {matchLabels: {app: one}}
  template:
    metadata: {labels: {app: one}}
    spec:
      containers: [{name: one, image: one}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  type: NodePort
  selector: {app: api}
  ports:
  - port: 80 # the usual
    targetPort: 8080
    nodePort: 30080
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: agent, image: agent}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  rules: [{host: shop.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}}]
`;

async function opened(extra = ''): Promise<Sandbox> {
  return openDocuments([{ name: 'shop.yaml', text: shop + extra }]);
}
async function edit(sandbox: Sandbox, one: ClusterEdit): Promise<Extract<Output<'edit'>, { kind: 'done' }>> {
  expect(schemas.edit.safeParse({ edit: one }).error?.issues ?? []).toEqual([]);
  const edited = await sandbox.edit({ edit: one });
  if (edited.kind === 'choose') throw new Error(edited.question);
  return edited;
}
const podsOf = (sandbox: Sandbox, stem: string) => sandbox.world()!.cluster.pods.filter((pod) => pod.namespace === 'shop' && pod.name.startsWith(stem));
const serviceOf = (sandbox: Sandbox, name: string) => sandbox.world()!.cluster.services.find((service) => service.name === name)!;
const endpointsOf = (sandbox: Sandbox, service: string): number => sandbox.world()!.cluster.endpointSlices.filter((slice) => slice.service === service).flatMap((slice) => slice.endpoints.filter((one) => one.ready)).length;
const textOf = (sandbox: Sandbox): string => sandbox.world()!.documents.map((document) => document.text).join('---\n');
const errors = (sandbox: Sandbox): readonly string[] => sandbox.world()!.problems.filter((problem) => problem.severity === 'error').map((problem) => problem.what);
const pod = (name: string) => ({ namespace: 'shop', name });

describe('every kind of edit', () => {
  const plain: readonly (readonly [string, ClusterEdit, (sandbox: Sandbox) => unknown, unknown])[] = [
    ['labels', { kind: 'set-labels', target: { kind: 'Pod', namespace: 'shop', name: 'web' }, labels: { app: 'api' } }, (s) => endpointsOf(s, 'api'), 4],
    ['labels of a lab node', { kind: 'set-labels', target: { kind: 'Node', name: 'b' }, labels: { zone: 'x' } }, (s) => s.world()!.cluster.nodes.map((node) => [node.name, node.labels['zone'] ?? '', node.addresses[0]]), [['a', '', '192.168.56.11'], ['b', 'x', '192.168.56.12'], ['c', '', '192.168.56.13']]],
    ['labels of a namespace nobody wrote', { kind: 'set-labels', target: { kind: 'Namespace', name: 'shop' }, labels: { team: 'x' } }, (s) => s.world()!.cluster.namespaces.find((one) => one.name === 'shop')!.labels['team'], 'x'],
    ['a selector', { kind: 'set-selector', service: pod('api'), selector: { app: 'web' } }, (s) => endpointsOf(s, 'api'), 1],
    ['no selector', { kind: 'set-selector', service: pod('api'), selector: null }, (s) => serviceOf(s, 'api').selector, null],
    ['connect by labels', { kind: 'connect-service', service: pod('api'), pod: pod('web'), by: 'labels' }, (s) => [endpointsOf(s, 'api'), serviceOf(s, 'api').selector], [4, { app: 'api' }]],
    ['connect by selector', { kind: 'connect-service', service: pod('api'), pod: pod('web'), by: 'selector' }, (s) => [endpointsOf(s, 'api'), serviceOf(s, 'api').selector], [1, { app: 'web' }]],
    ['the only pod of a Deployment moves by its template', { kind: 'move-pod', pod: pod(''), node: 'c' }, (s) => podsOf(s, 'one').map((one) => one.node), ['c']],
    ['scale up', { kind: 'scale', workload: { kind: 'Deployment', namespace: 'shop', name: 'api' }, replicas: 5 }, (s) => [podsOf(s, 'api').length, textOf(s)], [5, shop.replace('replicas: 3', 'replicas: 5')]],
    ['scale where nothing said how many', { kind: 'scale', workload: { kind: 'Deployment', namespace: 'shop', name: 'one' }, replicas: 2 }, (s) => podsOf(s, 'one').length, 2],
    ['duplicate a Service without its node port', { kind: 'duplicate', target: { kind: 'Service', namespace: 'shop', name: 'api' } }, (s) => [serviceOf(s, 'api-2').selector, serviceOf(s, 'api').ports[0]!.nodePort, errors(s)], [{ app: 'api' }, 30080, []]],
    ['duplicate a pod', { kind: 'duplicate', target: { kind: 'Pod', namespace: 'shop', name: 'web' } }, (s) => podsOf(s, 'web').map((one) => one.name), ['web', 'web-2']],
    ['duplicate a made pod = one more', { kind: 'duplicate', target: { kind: 'Pod', namespace: 'shop', name: '' } }, (s) => podsOf(s, 'api').length, 4],
    ['not ready', { kind: 'set-ready', pod: pod('web'), ready: false }, (s) => podsOf(s, 'web')[0]!.ready, false],
    ['a made pod not ready', { kind: 'set-ready', pod: pod(''), ready: false }, (s) => [podsOf(s, 'api').length, endpointsOf(s, 'api')], [3, 2]],
    ['terminating: another takes its place', { kind: 'set-terminating', pod: pod(''), terminating: true }, (s) => [podsOf(s, 'api').filter((one) => one.terminating).length, podsOf(s, 'api').length, endpointsOf(s, 'api')], [1, 4, 3]],
    ['crash', { kind: 'crash', pod: pod(''), crashed: true }, (s) => [podsOf(s, 'api').filter((one) => one.crashed).map((one) => one.ready), endpointsOf(s, 'api')], [[false], 2]],
    ['cordon moves nobody', { kind: 'cordon', node: 'a', cordoned: true }, (s) => [s.world()!.cluster.nodes[0]!.unschedulable, podsOf(s, 'api').some((one) => one.node === 'a')], [true, true]],
    ['drain empties the node but for DaemonSets', { kind: 'drain', node: 'a' }, (s) => [podsOf(s, '').filter((one) => one.node === 'a').map((one) => one.owner?.kind), podsOf(s, 'api').length], [['DaemonSet'], 3]],
    ['a type without node ports', { kind: 'set-service', service: pod('api'), set: { type: 'ClusterIP' } }, (s) => [serviceOf(s, 'api').type, serviceOf(s, 'api').ports[0]!.nodePort, textOf(s).includes('# the usual'), errors(s)], ['ClusterIP', 0, true, []]],
    ['traffic policies and affinity', { kind: 'set-service', service: pod('api'), set: { externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local', sessionAffinitySeconds: 60 } }, (s) => [serviceOf(s, 'api').externalTrafficPolicy, serviceOf(s, 'api').internalTrafficPolicy, serviceOf(s, 'api').sessionAffinitySeconds], ['Local', 'Local', 60]],
    ['ports', { kind: 'set-service', service: pod('api'), set: { ports: [{ name: 'http', port: 81, targetPort: 8080 }, { name: 'more', port: 82 }] } }, (s) => [serviceOf(s, 'api').ports.map((one) => one.port), textOf(s).includes('# the usual'), errors(s)], [[81, 82], true, []]],
    ['an external name', { kind: 'set-service', service: pod('api'), set: { type: 'ExternalName', externalName: 'example.com' } }, (s) => [serviceOf(s, 'api').externalName, errors(s)], ['example.com', []]],
    ['an Ingress path', { kind: 'set-ingress-backend', ingress: pod('shop'), host: 'shop.example', path: '/v2', service: 'api', port: 80 }, (s) => s.world()!.cluster.ingresses![0]!.backends.map((one) => one.path), ['/', '/v2']],
    ['a new Ingress host', { kind: 'set-ingress-backend', ingress: pod('shop'), host: 'new.example', path: '/', service: 'api', port: 80 }, (s) => s.world()!.cluster.ingresses![0]!.backends.map((one) => one.host), ['shop.example', 'new.example']],
    ['the proxy mode', { kind: 'set-proxy-mode', mode: 'nftables' }, (s) => [s.world()!.cluster.settings.proxyMode, s.world()!.cluster.settings.detectLocal], ['nftables', { kind: 'cluster-cidr', cidrs: ['10.244.0.0/16'] }]],
    ['the pod network', { kind: 'set-pod-network', podNetwork: 'vxlan' }, (s) => s.world()!.cluster.settings.podNetwork, 'vxlan'],
    ['sandbox fields', { kind: 'set-sandbox', set: { masquerade: false, podsRoutable: true } }, (s) => [s.world()!.cluster.settings.masquerade, s.world()!.cluster.settings.podsRoutable], [false, true]],
    ['a cut link', { kind: 'cut-link', a: 'node/a', b: 'switch/lan' }, (s) => s.world()!.cluster.settings.faults, [{ kind: 'link-cut', a: 'node/a', b: 'switch/lan' }]],
    ['a cut route', { kind: 'cut-route', on: 'a', dst: '10.244.2.0/24' }, (s) => s.world()!.cluster.settings.faults, [{ kind: 'route-cut', on: 'a', dst: '10.244.2.0/24' }]],
    ['a stopped node', { kind: 'stop-node', node: 'b' }, (s) => s.world()!.cluster.settings.faults, [{ kind: 'node-stopped', node: 'b' }]],
    ['a fault', { kind: 'set-fault', fault: { kind: 'mtu', on: 'node/a', bytes: 1400 }, on: true }, (s) => s.world()!.cluster.settings.faults, [{ kind: 'mtu', on: 'node/a', bytes: 1400 }]],
    ['deny', { kind: 'deny', from: { ref: { kind: 'Pod', namespace: 'shop', name: 'web' } }, to: { ref: { kind: 'Deployment', namespace: 'shop', name: 'api' } } }, (s) => [s.world()!.cluster.policies.map((one) => one.name), errors(s)], [['deny-web-to-api'], []]],
    ['expose', { kind: 'expose', target: { kind: 'Deployment', namespace: 'shop', name: 'one' }, port: 80, targetPort: 9000 }, (s) => [endpointsOf(s, 'one'), errors(s)], [1, []]],
    ['delete a workload and its pods', { kind: 'delete-object', target: { kind: 'Deployment', namespace: 'shop', name: 'api' } }, (s) => podsOf(s, 'api').length, 0],
    ['delete a lab node', { kind: 'delete-object', target: { kind: 'Node', name: 'b' } }, (s) => [s.world()!.cluster.nodes.map((node) => `${node.name} ${node.podCidrs.join()}`), podsOf(s, 'api').map((one) => one.node).includes('b')], [['a 10.244.1.0/24', 'c 10.244.3.0/24'], false]],
    ['add a pod', { kind: 'add-object', object: { kind: 'pod', namespace: 'shop', node: 'b' } }, (s) => [podsOf(s, 'pod').map((one) => [one.name, one.node]), errors(s)], [[['pod', 'b']], []]],
    ['add a deployment', { kind: 'add-object', object: { kind: 'deployment', namespace: 'shop' } }, (s) => [podsOf(s, 'app').length, errors(s)], [2, []]],
    ['add a service', { kind: 'add-object', object: { kind: 'service', namespace: 'shop', name: 'w', selector: { app: 'web' } } }, (s) => [endpointsOf(s, 'w'), errors(s)], [1, []]],
    ['add a policy', { kind: 'add-object', object: { kind: 'policy', namespace: 'shop' } }, (s) => [s.world()!.cluster.policies.map((one) => [one.ingress, one.egress]), errors(s)], [[[[], null]], []]],
    ['add a node', { kind: 'add-object', object: { kind: 'node' } }, (s) => s.world()!.cluster.nodes.map((node) => `${node.name} ${node.addresses[0]} ${node.podCidrs[0]}`), ['a 192.168.56.11 10.244.1.0/24', 'b 192.168.56.12 10.244.2.0/24', 'c 192.168.56.13 10.244.3.0/24', 'd 192.168.56.14 10.244.4.0/24']],
    ['add a namespace', { kind: 'add-object', object: { kind: 'namespace', name: 'n' } }, (s) => s.world()!.cluster.namespaces.some((one) => one.name === 'n' && !one.implied), true],
    ['add an ingress', { kind: 'add-object', object: { kind: 'ingress', namespace: 'shop', service: 'api' } }, (s) => [s.world()!.cluster.ingresses!.map((one) => one.name), errors(s)], [['api', 'shop'], []]],
    ['add a client', { kind: 'add-object', object: { kind: 'client' } }, (s) => s.world()!.cluster.outsiders.map((one) => `${one.kind} ${one.name} ${one.addresses[0]}`), ['client internet 203.0.113.10', 'client office 203.0.113.11', 'host internet 192.0.2.80']],
    ['edit yaml', { kind: 'edit-yaml', document: 'more.yaml', text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: more}\n' }, (s) => s.world()!.documents.map((one) => one.name), ['shop.yaml', 'more.yaml']],
    ['places', { kind: 'set-layout', positions: { 'pod/shop/web': { x: 1, y: 2 } } }, (s) => textOf(s), shop],
  ];

  test.each(plain)('%s', async (_, given, look, expected) => {
    const sandbox = await opened();
    const [first] = podsOf(sandbox, 'api');
    const only = podsOf(sandbox, 'one')[0]!;
    const named = JSON.parse(JSON.stringify(given).replace('"name":""', `"name":"${given.kind === 'move-pod' ? only.name : first!.name}"`)) as ClusterEdit;
    const before = sandbox.world()!;
    await edit(sandbox, named);
    expect(look(sandbox)).toEqual(expected);
    await sandbox.undo({});
    expect([sandbox.world()!.documents, sandbox.world()!.cluster]).toEqual([before.documents, before.cluster]);
  });

  test('an edit moves and readdresses nobody but whom it names', async () => {
    const sandbox = await opened();
    const places = (): ReadonlyMap<string, string> => new Map(sandbox.world()!.cluster.pods.map((one) => [one.name, `${one.node} ${one.ips.join()}`]));
    const before = places();
    await edit(sandbox, { kind: 'move-pod', pod: pod('web'), node: 'c' });
    await edit(sandbox, { kind: 'scale', workload: { kind: 'Deployment', namespace: 'shop', name: 'api' }, replicas: 5 });
    await edit(sandbox, { kind: 'add-object', object: { kind: 'pod', namespace: 'shop', name: 'aaa' } });
    const after = places();
    expect([...before].filter(([name, place]) => after.get(name) !== place).map(([name]) => name)).toEqual(['web']);
    expect(new Set(after.values()).size).toBe(after.size);
  });
});
