import type { Chain, Rule, Table } from '../rules.ts';
import { printIptablesRule } from './print-iptables-save.ts';

/** One rule in the words of the tool that its table belongs to: `-A CHAIN …` of iptables-save. */
export function printRule(rule: Rule, chain: Pick<Chain, 'name'>, table: Pick<Table, 'tool' | 'family'>): string {
  if (table.tool === 'iptables') return `-A ${chain.name} ${printIptablesRule(rule, table.family === 'ip6' ? 'ip6' : 'ip')}`.trimEnd();
  return rule.text ?? rule.id;
}
