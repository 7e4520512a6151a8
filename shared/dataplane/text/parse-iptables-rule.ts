import { cidrFamily, hostCidr, parseCidr, type Cidr } from '../../base/cidr.ts';
import { familyOf, parseIp, toU32 } from '../../base/ip.ts';
import type { Protocol } from '../packet.ts';
import type { Action, Match } from '../rules.ts';
import { protocolNames, rejoined, type IpFamilyName } from './iptables-words.ts';
import { moduleParsers, type ModuleOption } from './parse-iptables-modules.ts';
import { parseTarget } from './parse-iptables-target.ts';

export interface RuleBody { readonly match: readonly Match[]; readonly do: readonly Action[] }

const own = new Set(['-s', '--source', '--src', '-d', '--destination', '--dst', '-i', '--in-interface', '-o', '--out-interface', '-p', '--protocol', '-f', '--fragment']);
const ends = (word: string | undefined): boolean => word === undefined || word === '-m' || word === '--match' || word === '-j' || word === '--jump' || word === '-g' || word === '--goto' || own.has(word);

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or one address; null for anything else, and for a mask with holes. */
function network(text: string, family: IpFamilyName): Cidr | null {
  const [address = '', mask] = text.split('/');
  const at = parseIp(address);
  if (!at || familyOf(at) !== (family === 'ip' ? 4 : 6)) return null;
  if (mask === undefined) return hostCidr(at);
  const dotted = mask.includes('.') ? parseIp(mask) : null;
  if (!dotted) return parseCidr(text);
  const bits = 32 - Math.log2(2 ** 32 - toU32(dotted));
  return Number.isInteger(bits) ? parseCidr(`${address}/${bits}`) : null;
}

function protocolOf(text: string): Protocol | number | null {
  if (text === 'tcp' || text === 'udp' || text === 'sctp' || text === 'icmp') return text;
  if (text === 'ipv6-icmp' || text === 'icmpv6') return 'icmp';
  const number = /^\d{1,3}$/.test(text) ? Number(text) : Number(Object.entries(protocolNames).find(([, name]) => name === text)?.[0] ?? Number.NaN);
  if (number === 6 || number === 17 || number === 132 || number === 1 || number === 58) return ({ 6: 'tcp', 17: 'udp', 132: 'sctp', 1: 'icmp', 58: 'icmp' } as const)[number];
  return number <= 255 ? number : null;
}

function ownMatch(option: string, value: string, negated: boolean, family: IpFamilyName): Match | { readonly wrong: string } {
  const not = negated ? { not: true } : {};
  switch (option) {
    case '-s': case '--source': case '--src': case '-d': case '--destination': case '--dst': {
      const net = network(value, family);
      return net && cidrFamily(net) === (family === 'ip' ? 4 : 6) ? { kind: option === '-s' || option.startsWith('--s') ? 'src' : 'dst', net, ...not } : { wrong: `no address of this family: ${value}` };
    }
    case '-i': case '--in-interface': return { kind: 'iif', name: value, ...not };
    case '-o': case '--out-interface': return { kind: 'oif', name: value, ...not };
    default: {
      const protocol = protocolOf(value);
      return protocol === null ? { wrong: `no protocol: ${value}` } : { kind: 'protocol', protocol, ...not };
    }
  }
}

function optionsOf(words: readonly string[]): readonly ModuleOption[] {
  const options: { name: string; not: boolean; args: string[] }[] = [];
  let not = false;
  for (const word of words) {
    if (word === '!') not = true;
    else if (word.startsWith('--') && word.length > 2) {
      options.push({ name: word, not, args: [] });
      not = false;
    } else options.at(-1)?.args.push(word);
  }
  return options;
}

function moduleMatches(name: string, words: readonly string[], explicit: boolean, family: IpFamilyName): readonly Match[] | { readonly wrong: string } {
  const parsed = moduleParsers[name]?.(optionsOf(words), family) ?? null;
  if (parsed !== null) return parsed;
  const text = rejoined(words);
  return [{ kind: 'unmodelled-match', text: `${explicit ? `-m ${name} ` : ''}${text}`.trimEnd() }];
}

/** Reads the words after `-A CHAIN`. What iptables knows and Podhop does not becomes an `unmodelled` condition or action with its words; what iptables would refuse is `wrong`. */
export function parseRuleWords(words: readonly string[], chains: ReadonlySet<string>, family: IpFamilyName): RuleBody | { readonly wrong: string } {
  const match: Match[] = [];
  let protocol = '';
  let negated = false;
  for (let i = 0; i < words.length;) {
    const word = words[i]!;
    if (word === '!') {
      negated = true;
      i += 1;
    } else if (word === '-f' || word === '--fragment') {
      match.push({ kind: 'unmodelled-match', text: `${negated ? '! ' : ''}-f` });
      [negated, i] = [false, i + 1];
    } else if (own.has(word)) {
      const parsed = ownMatch(word, words[i + 1] ?? '', negated, family);
      if ('wrong' in parsed) return parsed;
      if (parsed.kind === 'protocol') protocol = String(parsed.protocol);
      if (parsed.kind !== 'protocol' || parsed.protocol !== 0) match.push(parsed);
      [negated, i] = [false, i + 2];
    } else if (word === '-j' || word === '--jump' || word === '-g' || word === '--goto') {
      const target = parseTarget(word === '-g' || word === '--goto' ? '-g' : '-j', words.slice(i + 1), chains, family);
      return 'wrong' in target ? target : { match, do: [target] };
    } else if (word.startsWith('-')) {
      const explicit = word === '-m' || word === '--match';
      const name = explicit ? (words[i + 1] ?? '') : protocol;
      // A `!` that stands before an option of a module belongs to it.
      const from = explicit ? i + 2 : i;
      let to = from;
      while (!(ends(words[to]) || (words[to] === '!' && ends(words[to + 1])))) to += 1;
      const body = [...(negated ? ['!'] : []), ...words.slice(from, to)];
      const parsed = moduleMatches(name, body, explicit, family);
      if ('wrong' in parsed) return parsed;
      match.push(...parsed);
      [negated, i] = [false, to];
    } else return { wrong: `no option: ${word}` };
  }
  return { match, do: [] };
}
