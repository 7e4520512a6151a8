import { fraction, type Fraction } from '../../base/fraction.ts';
import { ip, parseIp } from '../../base/ip.ts';
import type { PortRange } from '../packet.ts';
import type { AddrType, CtMatchState, Match } from '../rules.ts';
import { ctStates, probabilitySteps, tcpFlagNames, type IpFamilyName } from './iptables-words.ts';

/** One option of a module: `! --dport 80`. */
export interface ModuleOption { readonly name: string; readonly not: boolean; readonly args: readonly string[] }

/** Conditions; or what is wrong with the options. Null = Podhop does not model this use of the module. */
type Parsed = readonly Match[] | { readonly wrong: string } | null;
type ModuleParser = (options: readonly ModuleOption[], family: IpFamilyName) => Parsed;

const inverted = (option: { readonly not: boolean }): { readonly not?: true } => (option.not ? { not: true } : {});
const wrong = (what: string): { readonly wrong: string } => ({ wrong: what });

/** `80`, `80:90`, `:90`, `80:`; null for anything else. */
export function parsePorts(text: string, separator = ':'): PortRange | null {
  const m = text.includes(separator) ? text.split(separator) : [text, text];
  if (m.length !== 2) return null;
  const from = m[0] === '' ? 0 : Number(m[0]);
  const to = m[1] === '' ? 65_535 : Number(m[1]);
  return text !== '' && Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to <= 65_535 && from <= to ? { from, to } : null;
}

/** `0x4000/0xff00` or decimal; the mask is whole when it is missing. */
export function parseMasked(text: string): { readonly value: number; readonly mask: number } | null {
  const [value, mask = 0xffff_ffff, more] = text.split('/').map((part) => (/^(0x[0-9a-f]+|\d+)$/i.test(part) ? Number(part) : Number.NaN));
  return more === undefined && value !== undefined && !Number.isNaN(value) && !Number.isNaN(mask) && value <= 0xffff_ffff && mask <= 0xffff_ffff ? { value, mask } : null;
}

/** Each option by itself; unknown ones make the whole module unmodelled. */
const each = (known: Readonly<Record<string, (option: ModuleOption, family: IpFamilyName) => Parsed>>): ModuleParser => (options, family) => {
  const found: Match[] = [];
  for (const option of options) {
    const parsed = known[option.name]?.(option, family) ?? null;
    if (parsed === null || 'wrong' in parsed) return parsed;
    found.push(...parsed);
  }
  return found;
};

const port = (kind: 'sport' | 'dport') => (option: ModuleOption): Parsed => {
  const ports = parsePorts(option.args[0] ?? '');
  return ports ? [{ kind, ports: [ports], ...inverted(option) }] : wrong(`no port: ${option.args[0] ?? ''}`);
};
const ports = { '--sport': port('sport'), '--dport': port('dport'), '--source-port': port('sport'), '--destination-port': port('dport') };

const multiport = (kind: 'sport' | 'dport' | 'ports') => (option: ModuleOption): Parsed => {
  const list = (option.args[0] ?? '').split(',').map((text) => parsePorts(text));
  if (list.some((p) => p === null)) return wrong(`no list of ports: ${option.args[0] ?? ''}`);
  const found = list.filter((p) => p !== null);
  return kind === 'ports' ? [{ kind, ports: found, ...inverted(option) }] : [{ kind, ports: found, multiport: true, ...inverted(option) }];
};

const flagList = (text: string): readonly string[] | null => {
  if (text === 'NONE') return [];
  const names = text === 'ALL' ? [...tcpFlagNames] : text.split(',');
  return names.every((name) => (tcpFlagNames as readonly string[]).includes(name)) ? tcpFlagNames.filter((name) => names.includes(name)) : null;
};

const tcpFlags = (option: ModuleOption): Parsed => {
  const [mask, comp] = option.name === '--syn' ? [['FIN', 'SYN', 'RST', 'ACK'], ['SYN']] : [flagList(option.args[0] ?? ''), flagList(option.args[1] ?? '')];
  return mask && comp ? [{ kind: 'tcp-flags', mask: tcpFlagNames.filter((name) => mask.includes(name)), comp, ...inverted(option) }] : wrong(`no TCP flags: ${option.args.join(' ')}`);
};

const states = (module: 'conntrack' | 'state') => (option: ModuleOption): Parsed => {
  const names = (option.args[0] ?? '').toLowerCase().split(',');
  const known = names.every((name) => (ctStates as readonly string[]).includes(name));
  return known ? [{ kind: 'ct-state', states: ctStates.filter((state) => names.includes(state)) as readonly CtMatchState[], module, ...inverted(option) }] : wrong(`no connection states: ${option.args[0] ?? ''}`);
};

