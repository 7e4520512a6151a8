import { describe, expect } from 'vitest';
import { cidr } from '../../shared/base/cidr.ts';
import { toNumber } from '../../shared/base/fraction.ts';
import { ip } from '../../shared/base/ip.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import { containerPort, labBalanced, labCluster, labNode, labOutsider, labPod } from '../../shared/datapaths/testing/lab.ts';
import type { SendBranch } from '../../shared/engine/types.ts';
import type { Cluster, Settings } from '../../shared/model/types.ts';
import { disagreements, distribution, triesFor } from './compare.ts';
import { kernelTest, labPool, missing } from './lab-pool.ts';
import type { KernelAnswer, Lab } from './lab-process.ts';
import { askEngine, type Question } from './run-case.ts';
import { toLab } from './to-lab.ts';

const inLab = labPool(1);

const slice = (service: string, address: string, nodeName: string): Cluster['endpointSlices'][number] => ({
  at: null, implied: false, namespace: 'default', name: `${service}-1`, service, addressType: 'IPv4', ports: [{ name: '', protocol: 'tcp', port: 8080 }], headlessLabel: false,
  endpoints: [{ addresses: [address], ready: true, serving: true, terminating: false, nodeName, zone: '', hintZones: [], hintNodes: [], target: null, hostname: '' }],
});

/** Every kind of wiring at once: pods with foreign addresses, hostPorts, two outsiders, load balancers of both policies, an externalIP, an endpoint nobody has. */
const everything = (settings: Partial<Settings>): Cluster => labCluster({
  settings, nodes: [labNode(1), labNode(2, { addresses: [ip('192.168.56.12'), ip('34.1.2.3')] }), labNode(3)],
  pods: [labPod('a1', 'a', '10.244.1.10', { ports: [containerPort(8080, { hostPort: 8888 })] }), labPod('a2', 'a', '10.244.1.11'), labPod('b1', 'b', '10.244.2.10'), labPod('odd', 'a', '10.244.2.77'), labPod('far', 'b', '172.17.0.9')],
  outsiders: [labOutsider('client', 'internet', '203.0.113.10'), labOutsider('host', 'internet', '192.0.2.80'), labOutsider('client', 'near', '192.168.56.90', { routes: [{ dst: cidr('10.244.1.0/24'), via: 'node/a' }] }), labOutsider('client', 'odd', '10.9.9.9')],
  services: [
    labBalanced('any', '198.51.100.20', { clusterIps: [ip('10.96.0.20')], externalIps: [ip('198.51.100.99')] }),
    labBalanced('own', '198.51.100.21', { clusterIps: [ip('10.96.0.21')], externalTrafficPolicy: 'Local', ports: [{ name: '', protocol: 'tcp', port: 80, targetPort: 8080, nodePort: 30081, appProtocol: '' }] }),
    labBalanced('stray', '198.51.100.22', { clusterIps: [ip('10.96.0.22')], ports: [{ name: '', protocol: 'tcp', port: 80, targetPort: 8080, nodePort: 30082, appProtocol: '' }] }),
  ],
  endpointSlices: [slice('any', '10.244.1.11', 'a'), slice('own', '10.244.2.10', 'b'), slice('stray', '10.244.3.99', 'c')],
});

type To = readonly [string, number];
const questions = (from: readonly NetnsId[], to: readonly To[]): readonly Question[] => from.flatMap((source) => to.map(([dst, port]): Question => ({ from: source, dst: ip(dst), port, proto: 'tcp' })));

const sources: readonly NetnsId[] = ['pod/default/a1', 'pod/default/a2', 'pod/default/b1', 'pod/default/odd', 'pod/default/far', 'node/a', 'node/b', 'node/c', 'client/internet', 'client/near', 'client/odd'];
const destinations: readonly To[] = [
  ['10.244.1.10', 8080], ['10.244.1.11', 8080], ['10.244.2.10', 8080], ['10.244.2.77', 8080], ['172.17.0.9', 8080], ['10.244.1.99', 8080], ['10.244.3.99', 8080], ['10.244.1.10', 9],
  ['192.168.56.11', 8888], ['192.168.56.12', 8080], ['34.1.2.3', 8080], ['192.0.2.80', 443], ['10.9.9.9', 80], ['192.168.56.90', 80], ['8.8.8.8', 443], ['10.200.0.1', 80],
  ['10.96.0.20', 80], ['10.96.0.21', 80], ['10.96.0.22', 80], ['10.96.0.77', 80], ['198.51.100.20', 80], ['198.51.100.20', 81], ['198.51.100.21', 80], ['198.51.100.99', 80], ['192.168.56.13', 30080], ['192.168.56.13', 30081],
];

/** The rest of the internet answers in the lab; the engine says that the packet left the cluster. */
const withAnswers = (branch: SendBranch): SendBranch => {
  const { outcome } = branch.trace;
  return outcome.kind === 'left-cluster' && outcome.as ? { ...branch, trace: { ...branch.trace, outcome: { kind: 'delivered', to: outcome.via, as: outcome.as } } } : branch;
};

