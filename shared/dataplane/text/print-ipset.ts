import type { Netns } from '../netns.ts';
import type { Atom, NamedSet, Tuple } from '../rules.ts';
import type { RuleLine } from './iptables-words.ts';

const isHash = (set: Pick<NamedSet, 'type'>): boolean => set.type.startsWith('hash:');
/** The parts of a set's type: `hash:ip,port` has two. */
export const setDimensions = (type: string): readonly string[] => type.replace(/^\w+:/, '').split(',');

function atomText(atom: Atom): string {
  return typeof atom === 'object' ? (atom.from === atom.to ? `${atom.from}` : `${atom.from}-${atom.to}`) : `${atom}`;
}

/** An element as ipset writes it: dimensions by commas, and a hash's port as `tcp:80` (the key holds protocol and port apart). */
function elementText(set: NamedSet, key: Tuple): string {
  const left = [...key];
  return setDimensions(set.type).map((dimension) => {
    const atom = left.shift();
    const ported = dimension === 'port' && isHash(set) && left.length > 0 && Number.isNaN(Number(atom));
    return ported ? `${atomText(atom!)}:${atomText(left.shift()!)}` : atomText(atom ?? '');
  }).join(',');
}

function createLine(set: NamedSet): string {
  const flag = (name: string, fallback: string): string => set.flags?.find((f) => f.startsWith(`${name} `)) ?? `${name} ${fallback}`;
  const sized = isHash(set) ? [flag('family', 'inet'), flag('hashsize', '1024'), flag('maxelem', '65536')] : (set.flags ?? []).filter((f) => f !== 'comment');
  return ['create', set.name, set.type, ...sized, ...(set.timeoutSeconds === undefined ? [] : [`timeout ${set.timeoutSeconds}`]), ...(set.flags?.includes('comment') ? ['comment'] : [])].join(' ');
}

/** What `ipset save` lists in this namespace, without the random hash seeds; `ipset restore` takes it. The rule of a line is its set's name. */
export function printIpset(netns: Pick<Netns, 'ipsets'>): readonly RuleLine[] {
  return netns.ipsets.filter((set) => set.kind === 'ipset').flatMap((set) => [
    { text: createLine(set), rule: set.name },
    ...set.elements.map((e) => ({ text: `add ${set.name} ${elementText(set, e.key)}${e.nomatch === true ? ' nomatch' : ''}${e.comment === undefined ? '' : ` comment "${e.comment}"`}`, rule: set.name })),
  ]);
}
