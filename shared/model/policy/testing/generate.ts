import { cidr, type Cidr } from '../../../base/cidr.ts';
import { ip } from '../../../base/ip.ts';
import { createPrng } from '../../../base/prng.ts';
import type { Cluster, ContainerPort, LabelSelector, L4Protocol, Labels, Node, Pod, Policy, PolicyPeer, PolicyPort, PolicyRule, Settings } from '../../types.ts';

const thing = { at: null, implied: false } as const;

/** A seeded chooser. */
export function chooser(seed: number) {
  const prng = createPrng(seed);
  const below = (n: number): number => Math.floor((prng.next() / 0x1_0000_0000) * n);
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)]!, chance: (p: number): boolean => prng.next() / 0x1_0000_0000 < p };
}
export type Chooser = ReturnType<typeof chooser>;

export const settings: Settings = {
  proxyMode: 'iptables', detectLocal: { kind: 'none' }, masqueradeAll: false, localhostNodePorts: true, nodePortAddresses: [], ipvsScheduler: 'rr', preferSameTrafficDistribution: false,
  podSubnets: [cidr('10.244.0.0/16')], serviceSubnets: [cidr('10.96.0.0/12')], dnsDomain: 'cluster.local', podNetwork: 'bridge', enforcesNetworkPolicy: true, podsRoutable: true, masquerade: true,
  loadBalancer: 'none', ingressController: 'none', faults: [], seed: 1,
};

export const labNodes: readonly Node[] = [1, 2, 3].map((n) => ({
  ...thing, name: String.fromCharCode(96 + n), labels: {}, addresses: [ip(`192.168.56.${10 + n}`)], podCidrs: [cidr(`10.244.${n}.0/24`)], ready: true, unschedulable: false, taints: [],
}));

const protocols: readonly L4Protocol[] = ['tcp', 'tcp', 'tcp', 'udp', 'sctp'];
const portNames = ['http', 'dns', 'metrics'];

export const namespaceOf = (name: string, labels: Labels = {}) => ({ ...thing, name, labels: { 'kubernetes.io/metadata.name': name, ...labels } });

export function podOf(fullName: string, node: string, address: string, labels: Labels, ports: readonly ContainerPort[] = [], over: Partial<Pod> = {}): Pod {
  const [namespace, name] = fullName.split('/') as [string, string];
  return {
    ...thing, namespace, name, labels, node, ips: [ip(address)], hostNetwork: false, phase: 'Running', ready: true, terminating: false, containers: ['c'], ports, hostname: name, subdomain: '',
    serviceAccount: 'default', dnsPolicy: 'ClusterFirst', owner: null, ...over,
  };
}
export const portOf = (port: number, name = '', protocol: L4Protocol = 'tcp'): ContainerPort => ({ name, port, protocol, container: 'c' });

function podsOf(random: Chooser, nodes: readonly Node[]): readonly Pod[] {
  return Array.from({ length: 3 + random.below(4) }, (_, i) => {
    const node = random.pick(nodes);
    const host = random.chance(0.1);
    const ports = Array.from({ length: 1 + random.below(3) }, (__, j) => ({ ...portOf(8000 + random.below(3), random.pick([...portNames, '']), random.pick(protocols)), container: `c${j}` }));
    const n = nodes.indexOf(node) + 1;
    const labels: Labels = { ...(random.chance(0.8) ? { app: random.pick(['web', 'api', 'db']) } : {}), ...(random.chance(0.4) ? { tier: random.pick(['x', 'y']) } : {}) };
    return podOf(`${random.pick(['red', 'blue'])}/p${i}`, node.name, host ? node.addresses[0]! : `10.244.${n}.${10 + i}`, labels, ports, { hostNetwork: host });
  });
}

