import { cidrCovers, hostCidr, prefixLength, type Cidr } from '../../base/cidr.ts';
import { sha256Base32 } from '../../base/sha256-base32.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Chain, Match, NamedSet, Table, Tuple } from '../../dataplane/rules.ts';
import { chainOf, comment, verdict, type Draft } from '../rules.ts';
import { allowedMark, buildChains, isKnown, whyKnown, type Condition, type Dialect } from './chains.ts';
import type { GuardPlan, NodePlan, PeerPlan, PortPlan } from './plan.ts';
import { because, podName, whyGuard } from './words.ts';

export const tableName = 'podhop-policy';
type Family = 'ip' | 'ip6';

/** The name with its own hash before it; knftables allows 256 characters, and colons are no part of a name. */
const named = (prefix: string, name: string): string => `${prefix}-${sha256Base32(name).slice(0, 8)}-${name}`.slice(0, 240);
// nft keeps at most 128 bytes of comment.
const asName = (label: string): string => label.replaceAll('spec.', '').replaceAll(/[[\]]/g, '').replaceAll(' ', '/').replace(/\/$/, '');
const short = (text: string): string => text.slice(0, 127);
const addressType = (family: Family): string => (family === 'ip' ? 'ipv4_addr' : 'ipv6_addr');
const field = (side: 'src' | 'dst') => ({ field: side === 'src' ? 'saddr' : 'daddr' } as const);

/** Exceptions inside one another would overlap, which a set of intervals refuses; the wider one says it all. */
const widest = (networks: readonly Cidr[]): readonly Cidr[] => networks.filter((one, i) => !networks.some((other, j) => i !== j && cidrCovers(other, one) && (other !== one || j < i)));

function peerOf(family: Family, side: 'src' | 'dst', peer: PeerPlan, label: string, origin: Origin): Condition {
  if (peer.kind === 'everyone') return { match: [], sets: [] };
  if (peer.kind === 'pods') {
    const set: NamedSet = { name: named('pods', label), kind: 'nft-set', type: addressType(family), elements: peer.ips.map((ip) => ({ key: [ip] })), origin };
    return { match: [{ kind: 'lookup', key: [field(side)], set: set.name }], sets: [set] };
  }
  const inside: readonly Match[] = prefixLength(peer.cidr) === 0 ? [] : [{ kind: side, net: peer.cidr }];
  const holes = widest(peer.except).map((net): Tuple => [net]);
  return { match: [...inside, ...(holes.length === 0 ? [] : [{ kind: 'compare', left: [field(side)], op: '!=', right: holes } as const])], sets: [] };
}

function portOf(family: Family, port: PortPlan, label: string, origin: Origin): Condition {
  if (port.kind === 'every') return { match: [], sets: [] };
  if (port.kind === 'named') {
    const elements = port.targets.map(({ ip, port: number }) => ({ key: [ip, port.protocol, number] satisfies Tuple }));
    const set: NamedSet = { name: named('ports', label), kind: 'nft-set', type: `${addressType(family)} . inet_proto . inet_service`, elements, origin };
    return { match: [{ kind: 'lookup', key: [{ field: 'daddr' }, { field: 'protocol' }, { field: 'dport' }], set: set.name }], sets: [set] };
  }
  const protocol: Match = { kind: 'protocol', protocol: port.protocol };
  return { match: port.from === 1 && port.to === 65535 ? [protocol] : [protocol, { kind: 'dport', ports: [{ from: port.from, to: port.to }] }], sets: [] };
}

const dialectOf = (family: Family): Dialect => ({
  podChain: (direction, pod) => named(direction === 'egress' ? 'from' : 'to', podName(pod)),
  rulesChain: (direction, policy) => named(direction, `${policy.namespace}/${policy.name}`),
  address: (side, ip) => ({ kind: side, net: hostCidr(ip) }),
  marked: { kind: 'bit-test', field: 'mark', mask: allowedMark, equals: allowedMark },
  comment: (text) => comment(short(text)),
  peer: (side, peer, label, origin) => peerOf(family, side, peer, asName(label), origin),
  port: (port, label, origin) => portOf(family, port, asName(label), origin),
});

/** The map that finds a pod's chain in one step. */
function guardMap(family: Family, direction: 'egress' | 'ingress', guards: readonly GuardPlan[], dialect: Dialect): NamedSet {
  const elements = guards.map((guard) => ({ key: [guard.ip], verdict: { kind: 'jump', chain: dialect.podChain(direction, guard.pod) } as const, origin: because(whyGuard(guard)) }));
  return { name: `${direction}-pods`, kind: 'nft-vmap', type: `${addressType(family)} : verdict`, comment: `pods of this node that a policy isolates for ${direction}`, elements, origin: because(`Pods of this node that a policy isolates for ${direction}`) };
}

/** The table of one family; null where nothing is isolated. */
export function buildNftables(plan: NodePlan): Table | null {
  if (plan.guards.length === 0) return null;
  const family: Family = plan.family === 4 ? 'ip' : 'ip6';
  const dialect = dialectOf(family);
  const { chains, sets } = buildChains(dialect, plan);
  const of = (direction: 'egress' | 'ingress') => plan.guards.filter((guard) => guard.direction === direction);
  const both = (['egress', 'ingress'] as const).filter((direction) => of(direction).length > 0);
  const known: Draft = { match: [isKnown(plan.family === 4 ? ['related', 'established'] : ['related', 'established', 'untracked'])], do: [verdict('accept')], origin: because(whyKnown) };
  const start = because('Whatever this node forwards is checked against the policies of its own pods');
  const finds = both.map((direction): Draft => ({
    match: [], do: [{ kind: 'vmap', key: [field(direction === 'egress' ? 'src' : 'dst')], map: `${direction}-pods` }], origin: because(`Finds the pod whose ${direction} is to be judged`),
  }));
  const regular = chainOf(family, tableName, 'forward', start, [known, ...finds]);
  const forward: Chain = { ...regular, kind: 'base', type: 'filter', hook: 'forward', priority: 0, policy: 'accept' };
  return {
    family, name: tableName, tool: 'nft', comment: 'network policies',
    chains: [forward, ...chains.map(({ name, origin, rules }) => chainOf(family, tableName, name, origin, rules))],
    sets: [...both.map((direction) => guardMap(family, direction, of(direction), dialect)), ...sets],
  };
}