/** Builds one cluster for real, asks the engine about another (the same, but for the test of this test), and tells every difference. */
async function compare(lab: Lab, cluster: Cluster, asked = questions(sources, destinations), asEngineSees = cluster): Promise<readonly string[]> {
  const dataplane = compileDataplane(cluster);
  const seen = compileDataplane(asEngineSees);
  await lab.call({ op: 'build', spec: toLab(dataplane, cluster.settings.proxyMode === 'nftables' ? 'nftables' : 'iptables-nft', { tcp: [...new Set(asked.map((q) => q.port))], udp: [] }, asked.some((q) => q.dst.includes(':'))) });
  const fates = asked.map((q) => { const result = askEngine(seen, q); return result && distribution(result.branches.map(withAnswers)); });
  const probes = asked.map((q, i) => ({ id: String(i), from: q.from, dst: q.dst, port: q.port, proto: q.proto, count: Math.min(60, triesFor(Math.min(1, ...[...(fates[i]?.values() ?? [])].map(toNumber)))) }));
  const { results } = await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes, timeout: 0.6, concurrency: 512 });
  return asked.flatMap((q, i) => (fates[i] ? disagreements(fates[i], results[i]!, true).map((text) => `${q.from} → ${q.dst}:${q.port}: ${text}`) : []));
}

const settings: readonly (readonly [string, Partial<Settings>])[] = [
  ['as it is', {}], ['pods routable, no masquerade, MetalLB', { podsRoutable: true, masquerade: false, loadBalancer: 'metallb' }], ['kube-proxy in nftables mode', { proxyMode: 'nftables' }],
];
describe.each(['bridge', 'vxlan', 'routed'] as const)('the wiring, built for real: %s', (podNetwork) => {
  for (const [name, setting] of settings) {
    kernelTest(missing, name, () => inLab(async (lab) => {
      expect(await compare(lab, everything({ ...setting, podNetwork }))).toEqual([]);
    }));
  }
});

/** Two nodes with both families; a Service whose one endpoint is IPv6. */
function dualStack(podNetwork: Settings['podNetwork']): Cluster {
  const nodes = [1, 2].map((n) => labNode(n, { addresses: [ip(`192.168.56.1${n}`), ip(`fd00:192:168:56::1${n}`)], podCidrs: [cidr(`10.244.${n}.0/24`), cidr(`fd00:10:244:${n}::/64`)] }));
  const pod = (name: string, node: string, n: number, last: string): Cluster['pods'][number] => labPod(name, node, '', { ips: [ip(`10.244.${n}.${last}`), ip(`fd00:10:244:${n}::${last}`)] });
  const podSubnets = [cidr('10.244.0.0/16'), cidr('fd00:10:244::/48')];
  return labCluster({
    nodes, pods: [pod('a1', 'a', 1, '10'), pod('a2', 'a', 1, '11'), pod('b1', 'b', 2, '10')], outsiders: [labOutsider('client', 'internet', '203.0.113.10', { addresses: [ip('203.0.113.10'), ip('2001:db8::10')] })],
    services: [labBalanced('any', '198.51.100.20', { clusterIps: [ip('10.96.0.20'), ip('fd00:10:96::20')], loadBalancer: [{ ip: ip('2001:db8:1::20'), hostname: '', ipMode: 'VIP' }] })],
    endpointSlices: [{ ...slice('any', 'fd00:10:244:2::10', 'b'), addressType: 'IPv6' }],
    settings: { podNetwork, podSubnets, serviceSubnets: [cidr('10.96.0.0/12'), cidr('fd00:10:96::/112')], detectLocal: { kind: 'cluster-cidr', cidrs: podSubnets } },
  });
}

for (const podNetwork of ['bridge', 'routed'] as const) {
  kernelTest(missing, `IPv6 of a dual-stack cluster: ${podNetwork}`, () => inLab(async (lab) => {
    const to: readonly To[] = [['fd00:10:244:1::10', 8080], ['fd00:10:244:1::11', 8080], ['fd00:10:244:2::10', 8080], ['2001:db8::10', 80], ['fd00:10:96::20', 80], ['2001:db8:1::20', 80], ['2001:db8:1::20', 81], ['fd00:192:168:56::12', 30080], ['fd99::1', 80]];
    expect(await compare(lab, dualStack(podNetwork), questions(['pod/default/a1', 'pod/default/b1', 'node/a', 'node/b', 'client/internet'], to))).toEqual([]);
  }));
}

kernelTest(missing, 'the comparison can fail: a kernel that masquerades is not the one that the engine was told of', () => inLab(async (lab) => {
  const differences = await compare(lab, everything({}), questions(['pod/default/a1'], [['8.8.8.8', 443]]), everything({ masquerade: false }));
  expect(differences[0]).toBe('pod/default/a1 → 8.8.8.8:443: the kernel did delivered|world/internet|192.168.56.11|8.8.8.8|443 (2 of 2), which the engine calls impossible');
}));
