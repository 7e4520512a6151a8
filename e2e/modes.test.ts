import { expect, test } from 'vitest';
import { createPrng } from '../shared/base/prng.ts';
import { ip, type Ip } from '../shared/base/ip.ts';
import type { NetnsId } from '../shared/dataplane/ids.ts';
import { compileDataplane } from '../shared/datapaths/index.ts';
import { selectSource } from '../shared/engine/select-source.ts';
import { emptyState, send } from '../shared/engine/send.ts';
import { readManifests } from '../shared/kube/read-manifests.ts';
import { buildCluster } from '../shared/model/build-cluster.ts';
import type { Cluster, Service } from '../shared/model/types.ts';
import { rewritesOf } from '../shared/trace/rewrites.ts';
import { verdictOf } from '../shared/trace/verdict.ts';

type Mode = 'iptables' | 'nftables' | 'ipvs';
const CLUSTERS = 200;

function chooser(seed: number) {
  const prng = createPrng(seed);
  const chance = (p: number): boolean => prng.next() / 0x1_0000_0000 < p;
  return { chance, pick: <T>(list: readonly T[]): T => list[Math.floor((prng.next() / 0x1_0000_0000) * list.length)]! };
}

/** A small random cluster without its proxy mode: three nodes, five pods, three Services with every policy there is. */
function manifestsOf(seed: number): readonly object[] {
  const { chance, pick } = chooser(seed);
  const apps = ['web', 'api', 'db'];
  const pods = Array.from({ length: 5 }, (_, i) => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${i}`, labels: { app: pick(apps) } },
    spec: { nodeName: pick(['a', 'b', 'c']), ...(chance(0.1) ? { hostNetwork: true } : {}), containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8000 + i, name: 'http' }] }] },
    ...(chance(0.15) ? { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } } : {}),
  }));
  const services = Array.from({ length: 3 }, (_, i) => {
    const type = pick(['ClusterIP', 'NodePort', 'LoadBalancer']);
    return {
      apiVersion: 'v1', kind: 'Service', metadata: { name: `s${i}` },
      spec: {
        type, selector: { app: pick([...apps, 'nobody']) }, ports: [{ name: 'http', port: 80, targetPort: 'http', ...(type === 'ClusterIP' ? {} : { nodePort: 30100 + i }) }],
        ...(chance(0.25) ? { internalTrafficPolicy: 'Local' } : {}), ...(type !== 'ClusterIP' && chance(0.4) ? { externalTrafficPolicy: 'Local' } : {}), ...(chance(0.15) ? { externalIPs: [`203.0.113.${200 + i}`] } : {}),
        ...(type === 'LoadBalancer' && chance(0.3) ? { loadBalancerSourceRanges: [pick(['203.0.113.0/24', '10.244.0.0/16', '192.168.56.0/24'])] } : {}), ...(chance(0.2) ? { sessionAffinity: 'ClientIP' } : {}),
      },
    };
  });
  const detect = pick([{ clusterCIDR: '10.244.0.0/16' }, { clusterCIDR: '10.244.0.0/16' }, { clusterCIDR: '' }, { detectLocalMode: 'NodeCIDR' }]);
  return [...pods, ...services, { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...detect }];
}

function clusterOf(manifests: readonly object[], mode: Mode): Cluster {
  const read = readManifests([{ name: 'case.yaml', text: manifests.map((m) => JSON.stringify('mode' in m || (m as { kind: string }).kind !== 'KubeProxyConfiguration' ? m : { ...m, mode })).join('\n---\n') }]);
  const { cluster, problems } = buildCluster(read);
  expect([...read.problems, ...problems].filter((p) => p.severity === 'error')).toEqual([]);
  return cluster;
}

type What = 'cluster-ip' | 'unused-port' | 'node-port' | 'loopback' | 'vip' | 'external-ip';
interface Question { readonly from: NetnsId; readonly dst: Ip; readonly port: number; readonly what: What; readonly service: Service }

function questionsOf(cluster: Cluster): readonly Question[] {
  const sources = [...cluster.pods.filter((pod) => !pod.hostNetwork).map((pod) => `pod/${pod.namespace}/${pod.name}`), ...cluster.nodes.map((node) => `node/${node.name}`), 'client/internet'];
  return cluster.services.flatMap((service) => {
    const port = service.ports[0]!;
    const to: readonly (readonly [What, Ip, number])[] = [
      ['cluster-ip', service.clusterIps[0]!, port.port], ['unused-port', service.clusterIps[0]!, 81],
      ...service.externalIps.map((address) => ['external-ip', address, port.port] as const), ...service.loadBalancer.flatMap((entry) => (entry.ip ? [['vip', entry.ip, port.port] as const] : [])),
      ...(port.nodePort === 0 ? [] : [...cluster.nodes.map((node) => ['node-port', node.addresses[0]!, port.nodePort] as const), ['loopback', ip('127.0.0.1'), port.nodePort] as const]),
    ];
    return to.flatMap(([what, dst, number]) => sources.filter((from) => what !== 'loopback' || from.startsWith('node/')).map((from) => ({ from, dst, port: number, what, service })));
  });
}

/** Who may answer, and every other verdict that is possible. */
function fates(dataplane: ReturnType<typeof compileDataplane>, { from, dst, port }: Question): string {
  const src = selectSource(dataplane, from, dst);
  if (src === null) return 'unreachable';
  const { branches } = send(dataplane, { from, packet: { src, dst, ttl: 64, l4: { proto: 'tcp', sport: 41_870, dport: port, flags: 'syn' } } }, emptyState(0), { mode: 'all' });
  const ends = branches.map(({ trace }) => {
    const { verdict } = verdictOf(trace);
    const taker = rewritesOf(trace).endpoint;
    return verdict === 'delivered' ? `${taker?.netns ?? 'outside'} ${taker?.port ?? ''}` : verdict;
  });
  return [...new Set(ends)].toSorted().join(', ');
}

/** Facts of a cluster that differences depend on. */
const endpointsOf = (cluster: Cluster, service: Service) => cluster.endpointSlices.filter((slice) => slice.service === service.name).flatMap((slice) => slice.endpoints).filter((endpoint) => endpoint.ready);

interface Difference { readonly id: string; readonly of: Exclude<Mode, 'iptables'>; readonly holds: (q: Question, cluster: Cluster) => boolean }
const external = (q: Question): boolean => q.what === 'node-port' || q.what === 'vip' || q.what === 'external-ip';
const empty = (q: Question, cluster: Cluster): boolean => endpointsOf(cluster, q.service).length === 0;

/** The rows of shared/datapaths/DIFFERENCES.md that this test can meet, by their ids. */
const documented: readonly Difference[] = [
  { id: 'N1', of: 'nftables', holds: (q) => q.what === 'loopback' },
  { id: 'N2', of: 'nftables', holds: (q) => q.what === 'unused-port' },
  { id: 'N3', of: 'nftables', holds: (q, c) => q.what === 'vip' && q.service.loadBalancerSourceRanges.length > 0 && empty(q, c) },
  { id: 'N4', of: 'nftables', holds: (q, c) => (q.what === 'vip' || q.what === 'external-ip') && q.from.startsWith('node/') && empty(q, c) },
  { id: 'V1', of: 'ipvs', holds: (q) => q.what === 'loopback' },
  { id: 'V2', of: 'ipvs', holds: (q) => q.what === 'unused-port' },
  { id: 'V3', of: 'ipvs', holds: (q) => external(q) && q.service.externalTrafficPolicy === 'Local' },
  { id: 'V4', of: 'ipvs', holds: (q) => q.what === 'cluster-ip' && q.service.internalTrafficPolicy === 'Local' },
  { id: 'V5', of: 'ipvs', holds: (q, c) => q.what === 'vip' && q.service.loadBalancerSourceRanges.length > 0 && empty(q, c) },
  { id: 'V6', of: 'ipvs', holds: (q, c) => (q.what === 'vip' || q.what === 'external-ip') && q.from.startsWith('node/') && empty(q, c) },
];

test('[M20] iptables, nftables and ipvs lead to the same backends and verdicts, but for the documented differences', () => {
  const unexplained: string[] = [];
  const met = new Set<string>();
  for (let seed = 1; seed <= CLUSTERS; seed++) {
    const manifests = manifestsOf(seed);
    const cluster = clusterOf(manifests, 'iptables');
    const planes = { iptables: compileDataplane(cluster), nftables: compileDataplane(clusterOf(manifests, 'nftables')), ipvs: compileDataplane(clusterOf(manifests, 'ipvs')) };
    for (const q of questionsOf(cluster)) {
      const expected = fates(planes.iptables, q);
      for (const mode of ['nftables', 'ipvs'] as const) {
        const found = fates(planes[mode], q);
        if (found === expected) continue;
        const why = documented.filter((row) => row.of === mode && row.holds(q, cluster));
        for (const row of why) met.add(row.id);
        if (why.length === 0) unexplained.push(`seed ${seed}: ${q.from} → ${q.what} ${q.dst}:${q.port} of ${q.service.name}: iptables ${expected}; ${mode} ${found}`);
      }
    }
  }
  expect(unexplained).toEqual([]);
  // A row that nothing shows any more is a lie in the list.
  expect([...met].toSorted()).toEqual(documented.map((row) => row.id).toSorted());
}, 300_000);
