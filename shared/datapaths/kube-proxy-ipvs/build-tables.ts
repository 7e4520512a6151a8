import { cidr, hostCidr } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, Chain, Match, NamedSet, Table } from '../../dataplane/rules.ts';
import type { PodSource } from '../../model/proxy-node.ts';
import { sayPodSource, sayService, serviceOrigin } from '../proxy-words.ts';
import { chainOf, comment, jump, verdict, type Draft } from '../rules.ts';
import { admitsNode } from './build-sets.ts';
import { by, setKinds, setNameIn, setNames, type SetName } from './names.ts';
import type { PortView } from './port-view.ts';

/** What the tables of one family on one node follow from. */
export interface TablesInput {
  readonly family: IpFamily;
  readonly sets: readonly NamedSet[];
  readonly views: readonly PortView[];
  readonly podSource: PodSource;
  readonly masqueradeAll: boolean;
  readonly nodeIp: Parameters<typeof admitsNode>[1];
}

const mark = 0x4000;
const marked: Extract<Match, { kind: 'mark' | 'connmark' }> = { kind: 'mark', value: mark, mask: mark };
const local = (side: 'src' | 'dst', not = false): Match => ({ kind: 'addrtype', side, type: 'LOCAL', ...(not ? { not: true } : {}) });
const because = (why: string, code?: string): Origin => (code === undefined ? { by, why } : { by, why, code });
const rule = (match: readonly Match[], action: Action, why: string, code?: string): Draft => ({ match, do: [action], origin: because(why, code) });

/** The vocabulary of one family: its sets by name, and whether they hold anything. */
function wordsOf({ family, sets }: TablesInput) {
  const ip = family === 4 ? 'ip' : 'ip6';
  const filled = new Set(setNames.filter((name) => sets.some((set) => set.name === setNameIn(name, ip) && set.elements.length > 0)));
  const inSet = (name: SetName, ...dims: readonly ('src' | 'dst')[]): Match => ({ kind: 'set', set: setNameIn(name, ip), dims });
  return { ip, filled, inSet, about: (name: SetName): Match => comment(setKinds[name][1]) } as const;
}
type Words = ReturnType<typeof wordsOf>;

/** A rule about a set is written only while the set holds something (ipsetWithIptablesChain). */
const ifFilled = ({ filled, about, inSet }: Words, name: SetName, dims: readonly ('src' | 'dst')[], action: Action, why: string, protocol?: 'tcp' | 'udp' | 'sctp'): readonly Draft[] =>
  (filled.has(name) ? [rule([...(protocol ? [{ kind: 'protocol', protocol } satisfies Match] : []), about(name), inSet(name, ...dims)], action, why)] : []);

const masq = jump('KUBE-MARK-MASQ');

/** Whose cluster IP traffic is masqueraded: everybody's, all but pods', or only what the node sends from a Service address. */
function clusterIpMasquerade(words: Words, { podSource, masqueradeAll }: TablesInput): readonly Draft[] {
  const name = 'KUBE-CLUSTER-IP';
  if (masqueradeAll) return ifFilled(words, name, ['dst', 'dst'], masq, 'masqueradeAll: every connection to a cluster IP leaves with this node\'s address');
  if (podSource === null) return ifFilled(words, name, ['src', 'dst'], masq, 'Without a local-traffic detector only the node\'s own connections are masqueraded: the kernel gave them a Service address as their source');
  if (!words.filled.has(name)) return [];
  const notPod: Match = podSource.kind === 'cidr' ? { kind: 'src', net: podSource.cidr, not: true } : { kind: 'iif', name: podSource.prefix ? `${podSource.name}+` : podSource.name, not: true };
  return [rule([notPod, words.about(name), words.inSet(name, 'dst', 'dst')], masq, `Whoever is not ${sayPodSource(podSource)} and dials a cluster IP is masqueraded, so that the answer comes back through this node`)];
}

function externalIpRules(words: Words, name: 'KUBE-EXTERNAL-IP' | 'KUBE-EXTERNAL-IP-LOCAL'): readonly Draft[] {
  const to = (more: readonly Match[], action: Action, why: string): Draft => rule([words.about(name), words.inSet(name, 'dst', 'dst'), ...more], action, why);
  if (!words.filled.has(name)) return [];
  return [
    ...(name === 'KUBE-EXTERNAL-IP' ? [to([], masq, 'Connections to external IPs are masqueraded, so that the answer comes back through this node')] : []),
    to([{ kind: 'physdev', isIn: true, not: true }, local('src', true)], verdict('accept'), 'Traffic to an external IP from off this machine needs no more looking at'),
    to([local('dst')], verdict('accept'), 'An external IP that is an address here stays here'),
  ];
}

