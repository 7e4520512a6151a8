import { ip } from '../../../base/ip.ts';
import { buildCluster } from '../../build-cluster.ts';
import type { Fields } from '../../json-fields.ts';
import { manifest, manifestsForTest } from '../../objects-for-tests.ts';
import type { Cluster } from '../../types.ts';
import type { PolicyEnd, PolicyOptions, PolicyProtocol } from '../match-rule.ts';
import { addressEnd, decide, indexPolicies, podEnd } from '../oracle.ts';

/** A NetworkPolicy `ns/name` with this spec. */
export const np = (name: string, spec: Fields): Fields => ({ ...manifest('NetworkPolicy', name, { spec }), apiVersion: 'networking.k8s.io/v1' });

const containers = (http: number) => [{ name: 'c', image: 'x', ports: [
  { name: 'http', containerPort: http }, { name: 'alt', containerPort: 81 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }, { name: 'sig', containerPort: 132, protocol: 'SCTP' },
] }];

/** As in Kubernetes' own tests: namespaces x, y, z with pods a, b, c each, on nodes a, b, c. Port `http` is 80, but 8080 on z's pods; y/h is on the host network; x/old has finished. */
const things: readonly Fields[] = [
  ...['x', 'y', 'z'].flatMap((ns, i) => [
    manifest('Namespace', ns, {}, { labels: { ns, ...(ns === 'x' ? {} : { team: 'blue' }) } }),
    ...['a', 'b', 'c'].map((pod, j) => manifest('Pod', `${ns}/${pod}`, { spec: { nodeName: pod, containers: containers(ns === 'z' ? 8080 : 80) }, status: { phase: 'Running', podIP: `10.244.${j + 1}.${(i + 1) * 10}` } }, { labels: { pod, ...(pod === 'c' ? { tier: 'db' } : {}) } })),
  ]),
  manifest('Pod', 'y/h', { spec: { nodeName: 'b', hostNetwork: true, containers: containers(80) } }, { labels: { pod: 'h' } }),
  manifest('Pod', 'x/old', { spec: { nodeName: 'a', containers: containers(80) }, status: { phase: 'Succeeded', podIP: '10.244.1.99' } }, { labels: { pod: 'old' } }),
];

export const clusterWith = (...policies: readonly Fields[]): Cluster => buildCluster(manifestsForTest(...things, ...policies)).cluster;

/** `x/a` the pod, `node/a` its node's address, or an address. */
export function endFrom(cluster: Cluster, text: string): PolicyEnd {
  const index = indexPolicies(cluster);
  const node = cluster.nodes.find((one) => `node/${one.name}` === text);
  if (node) return { kind: 'address', ip: node.addresses[0]! };
  const pod = cluster.pods.find((one) => `${one.namespace}/${one.name}` === text);
  return pod ? (pod.hostNetwork ? addressEnd(index, pod.ips[0]!) : podEnd(index, pod)) : addressEnd(index, ip(text));
}

/** `y/a > x/a 80`, `… udp/53`: whether policy lets it pass. */
export function passes(cluster: Cluster, question: string, options?: PolicyOptions): boolean {
  const [, from, to, protocol, port] = /^(\S+) > (\S+) (?:(\w+)\/)?(\d+)$/.exec(question)!;
  return decide(indexPolicies(cluster), endFrom(cluster, from!), endFrom(cluster, to!), (protocol ?? 'tcp') as PolicyProtocol, Number(port), options).every((one) => one.allowed);
}