function selectorOf(random: Chooser, values: Readonly<Record<string, readonly string[]>>): LabelSelector {
  const key = random.pick(Object.keys(values));
  const matchLabels = random.chance(0.5) ? { [key]: random.pick(values[key]!) } : {};
  const operator = random.pick(['In', 'NotIn', 'Exists', 'DoesNotExist'] as const);
  const other = random.pick(Object.keys(values));
  const matchExpressions = random.chance(0.4) ? [{ key: other, operator, values: operator === 'In' || operator === 'NotIn' ? [random.pick(values[other]!)] : [] }] : [];
  return { matchLabels, matchExpressions };
}
const podLabels = { app: ['web', 'api', 'db', 'none'], tier: ['x', 'y'] };
const namespaceLabels = { team: ['one', 'two'], 'kubernetes.io/metadata.name': ['red', 'blue'] };

const blocks: readonly (readonly [string, readonly string[]])[] = [
  ['0.0.0.0/0', []], ['0.0.0.0/0', ['10.0.0.0/8']], ['0.0.0.0/0', ['10.244.1.0/24', '10.244.0.0/16', '203.0.113.0/25']], ['10.244.0.0/16', ['10.244.2.0/24']], ['203.0.113.0/24', []], ['203.0.113.0/24', ['203.0.113.10/32']],
  ['192.168.56.0/24', []], ['10.244.1.0/24', []], ['192.0.2.0/24', ['192.0.2.0/26']], ['fd00::/8', []],
];
function peerOf(random: Chooser): PolicyPeer {
  const none = { podSelector: null, namespaceSelector: null, ipBlock: null };
  const kind = random.below(4);
  if (kind === 0) return { ...none, podSelector: selectorOf(random, podLabels) };
  if (kind === 1) return { ...none, namespaceSelector: selectorOf(random, namespaceLabels) };
  if (kind === 2) return { ...none, podSelector: selectorOf(random, podLabels), namespaceSelector: selectorOf(random, namespaceLabels) };
  const [network, except] = random.pick(blocks);
  return { ...none, ipBlock: { cidr: cidr(network), except: except.map((one): Cidr => cidr(one)) } };
}
function policyPort(random: Chooser): PolicyPort {
  const protocol = random.pick(protocols);
  const kind = random.below(4);
  if (kind === 0) return { protocol, port: null, endPort: null };
  if (kind === 1) return { protocol, port: random.pick(portNames), endPort: null };
  return kind === 2 ? { protocol, port: 8000 + random.below(3), endPort: null } : { protocol, port: 8000, endPort: 8000 + random.below(3) };
}
const some = <T>(random: Chooser, most: number, make: () => T): readonly T[] => Array.from({ length: random.below(most + 1) }, make);
export const ruleOf = (random: Chooser): PolicyRule => ({
  peers: random.chance(0.25) ? null : [peerOf(random), ...some(random, 2, () => peerOf(random))],
  ports: random.chance(0.35) ? null : [policyPort(random), ...some(random, 2, () => policyPort(random))],
});
/** A random policy; its name is `np` and the number. */
export function policyOf(random: Chooser, n: number): Policy {
  const ingress = random.chance(0.7);
  return {
    ...thing, namespace: random.pick(['red', 'blue']), name: `np${n}`, podSelector: random.chance(0.4) ? { matchLabels: {}, matchExpressions: [] } : selectorOf(random, podLabels),
    ingress: ingress ? some(random, 2, () => ruleOf(random)) : null, egress: !ingress || random.chance(0.4) ? some(random, 2, () => ruleOf(random)) : null,
  };
}

/** A small random cluster with up to eight policies; the same seed gives the same cluster. */
export function generateCluster(seed: number, over: Partial<Settings> = {}): Cluster {
  const random = chooser(seed);
  const nodes = labNodes.slice(0, 2 + random.below(2));
  return {
    settings: { ...settings, ...over }, nodes, workloads: [], services: [], endpointSlices: [], notSimulated: [],
    namespaces: [namespaceOf('blue', { team: 'two' }), namespaceOf('red', { team: 'one' })], pods: podsOf(random, nodes),
    policies: Array.from({ length: random.below(9) }, (_, n) => policyOf(random, n)),
    outsiders: [
      { ...thing, kind: 'client', name: 'internet', addresses: [ip('203.0.113.10')], ports: null, routes: [], dnsNames: [] },
      { ...thing, kind: 'host', name: 'internet', addresses: [ip('192.0.2.80')], ports: null, routes: [], dnsNames: [] },
    ],
  };
}
