import { indexCluster, type ClusterIndex } from './index-cluster.ts';
import { parseUrl } from './parse-url.ts';
import { resolveFrom, type Party } from './resolve-from.ts';
import { resolveTo, type Target } from './resolve-to.ts';
import type { Cluster, L4Protocol, Node, Pod, Service } from './types.ts';
import { listenersOfNode, listenersOfPod } from './who-answers.ts';

/** A port that a destination offers. */
export interface PortOffer { readonly port: number; readonly protocol: L4Protocol; readonly name: string }

/** Somebody in namespace `default` who asks, where the question has no source yet. */
const anybody: Party = { kind: 'address', label: '', netns: null, ips: [], ref: null, pod: null, node: null, outsider: null };

/** Ports that a destination offers, in its own order; empty where everything or nothing can be asked. Without a source, names are read as in namespace `default`. */
export function offersOf(cluster: Cluster, to: string, from: string | null = null): readonly PortOffer[] {
  const url = parseUrl(to);
  if (url !== null) return [{ port: url.port, protocol: 'tcp', name: url.scheme }];
  const source = from === null ? null : resolveFrom(cluster, from);
  const answer = resolveTo(cluster, source?.ok ? source.value : insider(cluster), to);
  return answer.ok && answer.value.kind === 'target' ? offersOfTarget(cluster, answer.value.target) : [];
}

/** Any pod-like asker of namespace `default`. */
function insider(cluster: Cluster): Party {
  const pod = cluster.pods.find((candidate) => candidate.namespace === 'default' && !candidate.hostNetwork);
  const standIn: Pod | undefined = pod ?? cluster.pods.find((candidate) => !candidate.hostNetwork);
  return standIn === undefined ? anybody : { ...anybody, kind: 'pod', pod: { ...standIn, namespace: 'default', dnsPolicy: 'ClusterFirst' }, ips: standIn.ips };
}

function offersOfTarget(cluster: Cluster, target: Target): readonly PortOffer[] {
  if (target.srv) return distinct(target.srv.records.map(({ port }) => ({ port, protocol: target.srv!.protocol, name: 'SRV' })));
  const index = indexCluster(cluster);
  if (target.service && target.service.type !== 'ExternalName') return offersOfService(target.service);
  const party = target.party;
  if (party?.pod) return offersOfPod(cluster, party.pod);
  if (party?.node) return offersOfNode(index, party.node);
  return party?.outsider?.ports?.map(({ protocol, port }) => ({ protocol, port, name: '' })) ?? [];
}

const offersOfService = (service: Service): readonly PortOffer[] => distinct(service.ports.map(({ port, protocol, name }) => ({ port, protocol, name })));

/** Declared names first; ports that only Services aim at have none. */
function offersOfPod(cluster: Cluster, pod: Pod): readonly PortOffer[] {
  const nameOf = (protocol: L4Protocol, port: number): string => pod.ports.find((declared) => declared.port === port && declared.protocol === protocol)?.name ?? '';
  return distinct(listenersOfPod(cluster, pod).flatMap(({ protocol, port }) => (port === null ? [] : [{ port, protocol, name: nameOf(protocol, port) }])));
}

/** Node ports of every Service, named for it, then what listens on the node itself. */
function offersOfNode(index: ClusterIndex, node: Node): readonly PortOffer[] {
  const nodePorts = index.cluster.services.flatMap((service) => service.ports.filter((port) => port.nodePort > 0).map((port) => ({ port: port.nodePort, protocol: port.protocol, name: service.name })));
  const own = listenersOfNode(index.cluster, node).flatMap(({ protocol, port }) => (port === null ? [] : [{ port, protocol, name: '' }]));
  const hostPorts = (index.podsByNode.get(node.name) ?? []).flatMap((pod) => pod.ports.flatMap(({ hostPort, protocol }) => (hostPort === undefined ? [] : [{ port: hostPort, protocol, name: pod.name }])));
  return distinct([...nodePorts, ...hostPorts, ...own]);
}

function distinct(offers: readonly PortOffer[]): readonly PortOffer[] {
  const seen = new Set<string>();
  return offers.filter(({ port, protocol }) => !seen.has(`${port}/${protocol}`) && seen.add(`${port}/${protocol}`) !== undefined);
}
