import { ip, type Ip } from '../../shared/base/ip.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { podId } from '../../shared/model/describe.ts';

/** One connection to be tried, asked of kernel and engine alike. */
export interface Question { readonly from: NetnsId; readonly dst: Ip; readonly port: number; readonly proto: 'tcp' | 'udp' }
type Destination = Omit<Question, 'from'>;

function* ofServices(cluster: Cluster): Generator<Destination> {
  for (const service of cluster.services) {
    for (const port of service.ports) {
      const proto = port.protocol === 'udp' ? 'udp' : 'tcp';
      for (const clusterIp of service.clusterIps) yield { dst: clusterIp, port: port.port, proto };
      for (const external of [...service.externalIps, ...service.loadBalancer.flatMap((entry) => entry.ip ?? [])]) yield { dst: external, port: port.port, proto };
      if (port.nodePort > 0) {
        for (const node of cluster.nodes) for (const address of node.addresses) yield { dst: address, port: port.nodePort, proto };
        yield { dst: ip('127.0.0.1'), port: port.nodePort, proto };
      }
    }
    for (const clusterIp of service.clusterIps) yield { dst: clusterIp, port: 81, proto: 'tcp' };
    const [balanced] = service.loadBalancer;
    if (balanced?.ip) yield { dst: balanced.ip, port: 81, proto: 'tcp' };
  }
}

function* ofPods(cluster: Cluster): Generator<Destination> {
  for (const pod of cluster.pods) {
    for (const { port, protocol, hostPort } of pod.ports) {
      const proto = protocol === 'udp' ? 'udp' : 'tcp';
      for (const address of pod.ips) yield { dst: address, port, proto };
      if (hostPort) for (const node of cluster.nodes) yield { dst: node.addresses[0]!, port: hostPort, proto };
    }
  }
  for (const address of cluster.pods[0]?.ips ?? []) yield* [{ dst: address, port: 7, proto: 'tcp' }, { dst: address, port: 7, proto: 'udp' }] as const;
  yield { dst: ip('10.244.1.250'), port: 80, proto: 'tcp' };
  yield { dst: ip('10.111.222.33'), port: 80, proto: 'tcp' };
  yield { dst: ip('192.0.2.80'), port: 443, proto: 'tcp' };
  yield { dst: ip('192.0.2.80'), port: 53, proto: 'udp' };
}

/** Every question that a small cluster raises: pods, nodes and the client against every Service address, node port, pod and some that nobody has. */
export function questionsOf(cluster: Cluster): readonly Question[] {
  const pods = cluster.pods.filter((pod) => !pod.hostNetwork && pod.ips.length > 0);
  const sources = [...pods.map(podId), ...cluster.nodes.map((node) => `node/${node.name}`), 'client/internet'];
  const all = [...ofServices(cluster), ...ofPods(cluster)].flatMap((to) => sources.map((from) => ({ ...to, from })));
  const seen = new Set<string>();
  return all.filter((q) => {
    const key = `${q.from} ${q.proto} ${q.dst} ${q.port}`;
    if (seen.has(key) || (q.dst === '127.0.0.1' && !q.from.startsWith('node/'))) return false;
    seen.add(key);
    return true;
  });
}
