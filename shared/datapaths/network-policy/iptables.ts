import { hostCidr, parseCidr, prefixLength, type Cidr } from '../../base/cidr.ts';
import { sha256Base32 } from '../../base/sha256-base32.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Match, NamedSet, Table, Tuple } from '../../dataplane/rules.ts';
import { chainOf, comment, jump, verdict, type Draft } from '../rules.ts';
import { allowedMark, buildChains, isKnown, whyKnown, type Condition, type Dialect } from './chains.ts';
import type { NodePlan, PeerPlan, PortPlan } from './plan.ts';
import { because, podName, whyGuard } from './words.ts';

export const policyChain = 'PODHOP-POLICY';
const hash = (text: string): string => sha256Base32(text).slice(0, 16);
// xt_comment holds 255 bytes.
const short = (text: string): string => text.slice(0, 255);

/** A set of one family: at most 31 characters of name (IPSET_MAXNAMELEN). */
function ipset(kind: string, type: string, family: 4 | 6, label: string, origin: Origin, elements: NamedSet['elements']): NamedSet {
  const name = `podhop-${kind}${family}-${hash(label)}`;
  return { name, kind: 'ipset', type, flags: [`family ${family === 4 ? 'inet' : 'inet6'}`, ...(elements.length > 65_536 ? [`maxelem ${elements.length}`] : [])], elements, origin };
}
const inSet = (set: NamedSet, ...dims: readonly ('src' | 'dst')[]): Condition => ({ match: [{ kind: 'set', set: set.name, dims }], sets: [set] });

/** hash:net takes no prefix of length 0, so everything is its two halves. */
const storable = (network: Cidr, family: 4 | 6): readonly Cidr[] =>
  prefixLength(network) > 0 ? [network] : (family === 4 ? ['0.0.0.0/1', '128.0.0.0/1'] : ['::/1', '8000::/1']).map((half) => parseCidr(half)!);

function peerOf(family: 4 | 6, side: 'src' | 'dst', peer: PeerPlan, label: string, origin: Origin): Condition {
  if (peer.kind === 'everyone') return { match: [], sets: [] };
  if (peer.kind === 'pods') return inSet(ipset('pods', 'hash:ip', family, label, origin, peer.ips.map((ip) => ({ key: [ip] }))), side);
  const { cidr, except } = peer;
  if (except.length === 0) return { match: prefixLength(cidr) === 0 ? [] : [{ kind: side, net: cidr }], sets: [] };
  const elements = [...storable(cidr, family).map((net) => ({ key: [net] })), ...except.map((net) => ({ key: [net], nomatch: true }))];
  return inSet(ipset('net', 'hash:net', family, label, origin, elements), side);
}

function portOf(family: 4 | 6, port: PortPlan, label: string, origin: Origin): Condition {
  if (port.kind === 'every') return { match: [], sets: [] };
  if (port.kind === 'named') {
    return inSet(ipset('port', 'hash:ip,port', family, label, origin, port.targets.map(({ ip, port: number }) => ({ key: [ip, port.protocol, number] satisfies Tuple }))), 'dst', 'dst');
  }
  const protocol: Match = { kind: 'protocol', protocol: port.protocol };
  return { match: port.from === 1 && port.to === 65535 ? [protocol] : [protocol, { kind: 'dport', ports: [{ from: port.from, to: port.to }] }], sets: [] };
}

const dialectOf = (family: 4 | 6): Dialect => ({
  podChain: (direction, pod) => `PODHOP-${direction === 'egress' ? 'FROM' : 'TO'}-${hash(podName(pod))}`,
  rulesChain: (direction, policy) => `PODHOP-${direction === 'egress' ? 'OUT' : 'IN'}-${hash(`${policy.namespace}/${policy.name}`)}`,
  address: (side, ip) => ({ kind: side, net: hostCidr(ip) }),
  marked: { kind: 'mark', value: allowedMark, mask: allowedMark },
  comment: (text) => comment(short(text)),
  peer: (side, peer, label, origin) => peerOf(family, side, peer, label, origin),
  port: (port, label, origin) => portOf(family, port, label, origin),
});

const notOwn: Match = { kind: 'addrtype', side: 'src', type: 'LOCAL', not: true };

/** The filter table of one family and the ipsets its rules name; null where nothing is isolated. With IPVS a Service's packets leave through OUTPUT and never see FORWARD, so that those of others are judged there, too. */
export function buildIptables(plan: NodePlan, ipvs = false): { readonly table: Table; readonly ipsets: readonly NamedSet[] } | null {
  if (plan.guards.length === 0) return null;
  const family = plan.family === 4 ? 'ip' : 'ip6';
  const dialect = dialectOf(plan.family);
  const { chains, sets } = buildChains(dialect, plan);
  const jumps = (direction: 'egress' | 'ingress'): readonly Draft[] => plan.guards.filter((guard) => guard.direction === direction).map((guard) => ({
    match: [dialect.address(direction === 'egress' ? 'src' : 'dst', guard.ip), comment(short(`${direction} of ${podName(guard.pod)}`))],
    do: [jump(dialect.podChain(direction, guard.pod))], origin: because(whyGuard(guard)),
  }));
  const both = (['egress', 'ingress'] as const).map(jumps);
  // Neighbour discovery is untracked (nf_conntrack_icmpv6) and crosses a bridge through FORWARD as well.
  const known: Draft = { match: [isKnown(plan.family === 4 ? ['related', 'established'] : ['related', 'established', 'untracked'])], do: [verdict('return')], origin: because(whyKnown) };
  const start = because('Whatever this node forwards is checked against the policies of its own pods, before anybody may accept it');
  return {
    table: {
      family, name: 'filter', tool: 'iptables', sets: [],
      chains: [
        chainOf(family, 'filter', 'FORWARD', start, [{ match: [comment('network policies')], do: [jump(policyChain)], origin: start }]),
        ...(ipvs ? [chainOf(family, 'filter', 'OUTPUT', start, [{ match: [notOwn, comment('network policies for what IPVS sends on')], do: [jump(policyChain)], origin: because('IPVS takes a Service\'s packets out of INPUT and sends them on through OUTPUT, past FORWARD; the node\'s own traffic is left alone') }])] : []),
        chainOf(family, 'filter', policyChain, start, [known, ...both.flat()]),
        ...chains.map(({ name, origin, rules }) => chainOf(family, 'filter', name, origin, rules)),
      ],
    },
    ipsets: sets,
  };
}
