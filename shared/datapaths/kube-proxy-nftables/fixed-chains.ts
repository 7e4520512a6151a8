import { cidr, type Cidr } from '../../base/cidr.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Chain, Hook, Match } from '../../dataplane/rules.ts';
import type { NodePortAddresses } from '../../model/proxy-node.ts';
import { by, byDestination, byPort, comment, draft, drop, inSet, isNew, jump, localDestination, masqueradeMark, markMasqChain, numbered, reject, rejectChain, tableName, type Draft, type Family } from './parts.ts';

const because = (why: string, code?: string): Origin => (code === undefined ? { by, why } : { by, why, code });

type Jump = readonly [target: string, onlyNew: boolean, why: string];
type BaseChain = readonly [name: string, type: 'filter' | 'nat', hook: Hook, priority: number, jumps: readonly Jump[]];

const ranges = 'A new connection to a load balancer address is checked against its source ranges, before anything is rewritten';
const noEndpoints = 'A new connection that nothing rewrote may be aimed at a Service without endpoints';
const noNodePort = 'A new connection that nothing rewrote may be aimed at a node port without endpoints';
const badClusterIp = 'A new connection that nothing rewrote may be aimed at an unused port of a cluster IP, or at no Service at all';
const lookUp = 'A new connection is looked up among the Services';

/** The base chains in the order kube-proxy makes them (nftablesBaseChains), with their jumps (nftablesJumpChains): source ranges stand before DNAT (−100), endpoint checks after it. */
const baseChainTable: readonly BaseChain[] = [
  ['filter-prerouting-pre-dnat', 'filter', 'prerouting', -110, [['firewall-check', true, ranges]]],
  ['filter-output-pre-dnat', 'filter', 'output', -110, [['firewall-check', true, ranges]]],
  ['filter-input', 'filter', 'input', 0, [['nodeport-endpoints-check', true, noNodePort], ['service-endpoints-check', true, noEndpoints]]],
  ['filter-forward', 'filter', 'forward', 0, [['service-endpoints-check', true, noEndpoints], ['cluster-ips-check', true, badClusterIp]]],
  ['filter-output', 'filter', 'output', 0, [['service-endpoints-check', true, noEndpoints], ['cluster-ips-check', true, badClusterIp]]],
  ['nat-prerouting', 'nat', 'prerouting', -100, [['services', false, `${lookUp} before it is routed`]]],
  ['nat-output', 'nat', 'output', -100, [['services', false, `${lookUp}, also when it starts on this node`]]],
  ['nat-postrouting', 'nat', 'postrouting', 100, [['masquerading', false, 'Marked connections get this node\'s address as their source on the way out']]],
];

/** The chains that hang in the kernel's hooks. */
export const baseChains = (family: Family): readonly Chain[] => baseChainTable.map(([name, type, hook, priority, jumps]) => ({
  kind: 'base', id: `${family}/${tableName}/${name}`, name, type, hook, priority, policy: 'accept',
  rules: numbered(family, name, jumps.map(([target, onlyNew, why]) => draft(onlyNew ? [isNew] : [], jump(target), because(why)))), origin: because('kube-proxy\'s place in this hook'),
}));

/** One regular chain, its rules numbered. */
export const regular = (family: Family, name: string, drafts: readonly Draft[], origin: Origin): Chain =>
  ({ kind: 'regular', id: `${family}/${tableName}/${name}`, name, rules: numbered(family, name, drafts), origin });

const notLocalhost = (family: Family): Match => ({ kind: 'dst', net: cidr(family === 'ip' ? '127.0.0.0/8' : '::1/128'), not: true });

const clusterIpRules = (serviceSubnets: readonly Cidr[]): readonly Draft[] => {
  const unallocated: Match = serviceSubnets.length === 1 ? { kind: 'dst', net: serviceSubnets[0]! } : { kind: 'compare', left: [{ field: 'daddr' }], op: '==', right: serviceSubnets.map((c) => [c]) };
  const rejected = draft([inSet('daddr', 'cluster-ips'), comment('Reject traffic to invalid ports of ClusterIPs')], reject, because('The cluster IP belongs to a Service, but the Service has no such port or protocol', 'no-service-port'));
  if (serviceSubnets.length === 0) return [rejected];
  return [rejected, draft([unallocated, comment('Drop traffic to unallocated ClusterIPs')], drop, because('The address lies in the Service range, but no Service has it', 'no-service'))];
};

const maskedBit: Match = { kind: 'bit-test', field: 'mark', mask: masqueradeMark, equals: 0 };
const masquerading: readonly Draft[] = [
  draft([maskedBit], [{ kind: 'verdict', verdict: { kind: 'return' } }], because('Without the mark the source stays as it is')),
  draft([], [{ kind: 'set-mark', value: masqueradeMark, mask: 0, form: 'xmark' }], because('The mark is taken off, so that the packet is not masqueraded again if it passes here once more')),
  draft([], [{ kind: 'masquerade', randomFully: true }], because('The source becomes the address of the interface the packet leaves by, so that answers come back through this node')),
];

/** The chains every node has, whatever its Services, in kube-proxy's order of making. Node ports answer on the addresses of `nodeport-ips`, or on every local one but loopback where none are set. */
export function fixedChains(family: Family, nodePorts: NodePortAddresses, serviceSubnets: readonly Cidr[]): readonly Chain[] {
  const chain = (name: string, drafts: readonly Draft[], why: string): Chain => regular(family, name, drafts, because(why));
  const nodePortWhy = 'Whatever was aimed at no Service address may still be aimed at a node port';
  const here = nodePorts.matchAll ? [notLocalhost(family)] : [inSet('daddr', 'nodeport-ips')];
  return [
    chain('nodeport-endpoints-check', [draft(here, byPort('no-endpoint-nodeports'), because('Node ports whose Service has no endpoint for outsiders here', 'no-local-endpoints'))], 'Refuses node ports without endpoints'),
    chain('service-endpoints-check', [draft([], byDestination('no-endpoint-services'), because('Service addresses that have no endpoint for this traffic', 'no-local-endpoints'))], 'Refuses Service addresses without endpoints'),
    chain('cluster-ips-check', clusterIpRules(serviceSubnets), 'Refuses what no Service answers on its cluster IP'),
    chain('firewall-check', [draft([], byDestination('firewall-ips'), because('Load balancer addresses with source ranges'))], 'Finds load balancer addresses with source ranges'),
    chain('services', [
      draft([], byDestination('service-ips'), because('Finds the Service that a destination belongs to')),
      draft(nodePorts.matchAll ? [localDestination, ...here] : here, byPort('service-nodeports'), because(nodePortWhy)),
    ], 'Finds the Service of a new connection'),
    chain('masquerading', masquerading, 'Masquerades what was marked'),
    chain(markMasqChain, [draft([], [{ kind: 'set-mark', value: masqueradeMark, mask: masqueradeMark, form: 'xmark' }], because('Marks the packet, so that it leaves with this node\'s address as its source'))], 'Marks what shall be masqueraded'),
    { ...chain(rejectChain, [draft([], reject, because('The Service has no ready endpoint anywhere, so the connection is refused', 'no-endpoints'))], 'A map may drop by itself, but needs a chain to refuse'), comment: 'helper for @no-endpoint-services / @no-endpoint-nodeports' },
  ];
}
