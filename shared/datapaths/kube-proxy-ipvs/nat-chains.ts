import { cidr } from '../../base/cidr.ts';
import type { Action, Chain, Match } from '../../dataplane/rules.ts';
import { sayPodSource } from '../proxy-words.ts';
import { chainOf, comment, jump, verdict, type Draft } from '../rules.ts';
import type { SetName } from './names.ts';
import { because, ifFilled, local, mark, marked, rule, type TablesInput, type Words } from './words.ts';

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

/** The chains of nat: who is masqueraded. IPVS chooses the endpoint elsewhere. */
export function natChains(words: Words, input: TablesInput): readonly Chain[] {
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
