import { describe, expect, test } from 'vitest';
import { printFraction, fromFractionJson } from '../base/fraction.ts';
import type { ProxyMode } from '../model/types.ts';
import type { Branch, Probe } from '../trace/types.ts';
import { openDocuments } from './testing/open-documents.ts';

const pod = (name: string, node: string, labels: string, port: number): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { ${labels} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: x, ports: [{ containerPort: ${port} }] }] }\n`;
const service = (name: string, ip: string, spec: string): string => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { clusterIP: ${ip}, ports: [{ port: 80, targetPort: 8080${spec.includes('NodePort') ? ', nodePort: 30080' : ''} }], ${spec} }\n`;

const manifests = [
  `${pod('web', 'a', 'app: web', 80)}status: { podIP: 10.244.1.6 }\n`, pod('api-1', 'a', 'app: api', 8080), pod('api-2', 'b', 'app: api', 8080), pod('dead', 'b', 'app: half', 9999), pod('alive', 'a', 'app: half', 8080),
  service('api', '10.96.1.1', 'type: NodePort, selector: { app: api }'), service('none', '10.96.1.2', 'selector: { app: nobody }'), service('half', '10.96.1.3', 'selector: { app: half }'),
  service('near', '10.96.1.4', 'internalTrafficPolicy: Local, selector: { app: api }'),
].join('---\n');