const conntrackTest = (option: ModuleOption): Parsed => [{ kind: 'conntrack', test: option.name.slice(2), value: option.args[0] ?? '', ...inverted(option) }];
const conntrackTests = ['ctproto', 'ctorigsrc', 'ctorigdst', 'ctreplsrc', 'ctrepldst', 'ctorigsrcport', 'ctorigdstport', 'ctreplsrcport', 'ctrepldstport', 'ctstatus', 'ctexpire', 'ctdir'];

const markOf = (kind: 'mark' | 'connmark') => (option: ModuleOption): Parsed => {
  const value = parseMasked(option.args[0] ?? '');
  return value ? [{ kind, ...value, ...inverted(option) }] : wrong(`no mark: ${option.args[0] ?? ''}`);
};

const addrTypes: readonly AddrType[] = ['LOCAL', 'UNICAST', 'BROADCAST', 'MULTICAST', 'ANYCAST', 'BLACKHOLE', 'UNREACHABLE', 'PROHIBIT', 'UNSPEC'];
const addrtype: ModuleParser = (options) => {
  const iface = options.find((option) => option.name.startsWith('--limit-iface-'));
  const limit = iface ? { limitIface: iface.name.endsWith('in') ? 'in' as const : 'out' as const } : {};
  const found: Match[] = [];
  for (const option of options.filter((o) => o !== iface)) {
    const side = option.name === '--src-type' ? 'src' : option.name === '--dst-type' ? 'dst' : null;
    // Several types in one option are one bit mask; the data has one type, so such a rule is not modelled.
    const type = addrTypes.find((known) => known === option.args[0]);
    if (!side || !type) return null;
    found.push({ kind: 'addrtype', side, type, ...inverted(option), ...limit });
  }
  return found;
};

/** 1/n where the text can only mean that, else the very number of 2⁻³¹ steps. */
export function snapProbability(text: string): Fraction | null {
  const p = Number(text);
  if (text === '' || !(p >= 0 && p <= 1)) return null;
  const n = Math.round(1 / p);
  if (p > 0 && Math.abs(p - 1 / n) <= 1 / probabilitySteps && n <= 46_340) return fraction(1, n);
  return fraction(Math.round(p * probabilitySteps), probabilitySteps);
}

const statistic: ModuleParser = (options) => {
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.args[0];
  const not = inverted(options.find((option) => option.not) ?? { not: false });
  if (value('--mode') === 'random') {
    const probability = snapProbability(value('--probability') ?? '');
    return probability ? [{ kind: 'statistic', mode: 'random', probability, ...not }] : wrong(`no probability: ${value('--probability') ?? ''}`);
  }
  const [every, packet] = [Number(value('--every')), Number(value('--packet') ?? '0')];
  return value('--mode') === 'nth' && every > 0 && packet >= 0 && packet < every ? [{ kind: 'statistic-nth', every, packet, ...not }] : wrong('statistic needs --mode random --probability P or --mode nth --every N');
};

