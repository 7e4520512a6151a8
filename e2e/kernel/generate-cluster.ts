import { apps, chooser, meta, type Chooser, type Manifest } from './chooser.ts';
import { policy } from './generate-policies.ts';
import { services } from './generate-services.ts';

export type Backend = 'iptables-nft' | 'iptables-legacy' | 'nftables';
export interface GeneratedCase {
  readonly seed: number;
  readonly backend: Backend;
  readonly manifests: readonly Manifest[];
  /** What the engine is told instead: for the test that a wrong engine would be found. */
  readonly engineIsTold?: (manifests: readonly Manifest[]) => readonly Manifest[];
}

const nodes = ['a', 'b', 'c'] as const;

function pod(random: Chooser, i: number): Manifest {
  const hostNetwork = random.chance(0.1);
  const hostPort = !hostNetwork && random.chance(0.1) ? { hostPort: 8800 + i } : {};
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: meta(`p${i}`, { app: random.pick(apps) }),
    spec: {
      nodeName: random.pick(nodes),
      ...(hostNetwork ? { hostNetwork: true } : {}),
      containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8000 + i, name: 'http', protocol: 'TCP', ...hostPort }, { containerPort: 9000 + i, name: 'dns', protocol: 'UDP' }] }],
    },
    ...(random.chance(0.1) ? { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } } : {}),
  };
}

function proxyConfig(random: Chooser, backend: Backend, dual: boolean): Manifest {
  const mode = backend === 'nftables' ? 'nftables' : 'iptables';
  const clusterCIDR = dual ? '10.244.0.0/16,fd00:10:244::/56' : '10.244.0.0/16';
  const detect = random.pick<Manifest>([{ clusterCIDR: '' }, { detectLocalMode: 'NodeCIDR' }, { clusterCIDR }, { clusterCIDR }, { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cbr0' } }, { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'veth' } }]);
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode, ...detect,
    ...(random.chance(0.1) ? { nodePortAddresses: random.pick([['192.168.56.0/28'], ['127.0.0.0/8'], ['0.0.0.0/0']]) } : {}),
    [mode]: { masqueradeAll: random.chance(0.15), ...(mode === 'iptables' && random.chance(0.15) ? { localhostNodePorts: false } : {}) },
  };
}

function fault(random: Chooser): Manifest {
  const node = random.pick(nodes);
  return random.pick<Manifest>([
    { kind: 'br-netfilter-off', node }, { kind: 'hairpin-off', node }, { kind: 'link-cut', a: node, b: 'switch/lan' }, { kind: 'route-cut', on: node, dst: 'default' },
    { kind: 'route-cut', on: node, dst: `10.244.${1 + random.below(3)}.0/24` }, { kind: 'fabric-blocks', protocol: 'udp' }, { kind: 'fabric-blocks', protocol: 'tcp', port: 8000 + random.below(4) },
  ]);
}

function sandbox(random: Chooser): Manifest {
  return {
    apiVersion: 'podhop.dev/v1alpha1', kind: 'Sandbox', metadata: { name: 'lab' },
    spec: {
      podNetwork: random.pick(['bridge', 'bridge', 'vxlan', 'routed']),
      ...(random.chance(0.2) ? { podsRoutable: true } : {}), ...(random.chance(0.2) ? { masquerade: false } : {}), ...(random.chance(0.15) ? { enforcesNetworkPolicy: false } : {}),
      loadBalancer: random.pick(['cloud', 'cloud', 'metallb', 'none']),
      ...(random.chance(0.15) ? { nodes: { b: { addresses: ['192.168.56.112'] } } } : {}),
      ...(random.chance(0.25) ? { faults: [fault(random)] } : {}),
    },
  };
}

/** The lab's nodes, written down with the zones they stand in; c may have one of its own. */
function zonedNodes(random: Chooser): readonly Manifest[] {
  return nodes.map((name, i) => ({
    apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': random.pick(['north', 'south', name]) } },
    spec: { podCIDR: `10.244.${i + 1}.0/24` }, status: { addresses: [{ type: 'InternalIP', address: `192.168.56.${11 + i}` }] },
  }));
}

const twoFamilies: Manifest = { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration', networking: { podSubnet: '10.244.0.0/16,fd00:10:244::/56', serviceSubnet: '10.96.0.0/12,fd00:10:96::/112' } };

const list = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

/** A small random cluster: the lab's three nodes (sometimes of both families), 3–7 pods, 2–5 Services, sometimes policies and a fault. The same seed and back end give the same text. */
export function generateCase(seed: number, backend: Backend): GeneratedCase {
  const random = chooser(seed);
  const dual = random.chance(0.15);
  const zoned = !dual && random.chance(0.2) ? zonedNodes(random) : [];
  const policies = random.chance(0.3) ? 1 + random.below(3) : 0;
  return {
    seed, backend,
    manifests: [
      proxyConfig(random, backend, dual), ...(dual ? [twoFamilies] : []), sandbox(random), ...zoned, ...list(3 + random.below(5), (i) => pod(random, i)), ...list(2 + random.below(4), (i) => services(random, i, dual)).flat(), ...list(policies, (i) => policy(random, i)),
    ],
  };
}

/** The manifests as one multi-document text (JSON is YAML), ready to be pasted. */
export const printCase = (one: GeneratedCase): string => one.manifests.map((m) => JSON.stringify(m)).join('\n---\n');
