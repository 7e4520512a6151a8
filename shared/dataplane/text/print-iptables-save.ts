import type { RuleId } from '../ids.ts';
import type { Netns } from '../netns.ts';
import type { Chain, Rule, Table } from '../rules.ts';
import type { IpFamilyName, RuleLine } from './iptables-words.ts';
import { printMatches } from './print-iptables-match.ts';
import { printTarget } from './print-iptables-target.ts';

// iptables-nft-save walks its own table list; the legacy tool lists tables as they were first used (seen on 1.8.9).
const tableOrder = ['mangle', 'raw', 'security', 'filter', 'nat'];

/** One rule as `iptables-save` writes it, without its chain: `-s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT`. A rule read from a real node keeps the words it was read with. */
export function printIptablesRule(rule: Rule, family: IpFamilyName): string {
  if (rule.text !== undefined) return rule.text;
  return [...printMatches(rule.match, family), ...rule.do.map((action) => printTarget(action, family))].filter((word) => word !== '').join(' ');
}

const byName = (a: Chain, b: Chain): number => (a.name < b.name ? -1 : 1);

function tableLines(table: Table, family: IpFamilyName): readonly RuleLine<RuleId>[] {
  const base = table.chains.filter((chain) => chain.kind === 'base');
  const chains = [...base, ...table.chains.filter((chain) => chain.kind === 'regular').sort(byName)];
  return [
    { text: `*${table.name}`, rule: null },
    ...chains.map((chain) => ({ text: `:${chain.name} ${chain.kind === 'base' ? chain.policy.toUpperCase() : '-'} [0:0]`, rule: null })),
    ...chains.flatMap((chain) => chain.rules.map((rule) => ({ text: `-A ${chain.name} ${printIptablesRule(rule, family)}`.trimEnd(), rule: rule.id }))),
    { text: 'COMMIT', rule: null },
  ];
}

/** What `iptables-save` (for ip6: `ip6tables-save`) shows in this namespace, in its own normal form and without its time stamps: iptables-restore takes it, and saving that gives the same lines again. Empty where no table is used. */
export function printIptablesSave(netns: Pick<Netns, 'tables'>, family: IpFamilyName): readonly RuleLine<RuleId>[] {
  return netns.tables
    .filter((table) => table.tool === 'iptables' && table.family === family)
    .sort((a, b) => tableOrder.indexOf(a.name) - tableOrder.indexOf(b.name))
    .flatMap((table) => tableLines(table, family));
}

/** The listing as one text, ending in a newline; '' when there is nothing. */
export const joinLines = (lines: readonly RuleLine[]): string => lines.map((line) => `${line.text}\n`).join('');