function natChains(words: Words, input: TablesInput): readonly Chain[] {
  const { ip } = words;
  const chain = (name: string, drafts: readonly Draft[], why: string): Chain => chainOf(ip, 'nat', name, because(why), drafts);
  const portals = comment('kubernetes service portals');
  const toServices = rule([portals], jump('KUBE-SERVICES'), 'Every new connection is looked up among the Services, to decide whether it is masqueraded; IPVS chooses the endpoint later');
  const nodePorts = (protocol: 'tcp' | 'udp' | 'sctp', all: SetName, keep: SetName): readonly Draft[] => {
    const dims = protocol === 'sctp' ? ['dst', 'dst'] as const : ['dst'] as const;
    return [
      ...ifFilled(words, keep, dims, verdict('return'), 'externalTrafficPolicy Local keeps the client\'s address', protocol),
      ...ifFilled(words, all, dims, masq, 'Connections to node ports are masqueraded, so that the answer comes back through this node', protocol),
    ];
  };
  return [
    chain('PREROUTING', [toServices], 'Before routing.'), chain('OUTPUT', [toServices], 'From the node itself.'),
    chain('POSTROUTING', [rule([comment('kubernetes postrouting rules')], jump('KUBE-POSTROUTING'), 'Marked connections get this node\'s address as their source on the way out')], 'Where the packet is about to leave.'),
    chain('KUBE-SERVICES', [
      rule([{ kind: 'src', net: input.family === 4 ? cidr('127.0.0.0/8') : cidr('::1/128') }], verdict('return'), 'IPVS does not serve connections from localhost'),
      ...ifFilled(words, 'KUBE-LOAD-BALANCER', ['dst', 'dst'], jump('KUBE-LOAD-BALANCER'), 'A load balancer address of a Service'),
      ...clusterIpMasquerade(words, input), ...externalIpRules(words, 'KUBE-EXTERNAL-IP'), ...externalIpRules(words, 'KUBE-EXTERNAL-IP-LOCAL'),
      rule([local('dst')], jump('KUBE-NODE-PORT'), 'An address of this node: perhaps a node port'),
      ...(['KUBE-CLUSTER-IP', 'KUBE-LOAD-BALANCER'] as const).filter((name) => words.filled.has(name)).map((name) => rule([words.inSet(name, 'dst', 'dst')], verdict('accept'), 'A Service\'s address: no other rule of this table shall touch it')),
    ], 'Decides whose Service connections are masqueraded'),
    chain('KUBE-NODE-PORT', [...nodePorts('tcp', 'KUBE-NODE-PORT-TCP', 'KUBE-NODE-PORT-LOCAL-TCP'), ...nodePorts('udp', 'KUBE-NODE-PORT-UDP', 'KUBE-NODE-PORT-LOCAL-UDP'), ...nodePorts('sctp', 'KUBE-NODE-PORT-SCTP-HASH', 'KUBE-NODE-PORT-LOCAL-SCTP-HASH')], 'Decides whose node port connections are masqueraded'),
    chain('KUBE-LOAD-BALANCER', [...ifFilled(words, 'KUBE-LOAD-BALANCER-LOCAL', ['dst', 'dst'], verdict('return'), 'externalTrafficPolicy Local keeps the client\'s address'), rule([], masq, 'Other connections to load balancer addresses are masqueraded')], 'Decides whose load balancer connections are masqueraded'),
    chain('KUBE-MARK-MASQ', [rule([], { kind: 'set-mark', value: mark, mask: mark, form: 'xmark' }, 'Marks the packet, so that it leaves with this node\'s address as its source')], 'Marks what shall be masqueraded'),
    chain('KUBE-POSTROUTING', [
      ...ifFilled(words, 'KUBE-LOOP-BACK', ['dst', 'dst', 'src'], { kind: 'masquerade' }, 'An endpoint on this node that reaches itself must see another address as its client'),
      rule([{ ...marked, not: true }], verdict('return'), 'Without the mark the source stays as it is'),
      rule([], { kind: 'set-mark', value: mark, mask: 0, form: 'xmark' }, 'The mark is taken off, so that the packet is not masqueraded again if it passes here once more'),
      rule([comment('kubernetes service traffic requiring SNAT')], { kind: 'masquerade', randomFully: true }, 'The source becomes the address of the interface the packet leaves by, so that answers come back through this node'),
    ], 'Masquerades what was marked'),
  ];
}