const recentOps = ['set', 'rcheck', 'update', 'remove'] as const;
const recent: ModuleParser = (options, family) => {
  const named = (name: string): ModuleOption | undefined => options.find((option) => option.name === name);
  const op = recentOps.find((known) => named(`--${known}`));
  const mask = parseIp(named('--mask')?.args[0] ?? (family === 'ip' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'));
  if (!op || !mask) return wrong('recent needs one of --set, --rcheck, --update, --remove');
  if (named('--rttl')) return null;
  const [seconds, hitcount] = [named('--seconds')?.args[0], named('--hitcount')?.args[0]];
  return [{
    kind: 'recent', op, name: named('--name')?.args[0] ?? 'DEFAULT', side: named('--rdest') ? 'dest' : 'source', mask: ip(mask), ...inverted(named(`--${op}`)!),
    ...(seconds === undefined ? {} : { seconds: Number(seconds) }), ...(named('--reap') ? { reap: true } : {}), ...(hitcount === undefined ? {} : { hitcount: Number(hitcount) }),
  }];
};

const matchSet = (option: ModuleOption): Parsed => {
  const [set, dims] = option.args;
  const list = (dims ?? '').split(',');
  return set !== undefined && list.every((d) => d === 'src' || d === 'dst') ? [{ kind: 'set', set, dims: list as ('src' | 'dst')[], ...inverted(option) }] : wrong('--match-set needs a set and src or dst');
};

const ipvsProtocols: Readonly<Record<string, 'tcp' | 'udp' | 'sctp'>> = { 6: 'tcp', tcp: 'tcp', 17: 'udp', udp: 'udp', 132: 'sctp', sctp: 'sctp' };
/** The one use that kube-proxy makes of it: protocol, address and port of a virtual server. */
const ipvs: ModuleParser = (options) => {
  const value = (name: string): string => options.find((option) => option.name === name)?.args[0] ?? '';
  const [protocol, vaddr, vport] = [ipvsProtocols[value('--vproto')], parseIp(value('--vaddr')), Number(value('--vport'))];
  return options.length === 3 && !options.some((option) => option.not) && protocol && vaddr && vport > 0 ? [{ kind: 'ipvs', protocol, vaddr, vport }] : null;
};

const icmpNames: Readonly<Record<string, readonly [number, number?]>> = {
  any: [255], 'echo-reply': [0], 'echo-request': [8], 'destination-unreachable': [3], 'port-unreachable': [3, 3], 'host-unreachable': [3, 1], 'network-unreachable': [3, 0], 'fragmentation-needed': [3, 4],
  redirect: [5], 'time-exceeded': [11], 'ttl-exceeded': [11], 'ttl-zero-during-transit': [11, 0],
};
const icmp6Names: Readonly<Record<string, readonly [number, number?]>> = {
  'echo-request': [128], 'echo-reply': [129], 'destination-unreachable': [1], 'packet-too-big': [2], 'time-exceeded': [3], 'port-unreachable': [1, 4],
  'router-solicitation': [133], 'router-advertisement': [134], 'neighbour-solicitation': [135], 'neighbor-solicitation': [135], 'neighbour-advertisement': [136], 'neighbor-advertisement': [136],
};
const icmpType = (names: typeof icmpNames) => (option: ModuleOption): Parsed => {
  const text = option.args[0] ?? '';
  const m = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text);
  const found = names[text] ?? (m ? [Number(m[1]), m[2] === undefined ? undefined : Number(m[2])] as const : undefined);
  if (!found) return wrong(`no ICMP type: ${text}`);
  return [{ kind: 'icmp-type', type: found[0], ...(found[1] === undefined ? {} : { code: found[1] }), ...inverted(option) }];
};

const iprange = (side: 'src' | 'dst') => (option: ModuleOption): Parsed => {
  const [from, to] = (option.args[0] ?? '').split('-').map(parseIp);
  return from && to ? [{ kind: 'iprange', side, range: { from, to }, ...inverted(option) }] : wrong(`no range of addresses: ${option.args[0] ?? ''}`);
};

const limit: ModuleParser = (options) => {
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.args[0];
  return options.some((option) => option.not) ? null : [{ kind: 'limit', rate: value('--limit') ?? '3/hour', burst: Number(value('--limit-burst') ?? '5') }];
};

/** The options of tcp, udp or sctp; a bare `-m tcp` is kept as the full range of ports, which is what the kernel holds. */
const protocolModule = (known: Parameters<typeof each>[0]): ModuleParser => (options, family) =>
  (options.length === 0 ? [{ kind: 'dport', ports: [{ from: 0, to: 65535 }] }] : each(known)(options, family));

/** What of iptables-extensions(8) is understood, by module. */
export const moduleParsers: Readonly<Record<string, ModuleParser>> = {
  tcp: protocolModule({ ...ports, '--tcp-flags': tcpFlags, '--syn': tcpFlags }), udp: protocolModule(ports), sctp: protocolModule(ports),
  multiport: each({ '--sports': multiport('sport'), '--source-ports': multiport('sport'), '--dports': multiport('dport'), '--destination-ports': multiport('dport'), '--ports': multiport('ports') }),
  comment: each({ '--comment': (option) => [{ kind: 'comment', text: option.args[0] ?? '' }] }),
  mark: each({ '--mark': markOf('mark') }), connmark: each({ '--mark': markOf('connmark') }),
  state: each({ '--state': states('state') }),
  conntrack: each({ '--ctstate': states('conntrack'), ...Object.fromEntries(conntrackTests.map((name) => [`--${name}`, conntrackTest])) }),
  physdev: each({
    '--physdev-in': (o) => [{ kind: 'physdev', in: o.args[0] ?? '', ...inverted(o) }], '--physdev-out': (o) => [{ kind: 'physdev', out: o.args[0] ?? '', ...inverted(o) }],
    '--physdev-is-in': (o) => [{ kind: 'physdev', isIn: true, ...inverted(o) }], '--physdev-is-out': (o) => [{ kind: 'physdev', isOut: true, ...inverted(o) }], '--physdev-is-bridged': (o) => [{ kind: 'physdev', isBridged: true, ...inverted(o) }],
  }),
  iprange: each({ '--src-range': iprange('src'), '--dst-range': iprange('dst') }),
  icmp: each({ '--icmp-type': icmpType(icmpNames) }), icmp6: each({ '--icmpv6-type': icmpType(icmp6Names) }),
  set: each({ '--match-set': matchSet }),
  addrtype, statistic, recent, limit, ipvs,
};
