import type { Table } from '../../dataplane/rules.ts';
import { accept, back, chance, ctState, dnatTo, dport, drop, dst, dstType, iptables, jump, mark, masquerade, notMarked, orMark, proto, rejectWith, rule, src, srcType, xorMark } from './rules.ts';

/** A Service as a node sees it: kube-proxy's inputs after endpoint selection. */
export interface TestService {
  readonly name: string;
  readonly protocol?: 'tcp' | 'udp';
  readonly clusterIp: string;
  readonly port: number;
  readonly nodePort?: number;
  readonly lbIp?: string;
  readonly endpoints: readonly string[];
  /** For externalTrafficPolicy Local: this node's endpoints. */
  readonly local?: readonly string[];
  readonly targetPort: number;
  readonly sourceRanges?: readonly string[];
}
export interface ServiceOptions {
  readonly clusterCidr?: string;
  /** Egress: masquerade what leaves the pods' range. */
  readonly egress?: boolean;
  readonly randomFully?: boolean;
  readonly filterForward?: readonly ReturnType<typeof rule>[];
  readonly policies?: Readonly<Record<string, 'drop'>>;
}

type Rules = ReturnType<typeof rule>[];
const bit = 0x4000;

function serviceChains(s: TestService, clusterCidr: string): Record<string, Rules> {
  const protocol = proto(s.protocol ?? 'tcp');
  const sep = (i: number): string => `KUBE-SEP-${s.name}${i}`;
  const list = (endpoints: readonly string[]): Rules => endpoints.map((e, i) => rule(i === endpoints.length - 1 ? [] : [chance(1, endpoints.length - i)], jump(sep(s.endpoints.indexOf(e)))));
  const chains: Record<string, Rules> = {};
  s.endpoints.forEach((e, i) => { chains[sep(i)] = [rule([src(e)], jump('KUBE-MARK-MASQ')), rule([protocol], dnatTo(e, s.targetPort))]; });
  chains[`KUBE-SVC-${s.name}`] = [rule([src(clusterCidr, true), dst(s.clusterIp), protocol, dport(s.port)], jump('KUBE-MARK-MASQ')), ...list(s.endpoints)];
  if (s.local) chains[`KUBE-SVL-${s.name}`] = list(s.local);
  const svc = jump(`KUBE-SVC-${s.name}`);
  chains[`KUBE-EXT-${s.name}`] = s.local === undefined ? [rule([], jump('KUBE-MARK-MASQ')), rule([], svc)]
    : [rule([src(clusterCidr)], svc), rule([srcType('LOCAL')], jump('KUBE-MARK-MASQ')), rule([srcType('LOCAL')], svc), ...(s.local.length > 0 ? [rule([], jump(`KUBE-SVL-${s.name}`))] : [])];
  if (s.sourceRanges) chains[`KUBE-FW-${s.name}`] = s.sourceRanges.map((range) => rule([src(range)], jump(`KUBE-EXT-${s.name}`)));
  return chains;
}

/** kube-proxy's iptables rules in miniature (kube-proxy.md §4, §5): enough shape to test the walk, nothing more. */
export function kubeProxyTables(services: readonly TestService[], options: ServiceOptions = {}): readonly Table[] {
  const clusterCidr = options.clusterCidr ?? '10.244.0.0/16';
  const nat: Record<string, Rules> = {
    'PREROUTING': [rule([], jump('KUBE-SERVICES'))], 'INPUT': [], 'OUTPUT': [rule([], jump('KUBE-SERVICES'))],
    'POSTROUTING': [rule([], jump('KUBE-POSTROUTING')), ...(options.egress === true ? [rule([src(clusterCidr), dst(clusterCidr, true)], masquerade())] : [])],
    'KUBE-MARK-MASQ': [rule([], orMark(bit))], 'KUBE-POSTROUTING': [rule([notMarked(bit)], back), rule([], xorMark(bit)), rule([], masquerade(options.randomFully))], 'KUBE-SERVICES': [], 'KUBE-NODEPORTS': [],
  };
  const filter: Record<string, Rules> = {
    'INPUT': [rule([ctState('new')], jump('KUBE-PROXY-FIREWALL')), rule([ctState('new')], jump('KUBE-EXTERNAL-SERVICES'))],
    'FORWARD': [...(options.filterForward ?? []), rule([ctState('new')], jump('KUBE-PROXY-FIREWALL')), rule([], jump('KUBE-FORWARD')), rule([ctState('new')], jump('KUBE-SERVICES')), rule([ctState('new')], jump('KUBE-EXTERNAL-SERVICES'))],
    'OUTPUT': [rule([ctState('new')], jump('KUBE-PROXY-FIREWALL')), rule([ctState('new')], jump('KUBE-SERVICES'))],
    'KUBE-FORWARD': [rule([ctState('invalid')], drop), rule([mark(bit)], accept), rule([ctState('related', 'established')], accept)],
    'KUBE-SERVICES': [], 'KUBE-EXTERNAL-SERVICES': [], 'KUBE-PROXY-FIREWALL': [],
  };
  for (const s of services) addService(s, nat, filter, clusterCidr);
  nat['KUBE-SERVICES']!.push(rule([dstType('LOCAL')], jump('KUBE-NODEPORTS')));
  return [iptables('nat', nat), iptables('filter', filter, options.policies)];
}

function addService(s: TestService, nat: Record<string, Rules>, filter: Record<string, Rules>, clusterCidr: string): void {
  const protocol = proto(s.protocol ?? 'tcp');
  const to = (address: string): Parameters<typeof rule>[0] => [dst(address), protocol, dport(s.port)];
  if (s.endpoints.length > 0) {
    Object.assign(nat, serviceChains(s, clusterCidr));
    nat['KUBE-SERVICES']!.push(rule(to(s.clusterIp), jump(`KUBE-SVC-${s.name}`)));
    if (s.lbIp !== undefined) nat['KUBE-SERVICES']!.push(rule(to(s.lbIp), jump(`KUBE-${s.sourceRanges ? 'FW' : 'EXT'}-${s.name}`)));
    if (s.lbIp !== undefined && s.sourceRanges) filter['KUBE-PROXY-FIREWALL']!.push(rule(to(s.lbIp), drop));
    if (s.nodePort !== undefined) nat['KUBE-NODEPORTS']!.push(rule([protocol, dport(s.nodePort)], jump(`KUBE-EXT-${s.name}`)));
  } else filter['KUBE-SERVICES']!.push(rule(to(s.clusterIp), rejectWith()));
  const noExternal = s.endpoints.length === 0 ? rejectWith() : s.local?.length === 0 ? drop : null;
  if (noExternal === null) return;
  if (s.lbIp !== undefined) filter['KUBE-EXTERNAL-SERVICES']!.push(rule(to(s.lbIp), noExternal));
  if (s.nodePort !== undefined) filter['KUBE-EXTERNAL-SERVICES']!.push(rule([dstType('LOCAL'), protocol, dport(s.nodePort)], noExternal));
}
