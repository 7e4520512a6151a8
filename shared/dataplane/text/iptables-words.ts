import type { RejectCode } from '../rules.ts';

export type IpFamilyName = 'ip' | 'ip6';

/** One line of a listing and the rule it shows; null for the lines around rules. */
export interface RuleLine<Id extends string = string> { readonly text: string; readonly rule: Id | null }

/** Text as xtables_save_string writes it: bare where it is letters, digits, `_` and `-`, else quoted, with quotes and backslashes escaped. */
export const quoted = (text: string): string => (/^[A-Za-z0-9_-]+$/.test(text) ? text : `"${/["\\']/.test(text) ? text.replace(/["\\']/g, '\\$&') : text}"`);

/** Words that were read, written back: what must be quoted is quoted, and prefixes of log lines as the tool does it. */
export const rejoined = (words: readonly string[]): string =>
  words.map((word, i) => ((words[i - 1] ?? '').endsWith('-prefix') || !/^[^\s"'\\]+$/.test(word) ? quoted(word) : word)).join(' ');

/** Splits a line as iptables-restore does: blanks separate, double quotes group, a backslash takes the next character as it is. Null where a quote stays open. */
export function splitWords(line: string): readonly string[] | null {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let inQuotes = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (inQuotes) {
      if (c === '\\' && i + 1 < line.length) word += line[++i]!;
      else if (c === '"') inQuotes = false;
      else word += c;
    } else if (c === '"') {
      inQuotes = true;
      inWord = true;
    } else if (c === ' ' || c === '\t') {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (inQuotes) return null;
  if (inWord) words.push(word);
  return words;
}

export const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;

/** Protocols that iptables prints by name (its own table and /etc/protocols). */
export const protocolNames: Readonly<Record<number, string>> = { 1: 'icmp', 2: 'igmp', 4: 'ipencap', 6: 'tcp', 17: 'udp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'ipv6-icmp', 89: 'ospf', 103: 'pim', 112: 'vrrp', 132: 'sctp', 136: 'udplite' };

export const rejectNames: Readonly<Record<IpFamilyName, Partial<Record<RejectCode, string>>>> = {
  ip: {
    'icmp-net-unreachable': 'icmp-net-unreachable', 'icmp-host-unreachable': 'icmp-host-unreachable', 'icmp-port-unreachable': 'icmp-port-unreachable', 'icmp-proto-unreachable': 'icmp-proto-unreachable',
    'icmp-net-prohibited': 'icmp-net-prohibited', 'icmp-host-prohibited': 'icmp-host-prohibited', 'icmp-admin-prohibited': 'icmp-admin-prohibited', 'tcp-reset': 'tcp-reset',
  },
  ip6: { 'icmp-net-unreachable': 'icmp6-no-route', 'icmp-host-unreachable': 'icmp6-addr-unreachable', 'icmp-port-unreachable': 'icmp6-port-unreachable', 'icmp-admin-prohibited': 'icmp6-adm-prohibited', 'tcp-reset': 'tcp-reset' },
};

export const ctStates = ['invalid', 'new', 'related', 'established', 'untracked', 'snat', 'dnat'] as const;
export const tcpFlagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

/** iptables' own steps of a probability: 31 bits (libxt_statistic). */
export const probabilitySteps = 0x8000_0000;
