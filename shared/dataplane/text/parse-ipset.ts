import { parseCidr } from '../../base/cidr.ts';
import { parseIp } from '../../base/ip.ts';
import type { Problem } from '../../base/problem.ts';
import type { Origin } from '../ids.ts';
import type { Atom, NamedSet, Tuple } from '../rules.ts';
import { splitWords } from './iptables-words.ts';
import { originInText } from './origin-in-text.ts';
import { setDimensions } from './print-ipset.ts';

type Element = NamedSet['elements'][number];

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
    const ported = setDimensions(type)[i] === 'port' ? /^([a-z]\w*):(.+)$/.exec(part) : null;
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

/** Reads `ipset save` as far as it goes: the sets, and every line that is neither `create` nor `add` to a set above it. */
export function readIpset(text: string, file: string): { readonly sets: readonly NamedSet[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const sets = new Map<string, { readonly set: NamedSet; readonly elements: Element[] }>();
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const [verb, ...words] = splitWords(line) ?? [];
    const known = sets.get(words[0] ?? '');
    if (verb === 'create' && !known && words.length >= 2) sets.set(words[0]!, { set: parseCreate(words, originInText(file, i + 1)), elements: [] });
    else if (verb === 'add' && known && words.length >= 2) known.elements.push(parseElement(known.set, words.slice(1)));
    else problems.push({ code: 'ipset-save', severity: 'error', what: `not a line of ipset save: ${line.slice(0, 60)}`, fix: 'paste the whole output of ipset save', at: { file, line: i + 1, col: 1 } });
  });
  return { sets: [...sets.values()].map(({ set, elements }) => ({ ...set, elements })), problems };
}
