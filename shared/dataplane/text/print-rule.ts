import type { Chain, Rule, Table } from '../rules.ts';
import { printIptablesRule } from './print-iptables-save.ts';
import { printNftRule } from './print-nft-rule.ts';

/** One rule in the words of the tool that its table belongs to: `-A CHAIN …` of iptables-save, or the rule as `nft list` shows it. */
export function printRule(rule: Rule, chain: Pick<Chain, 'name'>, table: Pick<Table, 'tool' | 'family'>): string {
  if (table.tool === 'iptables') return `-A ${chain.name} ${printIptablesRule(rule, table.family === 'ip6' ? 'ip6' : 'ip')}`.trimEnd();
  if (table.tool === 'program') return rule.text ?? chain.name;
  return printNftRule(rule, table.family);
}
