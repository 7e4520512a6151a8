import { createPrng } from '../../shared/base/prng.ts';

/** A seeded chooser. */
export function chooser(seed: number) {
  const prng = createPrng(seed);
  const below = (n: number): number => Math.floor((prng.next() / 0x1_0000_0000) * n);
  return {
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)]!,
    chance: (p: number): boolean => prng.next() / 0x1_0000_0000 < p,
  };
}
export type Chooser = ReturnType<typeof chooser>;
export type Manifest = Readonly<Record<string, unknown>>;

export type Backend = 'iptables-nft' | 'iptables-legacy' | 'nftables';
export interface GeneratedCase { readonly seed: number; readonly backend: Backend; readonly manifests: readonly Manifest[] }

const meta = (name: string, labels: Record<string, string> = {}) => ({ name, namespace: 'default', labels });

function pods(random: Chooser, nodes: readonly string[]): Manifest[] {
  const made: Manifest[] = [];
  const count = 3 + random.below(5);
  for (let i = 0; i < count; i++) {
    const ready = !random.chance(0.1);
    made.push({
      apiVersion: 'v1', kind: 'Pod',
      metadata: meta(`p${i}`, { app: random.pick(['web', 'api', 'db']) }),
      spec: {
        nodeName: random.pick(nodes),
        ...(random.chance(0.1) ? { hostNetwork: true } : {}),
        containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8000 + i, name: 'http', protocol: 'TCP' }, { containerPort: 9000 + i, name: 'dns', protocol: 'UDP' }] }],
      },
      ...(ready ? {} : { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } }),
    });
  }
  return made;
}

function servicePorts(random: Chooser, type: string, index: number): Manifest[] {
  const nodePort = (n: number) => (type === 'ClusterIP' ? {} : { nodePort: n });
  const tcp = { name: 'http', port: 80, protocol: 'TCP', targetPort: 'http', ...nodePort(30100 + index) };
  const udp = { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns', ...nodePort(30200 + index) };
  return random.chance(0.3) ? [tcp, udp] : [tcp];
}

function service(random: Chooser, index: number): Manifest {
  const type = random.pick(['ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer']);
  const external = type !== 'ClusterIP';
  return {
    apiVersion: 'v1', kind: 'Service', metadata: meta(`s${index}`),
    spec: {
      type,
      selector: { app: random.pick(['web', 'api', 'db', 'nobody']) },
      ports: servicePorts(random, type, index),
      ...(random.chance(0.2) ? { internalTrafficPolicy: 'Local' } : {}),
      ...(external && random.chance(0.4) ? { externalTrafficPolicy: 'Local' } : {}),
      ...(random.chance(0.15) ? { externalIPs: [`192.168.77.${10 + index}`] } : {}),
      ...(type === 'LoadBalancer' && random.chance(0.3) ? { loadBalancerSourceRanges: [random.pick(['203.0.113.0/24', '10.244.0.0/16', '198.18.0.0/15'])] } : {}),
    },
  };
}

function proxyConfig(random: Chooser, backend: Backend): Manifest {
  const mode = backend === 'nftables' ? 'nftables' : 'iptables';
  const detect = random.below(4);
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode,
    ...(detect === 0 ? { clusterCIDR: '' } : detect === 1 ? { detectLocalMode: 'NodeCIDR' } : { clusterCIDR: '10.244.0.0/16' }),
    [mode]: { masqueradeAll: random.chance(0.15) },
  };
}

/** A small random cluster: 2–3 nodes, 3–7 pods, 2–5 Services with random policies. The same seed and back end give the same text. */
export function generateCase(seed: number, backend: Backend): GeneratedCase {
  const random = chooser(seed);
  const nodes = ['a', 'b', 'c'];
  const services = Array.from({ length: 2 + random.below(4) }, (_, i) => service(random, i));
  return { seed, backend, manifests: [proxyConfig(random, backend), ...pods(random, nodes), ...services] };
}

/** The manifests as one readable multi-document text, for a failing case's report. */
export const printCase = (one: GeneratedCase): string => one.manifests.map((m) => JSON.stringify(m)).join('\n---\n');