const settings = (mode: ProxyMode): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\nclusterCIDR: 10.244.0.0/16\n`;

const summary = (branch: Branch): string => {
  const legs = branch.legs.filter((leg) => leg.kind === 'onward').length;
  const end = branch.verdict === 'delivered' ? `${branch.endpoint?.pod ?? 'outside'} saw ${branch.sourceSeen?.ip ?? '?'}` : `${branch.verdict} ${branch.code}`;
  return `${printFraction(fromFractionJson(branch.odds))} ${end}${legs > 0 ? ` by ${legs}` : ''}`;
};

async function told(mode: ProxyMode, probe: Probe): Promise<readonly string[]> {
  const sandbox = await openDocuments([{ name: 'a.yaml', text: manifests }, { name: 'kube-proxy.yaml', text: settings(mode) }]);
  return (await sandbox.ask({ probe })).journey.branches.map(summary).toSorted();
}

const fromPod = { from: 'pod/web' } as const;
const kept = ['1/2 default/api-1 saw 10.244.1.6', '1/2 default/api-2 saw 10.244.1.6'];
type Row = readonly [name: string, probe: Probe, expected: readonly string[]];

const rows: Readonly<Partial<Record<ProxyMode, readonly Row[]>>> = {
  ipvs: [
    ['[IPVS1] a cluster IP keeps the pod', { ...fromPod, to: '10.96.1.1', port: 80 }, kept],
    ['KPV6 a Service address on a port that no Service has is refused (issue 72236)', { ...fromPod, to: '10.96.1.1', port: 81 }, ['1 refused no-service-port']],
    ['KPV6 so is a ping (website issue 41002)', { ...fromPod, to: '10.96.1.1', protocol: 'icmp' }, ['1 refused no-service-port']],
    ['[IPVS2] nobody behind', { ...fromPod, to: '10.96.1.2', port: 80 }, ['1 refused no-endpoints']],
    ['KPV2 nobody here behind internalTrafficPolicy Local is refused, not dropped', { from: 'node/c', to: '10.96.1.4', port: 80 }, ['1 refused no-local-endpoints']],
    ['a node port', { from: 'client/internet', to: 'node/c', port: 30080 }, ['1/2 default/api-1 saw 192.168.56.13', '1/2 default/api-2 saw 192.168.56.13']],
    ['KPV1 no node port on loopback (issue 67730)', { from: 'node/c', to: '127.0.0.1', port: 30080 }, ['1 refused port-closed']],
  ],
  'socket-lb': [
    ['CN1 a cluster IP', { ...fromPod, to: '10.96.1.1', port: 80 }, kept],
    ['SLB1 node ports of any node, translated before there is a packet', { ...fromPod, to: 'node/c', port: 30080 }, kept],
    ['CN1 the source is chosen for the endpoint, not for the Service', { from: 'node/a', to: '10.96.1.1', port: 80 }, ['1/2 default/api-1 saw 10.244.1.1', '1/2 default/api-2 saw 192.168.56.11']],
    ['SLB1 loopback, too', { from: 'node/b', to: '127.0.0.1', port: 30080 }, ['1/2 default/api-1 saw 192.168.56.12', '1/2 default/api-2 saw 10.244.2.1']],
    ['CN2 nobody behind: connect() fails at once', { ...fromPod, to: '10.96.1.2', port: 80 }, ['1 unreachable no-endpoints']],
    ['SLB2 an outside client: hidden only where the pod is on another node', { from: 'client/internet', to: 'node/a', port: 30080 }, ['1/2 default/api-1 saw 203.0.113.10', '1/2 default/api-2 saw 192.168.56.11']],
    ['SLB2 a cluster IP from outside', { from: 'client/internet', at: 'node/a', to: '10.96.1.1', port: 80 }, ['1 dropped cluster-ip-from-outside']],
  ],
  userspace: [
    ['USR1 the endpoint sees the node, never the pod', { ...fromPod, to: '10.96.1.1', port: 80 }, ['1/2 default/api-1 saw 10.244.1.1 by 1', '1/2 default/api-2 saw 192.168.56.11 by 1']],
    ['USR2 a dial that fails is repeated on the next endpoint', { ...fromPod, to: '10.96.1.3', port: 80 }, ['1/2 default/alive saw 10.244.1.1 by 1', '1/2 default/alive saw 10.244.1.1 by 2']],
    ['USR3 nobody behind: taken, then closed', { ...fromPod, to: '10.96.1.2', port: 80 }, ['1 refused no-endpoints']],
    ['USR1 an outside client', { from: 'client/internet', to: 'node/c', port: 30080 }, ['1/2 default/api-1 saw 192.168.56.13 by 1', '1/2 default/api-2 saw 192.168.56.13 by 1']],
    ['USR1 the node itself', { from: 'node/a', to: '10.96.1.1', port: 80 }, ['1/2 default/api-1 saw 10.244.1.1 by 1', '1/2 default/api-2 saw 192.168.56.11 by 1']],
  ],
  kernelspace: [
    ['WIN1 a cluster IP keeps the pod', { ...fromPod, to: '10.96.1.1', port: 80 }, kept],
    ['WIN2 nobody behind: no policy, nobody refuses', { ...fromPod, to: '10.96.1.2', port: 80 }, ['1 timeout blackhole']],
    ['WIN1 a node port hides the client', { from: 'client/internet', to: 'node/c', port: 30080 }, ['1/2 default/api-1 saw 192.168.56.13', '1/2 default/api-2 saw 192.168.56.13']],
    ['WIN4 what the node itself sends is not known', { from: 'node/a', to: '10.96.1.1', port: 80 }, ['1 unmodelled unmodelled']],
    ['WIN4 nor a pod that calls itself', { from: 'pod/api-1', to: '10.96.1.1', port: 80 }, ['1 unmodelled unmodelled']],
  ],
};

describe.each(Object.entries(rows) as readonly (readonly [ProxyMode, readonly Row[]])[])('what a packet meets in %s mode', (mode, list) => {
  test.each(list)('%s', async (_name, probe, expected) => expect(await told(mode, probe)).toEqual(expected));
});

test('CN1 the Service\'s address is in no packet that leaves a pod, where connect() is translated', async () => {
  const sandbox = await openDocuments([{ name: 'a.yaml', text: manifests }, { name: 'kube-proxy.yaml', text: settings('socket-lb') }]);
  const { journey } = await sandbox.ask({ probe: { ...fromPod, to: '10.96.1.1', port: 80 } });
  const later = journey.branches.flatMap(({ legs }) => legs.flatMap(({ trace }) => trace.hops.slice(1)));
  expect(JSON.stringify(later).includes('10.96.1.1')).toBe(false);
  expect(journey.branches.map(({ legs }) => legs[0]!.trace.hops[0].steps.filter((step) => step.kind === 'socket-lb').length)).toEqual([1, 1]);
});
