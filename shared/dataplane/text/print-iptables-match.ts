import { toNumber, type Fraction } from '../../base/fraction.ts';
import type { PortRange } from '../packet.ts';
import type { Match } from '../rules.ts';
import { ctStates, hex, protocolNames, quoted, tcpFlagNames, type IpFamilyName } from './iptables-words.ts';

/** A condition as iptables-save writes it: its module ('' = one of iptables' own options), its place among the module's options, and the option itself. */
interface Option { readonly module: string; readonly order: number; readonly text: string }

const not = (match: { readonly not?: boolean }): string => (match.not === true ? '! ' : '');
const range = (ports: PortRange, separator = ':'): string => (ports.from === ports.to ? `${ports.from}` : `${ports.from}${separator}${ports.to}`);
const masked = (value: number, mask: number): string => (mask >>> 0 === 0xffff_ffff ? hex(value) : `${hex(value)}/${hex(mask)}`);
const protocolText = (protocol: string | number, family: IpFamilyName): string => {
  if (protocol === 'icmp') return family === 'ip' ? 'icmp' : 'ipv6-icmp';
  return typeof protocol === 'number' ? (protocolNames[protocol] ?? `${protocol}`) : protocol;
};

const probabilities = new WeakMap<Fraction, string>();

/** The kernel keeps a probability as a number of 2⁻³¹ steps and kube-proxy hands it over with ten decimals; eleven are printed back. */
export function probabilityText(probability: Fraction): string {
  let text = probabilities.get(probability);
  if (text === undefined) {
    const handed = Number(toNumber(probability).toFixed(10));
    text = (Math.round(handed * 2 ** 31) / 2 ** 31).toFixed(11);
    probabilities.set(probability, text);
  }
  return text;
}

const protocolNumbers = { tcp: 6, udp: 17, sctp: 132 } as const;

type Of<K extends Match['kind']> = Extract<Match, { readonly kind: K }>;

function portOption(match: Of<'sport' | 'dport' | 'ports'>, protocol: string): Option {
  if (match.kind !== 'ports' && match.multiport !== true) {
    // The module without options: the kernel holds the full range (struct xt_tcp), and saving prints nothing.
    if (match.ports[0]!.from === 0 && match.ports[0]!.to === 65535 && match.not !== true) return { module: protocol, order: match.kind === 'sport' ? 0 : 1, text: '' };
    return { module: protocol, order: match.kind === 'sport' ? 0 : 1, text: `${not(match)}--${match.kind} ${range(match.ports[0]!)}` };
  }
  const list = match.ports.map((ports) => range(ports)).join(',');
  return { module: 'multiport', order: 0, text: `${not(match)}--${match.kind === 'ports' ? 'ports' : `${match.kind}s`} ${list}` };
}

function physdevText(match: Of<'physdev'>): string {
  const words = [
    match.isIn === true ? '--physdev-is-in' : '', match.in === undefined ? '' : `--physdev-in ${match.in}`,
    match.isOut === true ? '--physdev-is-out' : '', match.out === undefined ? '' : `--physdev-out ${match.out}`, match.isBridged === true ? '--physdev-is-bridged' : '',
  ];
  return words.filter((word) => word !== '').map((word) => not(match) + word).join(' ');
}

const physdevOrder = (match: Of<'physdev'>): number =>
  [match.isIn === true, match.in !== undefined, match.isOut === true, match.out !== undefined, match.isBridged === true].indexOf(true);

function recentText(match: Of<'recent'>): string {
  let text = `${not(match)}--${match.op}`;
  if (match.seconds !== undefined) text += ` --seconds ${match.seconds}`;
  if (match.reap === true) text += ' --reap';
  if (match.hitcount !== undefined) text += ` --hitcount ${match.hitcount}`;
  return `${text} --name ${match.name} --mask ${match.mask} --r${match.side}`;
}

function icmpOption(match: Of<'icmp-type'>, family: IpFamilyName): Option {
  const type = match.type === 255 ? 'any' : `${match.type}${match.code === undefined ? '' : `/${match.code}`}`;
  return family === 'ip' ? { module: 'icmp', order: 0, text: `${not(match)}--icmp-type ${type}` } : { module: 'icmp6', order: 0, text: `${not(match)}--icmpv6-type ${match.type === 255 ? '255' : type}` };
}

const flags = (names: readonly string[]): string => tcpFlagNames.filter((name) => names.includes(name)).join(',') || 'NONE';

const conntrackOrder = ['ctproto', 'ctorigsrc', 'ctorigdst', 'ctreplsrc', 'ctrepldst', 'ctorigsrcport', 'ctorigdstport', 'ctreplsrcport', 'ctrepldstport', 'ctstatus', 'ctexpire', 'ctdir'];

