import type { Cluster, Pod } from '../model/types.ts';
import type { Probe } from '../trace/types.ts';
import { podId } from '../model/describe.ts';

/** Takes from each list in turn, so that a cut keeps some of every kind. */
function interleave<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

const runs = (pod: Pod): boolean => pod.phase === 'Running' && pod.node !== '';

/** One running pod of each node, those of the person's own documents first. */
function speakers(cluster: Cluster): readonly Pod[] {
  const byNode = new Map<string, Pod>();
  for (const pod of [...cluster.pods].toSorted((a, b) => Number(a.implied) - Number(b.implied))) if (runs(pod) && !pod.hostNetwork && !byNode.has(pod.node)) byNode.set(pod.node, pod);
  return [...byNode.values()];
}

/** Questions worth trying where one is wanted that meets a rule: pods, nodes and outside machines to every Service, pod and node port; at most `most`, some of each kind. */
export function candidateProbes(cluster: Cluster, most: number): readonly Probe[] {
  const pods = speakers(cluster);
  const targets = cluster.pods.filter((pod) => runs(pod) && pod.ports.length > 0);
  const services = cluster.services.filter(({ type }) => type !== 'ExternalName').flatMap((service) => service.ports.map((port) => ({ service, port, to: `service/${service.namespace}/${service.name}` })));
  const toServices = services.flatMap(({ port, to }) => pods.map((pod): Probe => ({ from: podId(pod), to, port: port.port, protocol: port.protocol })));
  const own = services.flatMap(({ service, port, to }) => targets.filter((pod) => pod.namespace === service.namespace && service.selector !== null && Object.entries(service.selector).every(([key, value]) => pod.labels[key] === value)).slice(0, 2)
    .map((pod): Probe => ({ from: podId(pod), to, port: port.port, protocol: port.protocol })));
  const nodes = cluster.nodes.map(({ name }) => `node/${name}`);
  const machines = cluster.outsiders.map(({ kind, name }) => `${kind}/${name}`);
  const nodePorts = services.filter(({ port }) => port.nodePort > 0).flatMap(({ port }) => [...machines, ...pods.slice(0, 1).map(podId), ...nodes.slice(0, 1)].flatMap((from) => nodes.map((to): Probe => ({ from, to, port: port.nodePort, protocol: port.protocol }))));
  const outside = services.filter(({ service }) => service.loadBalancer.length + service.externalIps.length > 0)
    .flatMap(({ service, port }) => [...service.externalIps, ...service.loadBalancer.flatMap(({ ip }) => (ip === null ? [] : [ip]))].flatMap((to) => [...machines, ...pods.slice(0, 1).map(podId)].map((from): Probe => ({ from, to, port: port.port, protocol: port.protocol }))));
  const fromNodes = services.flatMap(({ port, to }) => nodes.map((from): Probe => ({ from, to, port: port.port, protocol: port.protocol })));
  const between = targets.flatMap((to) => pods.filter((from) => from !== to).map((from): Probe => ({ from: podId(from), to: podId(to), port: to.ports[0]!.port, protocol: to.ports[0]!.protocol })));
  const away = pods.flatMap((pod) => machines.map((to): Probe => ({ from: podId(pod), to, port: 443, protocol: 'tcp' })));
  const toNodes = [...nodes, ...pods.map(podId)].flatMap((from) => nodes.filter((to) => to !== from).map((to): Probe => ({ from, to, port: 10250, protocol: 'tcp' })));
  return interleave([toServices, between, away, nodePorts, outside, fromNodes, own, toNodes]).slice(0, most);
}
