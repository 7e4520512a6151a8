import type { Match } from '../../dataplane/rules.ts';
import type { Matcher, RuleContext } from '../compile-chain.ts';
import type { Value } from '../sets.ts';
import { protocolNumber, dynamicHolds } from '../sets.ts';
import type { Walk } from '../walk-state.ts';
import { unknownMatch } from './unknown.ts';

type Reader = (w: Walk, side: 'src' | 'dst') => readonly Value[];

const address: Reader = (w, side) => [side === 'src' ? w.packet.src : w.packet.dst];
const port: Reader = (w, side) => [w.proto, side === 'src' ? w.sport : w.dport];
const barePort: Reader = (w, side) => [side === 'src' ? w.sport : w.dport];

const readers: Readonly<Record<string, Reader>> = { ip: address, net: address, port, iface: (w, side) => [(side === 'src' ? w.iif : w.oif)?.name ?? ''], mark: (w) => [w.mark] };

/** How each part of an ipset's type is read off a packet; null for a type we do not know. A hash's port carries its protocol. */
function readersOf(type: string): readonly Reader[] | null {
  if (type.startsWith('bitmap:port')) return [barePort];
  const parts = type.replace(/^(hash|bitmap):/, '').split(',').map((part) => readers[part]);
  return /^(hash|bitmap):/.test(type) && parts.every((part) => part !== undefined) ? parts : null;
}

/** `-m set --match-set`: each of the set's dimensions read from the side the rule names. */
export function matchIpset(match: Extract<Match, { kind: 'set' }>, { sets, netns }: RuleContext): Matcher {
  const not = match.not === true;
  const set = sets.ipset(match.set);
  if (!set?.set) return unknownMatch(`set ${match.set} does not exist`);
  const named = set.set;
  const parts = readersOf(named.type);
  if (!parts) return unknownMatch(`set ${match.set} of type ${named.type}`);
  const ported = named.elements.some((e) => e.key.some((atom) => typeof atom === 'string' && Number.isNaN(Number(atom)) && !Number.isNaN(protocolNumber(atom))));
  const read = ported || !named.type.includes('port') ? parts : parts.map((part) => (part === port ? barePort : part));
  return (w) => {
    const key = read.flatMap((part, i) => part(w, match.dims[i] ?? match.dims[0] ?? 'src'));
    return (set.find(key) !== null || dynamicHolds(w.run, netns.id, match.set, key)) !== not;
  };
}