function addrtypeText(match: Of<'addrtype'>): string {
  return `${not(match)}--${match.side}-type ${match.type}${match.limitIface === undefined ? '' : ` --limit-iface-${match.limitIface}`}`;
}

/** iptables' own options, which need no module, in the order of saving. */
const ownKinds = ['src', 'dst', 'iif', 'oif', 'protocol'] as const;
type Own = Of<(typeof ownKinds)[number]>;

const isOwn = (match: Match): match is Own => (ownKinds as readonly string[]).includes(match.kind);

function ownText(match: Own, family: IpFamilyName): string {
  switch (match.kind) {
    case 'src': return `${not(match)}-s ${match.net}`;
    case 'dst': return `${not(match)}-d ${match.net}`;
    case 'iif': return `${not(match)}-i ${match.name}`;
    case 'oif': return `${not(match)}-o ${match.name}`;
    case 'protocol': return `${not(match)}-p ${protocolText(match.protocol, family)}`;
  }
}

function option(match: Exclude<Match, Own>, protocol: string, family: IpFamilyName): Option {
  switch (match.kind) {
    case 'sport': case 'dport': case 'ports': return portOption(match, protocol);
    case 'iprange': return { module: 'iprange', order: match.side === 'src' ? 0 : 1, text: `${not(match)}--${match.side}-range ${match.range.from}-${match.range.to}` };
    case 'physdev': return { module: 'physdev', order: physdevOrder(match), text: physdevText(match) };
    case 'mark': case 'connmark': return { module: match.kind, order: 0, text: `${not(match)}--mark ${masked(match.value, match.mask)}` };
    case 'ct-state': return { module: match.module, order: 0, text: `${not(match)}--${match.module === 'state' ? 'state' : 'ctstate'} ${ctStates.filter((state) => match.states.includes(state)).join(',').toUpperCase()}` };
    case 'conntrack': return { module: 'conntrack', order: 1 + conntrackOrder.indexOf(match.test), text: `${not(match)}--${match.test} ${match.value}` };
    case 'addrtype': return { module: 'addrtype', order: match.side === 'src' ? 0 : 1, text: addrtypeText(match) };
    case 'statistic': return { module: 'statistic', order: 0, text: `--mode random ${not(match)}--probability ${probabilityText(match.probability)}` };
    case 'statistic-nth': return { module: 'statistic', order: 0, text: `--mode nth ${not(match)}--every ${match.every} --packet ${match.packet}` };
    case 'recent': return { module: 'recent', order: 0, text: recentText(match) };
    case 'set': return { module: 'set', order: 0, text: `${not(match)}--match-set ${match.set} ${match.dims.join(',')}` };
    case 'ipvs': return { module: 'ipvs', order: 0, text: `--vproto ${protocolNumbers[match.protocol]} --vaddr ${match.vaddr} --vport ${match.vport}` };
    case 'icmp-type': return icmpOption(match, family);
    case 'tcp-flags': return { module: 'tcp', order: 2, text: `${not(match)}--tcp-flags ${flags(match.mask)} ${flags(match.comp)}` };
    case 'limit': return { module: 'limit', order: 0, text: `--limit ${match.rate}${match.burst === 5 ? '' : ` --limit-burst ${match.burst}`}` };
    case 'comment': return { module: 'comment', order: 0, text: `--comment ${quoted(match.text)}` };
    case 'unmodelled-match': return { module: '', order: 9, text: match.text };
    case 'compare': case 'lookup': case 'bit-test': throw new Error(`an iptables rule cannot hold the nft form ${match.kind}`);
  }
}

const sameIface = (a: string, b: string): boolean => /--limit-iface-(in|out)/.exec(a)?.[0] === /--limit-iface-(in|out)/.exec(b)?.[0];

const joined = (a: string, b: string): string => (a === '' ? b : b === '' ? a : `${a} ${b}`);

/** The conditions of a rule in iptables-save's order: its own options first, then one `-m` for each run of the same module's options. `family` decides names such as `ipv6-icmp`. */
export function printMatches(matches: readonly Match[], family: IpFamilyName): string {
  const named = matches.find((match) => match.kind === 'protocol');
  const protocol = named ? protocolText(named.protocol, family) : 'tcp';
  let modules = '';
  let last: Option | null = null;
  for (const match of matches) {
    if (isOwn(match)) continue;
    const next = option(match, protocol, family);
    if (next.module === '') {
      modules = joined(modules, next.text);
      last = next;
    } else {
      const again = last?.module === next.module && last.order < next.order && sameIface(last.text, next.text);
      modules = again ? joined(modules.replace(/ --limit-iface-(in|out)$/, ''), next.text) : joined(modules, joined(`-m ${next.module}`, next.text));
      last = next;
    }
  }
  let own = '';
  for (const kind of ownKinds) for (const match of matches) if (match.kind === kind) own = joined(own, ownText(match, family));
  return joined(own, modules);
}
