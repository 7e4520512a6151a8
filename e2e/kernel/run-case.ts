import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import type { Dataplane } from '../../shared/dataplane/netns.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import { emptyState, send } from '../../shared/engine/send.ts';
import { selectSource } from '../../shared/engine/select-source.ts';
import { ip, type Ip } from '../../shared/base/ip.ts';
import { toNumber } from '../../shared/base/fraction.ts';
import type { SendResult } from '../../shared/engine/types.ts';
import { disagreements, distribution, triesFor } from './compare.ts';
import { printCase, type Backend, type GeneratedCase } from './generate-cluster.ts';
import type { KernelAnswer, Lab } from './lab-process.ts';
import { toLab } from './to-lab.ts';

export interface Question { readonly from: NetnsId; readonly dst: Ip; readonly port: number; readonly proto: 'tcp' | 'udp' }
export interface Built { readonly cluster: Cluster; readonly dataplane: Dataplane; readonly problems: readonly string[] }

/** Manifests as a compiled cluster. */
export function build(one: GeneratedCase): Built {
  const read = readManifests([{ name: 'case.yaml', text: printCase(one) }]);
  const { cluster, problems } = buildCluster(read);
  const errors = [...read.problems, ...problems].filter((p) => p.severity === 'error').map((p) => p.what);
  return { cluster, dataplane: compileDataplane(cluster), problems: errors };
}

/** The engine's answer to one question: every branch. */
export function askEngine(dataplane: Dataplane, { from, dst, port, proto }: Question): SendResult | null {
  const src = selectSource(dataplane, from, dst);
  if (src === null) return null;
  const l4 = proto === 'tcp' ? ({ proto, sport: 20_000, dport: port, flags: 'syn' } as const) : ({ proto, sport: 20_000, dport: port } as const);
  return send(dataplane, { from, packet: { src, dst, ttl: 64, l4 } }, emptyState(0), { mode: 'all' });
}

function* destinations(cluster: Cluster): Generator<Omit<Question, 'from'>> {
  for (const service of cluster.services) {
    for (const port of service.ports) {
      const proto = port.protocol === 'udp' ? 'udp' : 'tcp';
      const clusterIp = service.clusterIps[0];
      if (clusterIp) yield { dst: clusterIp, port: port.port, proto };
      for (const external of [...service.externalIps, ...service.loadBalancer.flatMap((entry) => entry.ip ?? [])]) yield { dst: external, port: port.port, proto };
      if (port.nodePort > 0) {
        for (const node of cluster.nodes) yield { dst: node.addresses[0]!, port: port.nodePort, proto };
        yield { dst: ip('127.0.0.1'), port: port.nodePort, proto };
      }
    }
    if (service.clusterIps[0]) yield { dst: service.clusterIps[0], port: 81, proto: 'tcp' };
  }
  for (const pod of cluster.pods) if (pod.ips[0]) yield { dst: pod.ips[0], port: pod.ports[0]?.port ?? 80, proto: 'tcp' };
  yield { dst: ip('192.0.2.80'), port: 443, proto: 'tcp' };
}

/** Every question that a small cluster raises: pods, nodes and the client against every address. */
export function questionsOf(cluster: Cluster): readonly Question[] {
  const sources = [...cluster.pods.filter((pod) => !pod.hostNetwork && pod.ips.length > 0).map((pod) => `pod/${pod.namespace}/${pod.name}`), ...cluster.nodes.map((node) => `node/${node.name}`), 'client/internet'];
  const all = [...destinations(cluster)].flatMap((to) => sources.map((from) => ({ ...to, from })));
  return all.filter((q) => !(q.dst === '127.0.0.1' && !q.from.startsWith('node/')));
}

const MAX_TRIES = 60;

/** Builds the cluster for real, asks kernel and engine everything, and tells every difference. */
export async function runCase(lab: Lab, one: GeneratedCase, questions?: readonly Question[]): Promise<readonly string[]> {
  const { cluster, dataplane, problems } = build(one);
  if (problems.length > 0) return problems.map((p) => `the case cannot be read: ${p}`);
  const asked = questions ?? questionsOf(cluster);
  const inUse = { tcp: [...new Set(asked.filter((q) => q.proto === 'tcp').map((q) => q.port))], udp: [...new Set(asked.filter((q) => q.proto === 'udp').map((q) => q.port))] };
  await lab.call({ op: 'build', spec: toLab(dataplane, one.backend, inUse) });
  const expected = asked.map((q) => askEngine(dataplane, q));
  const fates = expected.map((result) => (result ? distribution(result.branches) : new Map()));
  const probes = asked.map((q, i) => {
    const smallest = Math.min(1, ...[...fates[i]!.values()].map(toNumber));
    return { id: String(i), from: q.from, dst: q.dst, port: q.port, proto: q.proto, count: Math.min(MAX_TRIES, triesFor(smallest)) };
  });
  const { results } = await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes, timeout: 0.6, concurrency: 512 });
  return asked.flatMap((q, i) => {
    if (expected[i] === null) return [];
    return disagreements(fates[i]!, results[i]!, true).map((text) => `${q.from} → ${q.proto} ${q.dst}:${q.port}: ${text}`);
  });
}

export type { Backend };
