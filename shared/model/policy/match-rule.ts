import { cidrContains } from '../../base/cidr.ts';
import type { Ip } from '../../base/ip.ts';
import { matchesSelector } from '../selectors.ts';
import type { L4Protocol, Labels, Pod, PolicyPeer, PolicyPort, PolicyRule } from '../types.ts';
import { allConnections, noConnections, normalizeRanges, unite, type ConnectionSet } from './connection-set.ts';

/** One end of a connection as NetworkPolicy sees it: a pod of the pod network, or just an address (the outside, a node, a hostNetwork pod). */
export type PolicyEnd =
  | { readonly kind: 'pod'; readonly pod: Pod; readonly namespaceLabels: Labels; readonly ips: readonly Ip[] }
  | { readonly kind: 'address'; readonly ip: Ip };

/** What a packet can be; a policy's ports never cover ICMP, a rule without ports does (NetworkPolicy leaves ICMP undefined; CNI plugins mostly do so). */
export type PolicyProtocol = L4Protocol | 'icmp';

/** Whether ipBlocks may match pod addresses; the API leaves it open, Kubernetes' own tests and most plugins do. */
export interface PolicyOptions { readonly ipBlocksMatchPods: boolean }

/** Why a peer or port entry does not match: the field, and the difference in words. */
export interface Miss { readonly field: string; readonly why: string }

const print = (labels: Labels): string => Object.entries(labels).map(([k, v]) => `${k}=${v}`).toSorted().join(', ') || 'no labels';

function selectorText(selector: PolicyPeer['podSelector']): string {
  if (!selector) return '';
  const parts = [
    ...Object.entries(selector.matchLabels).map(([k, v]) => `${k}=${v}`),
    ...selector.matchExpressions.map((e) => `${e.key} ${e.operator}${e.values.length > 0 ? ` (${e.values.join(', ')})` : ''}`),
  ];
  return parts.join(', ') || 'everything';
}

// Where nobody asks which field it is, no words are made.
const outsideIt: Miss = { field: '', why: 'not in it' };

function ipBlockMiss(peer: PolicyPeer, end: PolicyEnd, field: string, options: PolicyOptions): Miss | null {
  const { cidr, except } = peer.ipBlock!;
  if (end.kind === 'pod' && !options.ipBlocksMatchPods) return { field: `${field}.ipBlock`, why: 'an ipBlock is taken for outside addresses only, and this is a pod' };
  const ips = end.kind === 'pod' ? end.ips : [end.ip];
  if (field === '' && !ips.some((ip) => cidrContains(cidr, ip))) return outsideIt;
  if (ips.some((ip) => cidrContains(cidr, ip) && !except.some((hole) => cidrContains(hole, ip)))) return null;
  const hole = except.findIndex((one) => ips.some((ip) => cidrContains(one, ip)));
  if (hole >= 0) return { field: `${field}.ipBlock.except[${hole}]`, why: `${ips.join(', ')} lies in the exception ${except[hole]}` };
  return { field: `${field}.ipBlock.cidr`, why: `${ips.join(', ')} is not in ${cidr}` };
}

/** Whether a peer entry means this end. `namespace` is the policy's own. The same as `peerMiss`, without its words. */
export function peerMatches(peer: PolicyPeer, namespace: string, end: PolicyEnd, options: PolicyOptions): boolean {
  if (peer.ipBlock) return ipBlockMiss(peer, end, '', options) === null;
  if (end.kind === 'address') return false;
  if (peer.namespaceSelector ? !matchesSelector(peer.namespaceSelector, end.namespaceLabels) : end.pod.namespace !== namespace) return false;
  return !peer.podSelector || matchesSelector(peer.podSelector, end.pod.labels);
}

/** Null when the peer entry matches this end; else the first field that does not. `namespace` is the policy's own. */
export function peerMiss(peer: PolicyPeer, namespace: string, end: PolicyEnd, field: string, options: PolicyOptions): Miss | null {
  if (peer.ipBlock) return ipBlockMiss(peer, end, field, options);
  if (end.kind === 'address') return { field, why: `selectors match pods, and ${end.ip} is no pod of the pod network` };
  if (peer.namespaceSelector) {
    if (!matchesSelector(peer.namespaceSelector, end.namespaceLabels)) {
      return { field: `${field}.namespaceSelector`, why: `namespace ${end.pod.namespace} (${print(end.namespaceLabels)}) is not ${selectorText(peer.namespaceSelector)}` };
    }
  } else if (end.pod.namespace !== namespace) {
    return { field: `${field}.podSelector`, why: `without a namespaceSelector only pods of namespace ${namespace} are meant, and ${end.pod.name} is in ${end.pod.namespace}` };
  }
  if (peer.podSelector && !matchesSelector(peer.podSelector, end.pod.labels)) {
    return { field: `${field}.podSelector`, why: `${end.pod.name} (${print(end.pod.labels)}) is not ${selectorText(peer.podSelector)}` };
  }
  return null;
}

/** The ports that one entry means on this destination. A named port is looked up on the destination pod, by name and protocol; no hit = nothing, and no error. */
export function portsOf(entry: PolicyPort, destination: PolicyEnd): ConnectionSet {
  const { protocol, port, endPort } = entry;
  const only = (ranges: readonly (readonly [number, number])[]): ConnectionSet => ({ ...noConnections, [protocol]: normalizeRanges(ranges) });
  if (port === null) return only([[1, 65535]]);
  if (typeof port === 'number') return only([[port, endPort ?? port]]);
  if (destination.kind === 'address') return noConnections;
  return only(destination.pod.ports.filter((p) => p.name === port && p.protocol === protocol).map((p): [number, number] => [p.port, p.port]));
}

/** Null when the port entry covers this port; else why not. */
export function portMiss(entry: PolicyPort, destination: PolicyEnd, protocol: PolicyProtocol, port: number, field: string): Miss | null {
  if (entry.protocol !== protocol) return { field: `${field}.protocol`, why: `it is for ${entry.protocol.toUpperCase()}, this is ${protocol.toUpperCase()}` };
  if (portsOf(entry, destination)[entry.protocol].some(([from, to]) => from <= port && port <= to)) return null;
  if (typeof entry.port === 'string') return { field: `${field}.port`, why: `the destination has no ${protocol.toUpperCase()} port named ${entry.port} with number ${port}` };
  return { field: `${field}.port`, why: `it is for port ${entry.port}${entry.endPort === null ? '' : `–${entry.endPort}`}, the packet's is ${port} (policies see the pod's port, after the Service's rewrite)` };
}

/** Everything that a rule allows between its policy's pod and this other end. `destination` is where ports are looked up. */
export function ruleAllows(rule: PolicyRule, namespace: string, other: PolicyEnd, destination: PolicyEnd, options: PolicyOptions): ConnectionSet {
  if (rule.peers !== null && !rule.peers.some((peer) => peerMatches(peer, namespace, other, options))) return noConnections;
  if (rule.ports === null) return allConnections;
  return rule.ports.reduce((sum, entry) => unite(sum, portsOf(entry, destination)), noConnections);
}
