import type { IpFamily } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, Match, NamedSet } from '../../dataplane/rules.ts';
import type { PodSource } from '../../model/proxy-node.ts';
import { comment, type Draft } from '../rules.ts';
import type { admitsNode } from './build-sets.ts';
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

/** The bit that KUBE-MARK-MASQ sets: masqueradeBit's default, 14. */
export const mark = 0x4000;
/** The packet was marked to be masqueraded. */
export const marked: Extract<Match, { kind: 'mark' | 'connmark' }> = { kind: 'mark', value: mark, mask: mark };
export const local = (side: 'src' | 'dst', not = false): Match => ({ kind: 'addrtype', side, type: 'LOCAL', ...(not ? { not: true } : {}) });
export const because = (why: string, code?: string): Origin => (code === undefined ? { by, why } : { by, why, code });
export const rule = (match: readonly Match[], action: Action, why: string, code?: string): Draft => ({ match, do: [action], origin: because(why, code) });

/** The vocabulary of one family: its sets by name, and whether they hold anything. */
export function wordsOf({ family, sets }: TablesInput) {
  const ip = family === 4 ? 'ip' : 'ip6';
  const filled = new Set(setNames.filter((name) => sets.some((set) => set.name === setNameIn(name, ip) && set.elements.length > 0)));
  const inSet = (name: SetName, ...dims: readonly ('src' | 'dst')[]): Match => ({ kind: 'set', set: setNameIn(name, ip), dims });
  return { ip, filled, inSet, about: (name: SetName): Match => comment(setKinds[name][1]) } as const;
}
export type Words = ReturnType<typeof wordsOf>;

/** A rule about a set is written only while the set holds something (ipsetWithIptablesChain). */
export const ifFilled = ({ filled, about, inSet }: Words, name: SetName, dims: readonly ('src' | 'dst')[], action: Action, why: string, protocol?: 'tcp' | 'udp' | 'sctp'): readonly Draft[] =>
  (filled.has(name) ? [rule([...(protocol ? [{ kind: 'protocol', protocol } satisfies Match] : []), about(name), inSet(name, ...dims)], action, why)] : []);
