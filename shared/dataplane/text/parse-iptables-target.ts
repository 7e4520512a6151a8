import { parseIp } from '../../base/ip.ts';
import type { Action, NatTo, RejectCode, Verdict } from '../rules.ts';
import { rejectNames, rejoined, type IpFamilyName } from './iptables-words.ts';
import { parseMasked, parsePorts } from './parse-iptables-modules.ts';

/** What a rule does; or what is wrong with its target. */
type Parsed = Action | { readonly wrong: string };

const valueOf = (words: readonly string[], option: string): string | undefined => {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
};

/** `10.0.0.1`, `10.0.0.1-10.0.0.5:80-90`, `:90`, `[fd00::1]:80`; null for anything else. */
function parseNatTo(text: string): NatTo | null {
  const m = /^(?:\[([^\]]+)\](?::([\d-]+))?|([^:]*)(?::([\d-]+))?|(.*:.*:.*))$/.exec(text);
  if (!m) return null;
  const [first, last, ...more] = (m[1] ?? m[3] ?? m[5] ?? '').split('-');
  const [from, to] = [first ? parseIp(first) : undefined, last === undefined ? undefined : parseIp(last)];
  const portText = m[2] ?? m[4];
  const ports = portText === undefined ? undefined : parsePorts(portText, '-');
  if (from === null || to === null || ports === null || more.length > 0 || (!from && !ports)) return null;
  return { ...(from ? { ip: from } : {}), ...(to ? { maxIp: to } : {}), ...(ports ? { ports } : {}) };
}

function nat(kind: 'dnat' | 'snat', words: readonly string[]): Parsed {
  const text = valueOf(words, kind === 'dnat' ? '--to-destination' : '--to-source') ?? '';
  const to = parseNatTo(text);
  if (!to) return { wrong: `no address to translate to: ${text}` };
  return { kind, to, ...(words.includes('--random') || words.includes('--random-fully') ? { random: true } : {}), ...(words.includes('--persistent') ? { persistent: true } : {}) };
}

function spanned(kind: 'masquerade' | 'redirect', words: readonly string[]): Parsed {
  const text = valueOf(words, '--to-ports');
  const ports = text === undefined ? undefined : parsePorts(text, '-');
  if (ports === null) return { wrong: `no ports: ${text ?? ''}` };
  const span = ports ? { ports } : {};
  return kind === 'redirect' ? { kind, ...span } : { kind, ...span, ...(words.includes('--random-fully') ? { randomFully: true } : {}) };
}

function mark(words: readonly string[]): Parsed {
  const option = ['--set-xmark', '--set-mark', '--or-mark', '--and-mark', '--xor-mark'].find((name) => words.includes(name));
  const value = parseMasked((option && valueOf(words, option)) ?? '');
  if (!option || !value) return { wrong: 'MARK needs --set-xmark VALUE/MASK or one of its short forms' };
  const plain = value.value;
  const forms: Readonly<Record<string, Action>> = {
    '--set-xmark': { kind: 'set-mark', ...value, form: 'xmark' }, '--set-mark': { kind: 'set-mark', value: plain, mask: (value.mask | plain) >>> 0, form: 'xmark' },
    '--or-mark': { kind: 'set-mark', value: plain, mask: plain, form: 'xmark' }, '--and-mark': { kind: 'set-mark', value: 0, mask: ~plain >>> 0, form: 'xmark' }, '--xor-mark': { kind: 'set-mark', value: plain, mask: 0, form: 'xmark' },
  };
  return forms[option]!;
}

function connmark(words: readonly string[]): Parsed {
  const set = valueOf(words, '--set-xmark') ?? valueOf(words, '--set-mark');
  if (set !== undefined) {
    const value = parseMasked(set);
    return value ? { kind: 'connmark', op: 'set', ...value, nfmask: 0xffff_ffff } : { wrong: `no mark: ${set}` };
  }
  const op = words.includes('--save-mark') ? 'save' : words.includes('--restore-mark') ? 'restore' : null;
  const masks = ['--nfmask', '--ctmask'].map((name) => parseMasked(valueOf(words, name) ?? valueOf(words, '--mask') ?? '0xffffffff')?.value);
  return op && masks[0] !== undefined && masks[1] !== undefined ? { kind: 'connmark', op, value: 0, nfmask: masks[0], mask: masks[1] } : { wrong: 'CONNMARK needs --save-mark, --restore-mark or --set-xmark' };
}

function reject(words: readonly string[], family: IpFamilyName): Parsed {
  const name = valueOf(words, '--reject-with') ?? rejectNames[family]['icmp-port-unreachable'];
  const found = Object.entries(rejectNames[family]).find(([code, text]) => text === name || (family === 'ip' && code === name));
  return found ? { kind: 'verdict', verdict: { kind: 'reject', with: found[0] as RejectCode } } : { wrong: `REJECT does not know ${name ?? ''}` };
}

/** The target of `-j` or `-g` and its options. A name that is neither one of iptables' own nor a chain of the table becomes `unmodelled`, with its words. */
export function parseTarget(flag: '-j' | '-g', words: readonly string[], chains: ReadonlySet<string>, family: IpFamilyName): Parsed {
  const [name = '', ...options] = words;
  const text = rejoined(words);
  const verdict = (value: Verdict): Action => ({ kind: 'verdict', verdict: value });
  if (flag === '-g') return chains.has(name) ? verdict({ kind: 'goto', chain: name }) : { wrong: `goes to the chain ${name}, which this table does not have` };
  if (chains.has(name)) return verdict({ kind: 'jump', chain: name });
  switch (name) {
    case 'ACCEPT': case 'DROP': case 'RETURN': return verdict({ kind: name.toLowerCase() as 'accept' | 'drop' | 'return' });
    case 'REJECT': return reject(options, family);
    case 'DNAT': return nat('dnat', options);
    case 'SNAT': return nat('snat', options);
    case 'MASQUERADE': return spanned('masquerade', options);
    case 'REDIRECT': return spanned('redirect', options);
    case 'MARK': return mark(options);
    case 'CONNMARK': return connmark(options);
    case 'NOTRACK': return { kind: 'notrack' };
    case 'CT': return options.length === 1 && options[0] === '--notrack' ? { kind: 'notrack' } : { kind: 'unmodelled', text };
    case 'LOG': case 'NFLOG': return { kind: 'log', text };
    case 'TCPMSS': return { kind: 'tcpmss', text };
    default: return { kind: 'unmodelled', text };
  }
}
