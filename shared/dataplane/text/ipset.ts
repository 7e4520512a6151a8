import { parseCidr } from '../../base/cidr.ts';
import { parseIp } from '../../base/ip.ts';
import type { Problem } from '../../base/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Origin } from '../ids.ts';
import type { Netns } from '../netns.ts';
import type { Atom, NamedSet, Tuple } from '../rules.ts';
import { splitWords, type RuleLine } from './iptables-words.ts';

type Element = NamedSet['elements'][number];

const isHash = (set: Pick<NamedSet, 'type'>): boolean => set.type.startsWith('hash:');
const dimensions = (type: string): readonly string[] => type.replace(/^\w+:/, '').split(',');

function atomText(atom: Atom): string {
  return typeof atom === 'object' ? (atom.from === atom.to ? `${atom.from}` : `${atom.from}-${atom.to}`) : `${atom}`;
}

/** An element as ipset writes it: dimensions by commas, and a hash's port as `tcp:80` (the key holds protocol and port apart). */
function elementText(set: NamedSet, key: Tuple): string {
  const left = [...key];
  return dimensions(set.type).map((dimension) => {
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

function parseAtom(text: string): Atom {
  const ip = parseIp(text) ?? parseCidr(text);
  if (ip) return ip;
  const m = /^(.+)-(.+)$/.exec(text);
  if (m) {
    const [from, to] = [parseIp(m[1]!), parseIp(m[2]!)];
    if (from && to) return { from, to };
    if (/^\d+-\d+$/.test(text)) return { from: Number(m[1]), to: Number(m[2]) };
  }
  return /^\d+$/.test(text) ? Number(text) : text;
}

function parseKey(type: string, text: string): Tuple {
  return text.split(',').flatMap((part, i): readonly Atom[] => {
    const ported = dimensions(type)[i] === 'port' ? /^([a-z]\w*):(.+)$/.exec(part) : null;
    return ported ? [ported[1]!, parseAtom(ported[2]!)] : [parseAtom(part)];
  });
}

/** Options of `create` that say something about the set; the hash's bucket size and seed do not. */
function parseCreate([name = '', type = '', ...options]: readonly string[], origin: Origin): NamedSet {
  const flags: string[] = [];
  let timeout: number | undefined;
  for (let i = 0; i < options.length; i++) {
    const [option, value = ''] = [options[i]!, options[i + 1]];
    if (option === 'comment' || option === 'counters' || option === 'skbinfo' || option === 'forceadd') flags.push(option);
    else {
      if (option === 'timeout') timeout = Number(value);
      else if (option !== 'bucketsize' && option !== 'initval') flags.push(`${option} ${value}`);
      i += 1;
    }
  }
  return { name, kind: 'ipset', type, ...(flags.length > 0 ? { flags } : {}), ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), elements: [], origin };
}

function parseElement(set: NamedSet, words: readonly string[]): Element {
  const comment = words.indexOf('comment');
  return { key: parseKey(set.type, words[0] ?? ''), ...(words.includes('nomatch') ? { nomatch: true } : {}), ...(comment < 0 ? {} : { comment: words[comment + 1] ?? '' }) };
}

/** Reads `ipset save`; fails with every line that is neither `create` nor `add` to a set above it. `file` names the text in problems and origins. */
export function parseIpset(text: string, file = 'ipset-save'): Result<readonly NamedSet[], readonly Problem[]> {
  const problems: Problem[] = [];
  const sets = new Map<string, { readonly set: NamedSet; readonly elements: Element[] }>();
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const [verb, ...words] = splitWords(line) ?? [];
    const known = sets.get(words[0] ?? '');
    if (verb === 'create' && !known && words.length >= 2) sets.set(words[0]!, { set: parseCreate(words, { by: 'ipset', why: `Read from line ${i + 1} of ${file}.` }), elements: [] });
    else if (verb === 'add' && known && words.length >= 2) known.elements.push(parseElement(known.set, words.slice(1)));
    else problems.push({ code: 'ipset-save', severity: 'error', what: `not a line of ipset save: ${line.slice(0, 60)}`, fix: 'paste the whole output of ipset save', at: { file, line: i + 1, col: 1 } });
  });
  return problems.length > 0 ? err(problems) : ok([...sets.values()].map(({ set, elements }) => ({ ...set, elements })));
}