/** The node dials a load balancer address from that very address; where the ranges leave the node out, this alone can stop it (kubernetes issue 119656). */
const outFilter = ({ views, nodeIp }: TablesInput): readonly Draft[] => views.flatMap(({ port }) => {
  if (port.sourceRanges.length === 0 || admitsNode(port.sourceRanges, nodeIp)) return [];
  return port.vips.map((vip): Draft => ({
    match: [{ kind: 'src', net: hostCidr(vip) }, { kind: 'ipvs', protocol: port.protocol, vaddr: vip, vport: port.port }], do: [verdict('drop')],
    origin: serviceOrigin(by, port, `${sayService(port)}'s loadBalancerSourceRanges do not hold this node, so it may not dial ${vip} either`, 'spec.loadBalancerSourceRanges', 'source-ranges'),
  }));
});

function ipvsFilter({ inSet }: Words): readonly Draft[] {
  const served = (['KUBE-LOAD-BALANCER', 'KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'] as const).map((name) => rule([inSet(name, 'dst', 'dst')], verdict('return'), 'A port that a Service serves'));
  return [
    ...served, rule([inSet('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')], verdict('return'), 'A health-check port'),
    rule([{ kind: 'ct-state', states: ['new'], module: 'conntrack' }, inSet('KUBE-IPVS-IPS', 'dst')], { kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } },
      'A Service address on a port that no Service has, or a ping: without this rule the node itself would answer (kubernetes issue 72236)', 'no-service-port'),
  ];
}

function filterChains(words: Words, input: TablesInput): readonly Chain[] {
  const { ip } = words;
  const chain = (name: string, drafts: readonly Draft[], why: string): Chain => chainOf(ip, 'filter', name, because(why), drafts);
  const firewall = rule([comment('kube-proxy firewall rules')], jump('KUBE-PROXY-FIREWALL'), 'Load balancer addresses with source ranges are guarded');
  return [
    // kube-proxy prepends its jumps one by one, so its last one stands first.
    chain('INPUT', [rule([comment('kubernetes ipvs access filter')], jump('KUBE-IPVS-FILTER'), 'Service addresses are local here, and only Services shall answer on them'), firewall, rule([comment('kubernetes health check rules')], jump('KUBE-NODE-PORT'), 'Health checks of load balancers are let in')], 'For this machine.'),
    chain('FORWARD', [firewall, rule([comment('kubernetes forwarding rules')], jump('KUBE-FORWARD'), 'Masqueraded Service traffic passes even where the node forwards nothing else')], 'On its way through.'),
    chain('OUTPUT', [rule([comment('kubernetes ipvs access filter')], jump('KUBE-IPVS-OUT-FILTER'), 'The node itself may be left out by source ranges')], 'From the node itself.'),
    chain('KUBE-FORWARD', [
      rule([comment('kubernetes forwarding rules'), marked], verdict('accept'), 'Masqueraded Service traffic passes, whatever else the node forwards'),
      rule([comment('kubernetes forwarding conntrack rule'), { kind: 'ct-state', states: ['related', 'established'], module: 'conntrack' }], verdict('accept'), 'Packets of connections that were let through once pass'),
    ], 'Lets Service traffic through the node'),
    chain('KUBE-NODE-PORT', [rule([words.about('KUBE-HEALTH-CHECK-NODE-PORT'), words.inSet('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')], verdict('accept'), 'Load balancers ask here whether the node has endpoints')], 'Lets health checks in'),
    chain('KUBE-PROXY-FIREWALL', ifFilled(words, 'KUBE-LOAD-BALANCER-FW', ['dst', 'dst'], jump('KUBE-SOURCE-RANGES-FIREWALL'), 'A load balancer address that admits certain sources only'), 'Guards load balancer addresses with source ranges'),
    chain('KUBE-SOURCE-RANGES-FIREWALL', [
      ...ifFilled(words, 'KUBE-LOAD-BALANCER-SOURCE-CIDR', ['dst', 'dst', 'src'], verdict('return'), 'The source is in one of the ranges'), ...ifFilled(words, 'KUBE-LOAD-BALANCER-SOURCE-IP', ['dst', 'dst', 'src'], verdict('return'), 'The node dials the address from the address'),
      rule([], verdict('drop'), 'Whoever the source ranges did not admit is dropped', 'source-ranges'),
    ], 'Knows who may dial which load balancer address'),
    chain('KUBE-IPVS-FILTER', ipvsFilter(words), 'Keeps the node\'s own ports off Service addresses'),
    chain('KUBE-IPVS-OUT-FILTER', outFilter(input), 'Keeps the node from load balancer addresses that do not admit it'),
  ];
}

/** The nat and filter tables of one family: IPVS sends the packets, these decide who is masqueraded and who is kept out (writeIptablesRules). */
export function buildTables(input: TablesInput): readonly Table[] {
  const words = wordsOf(input);
  return [
    { family: words.ip, name: 'nat', tool: 'iptables', chains: natChains(words, input), sets: [] },
    { family: words.ip, name: 'filter', tool: 'iptables', chains: filterChains(words, input), sets: [] },
  ];
}
