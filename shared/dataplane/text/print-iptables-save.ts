import type { RuleId } from '../ids.ts';
import type { Netns } from '../netns.ts';
import type { Chain, Rule, Table } from '../rules.ts';
import type { IpFamilyName, RuleLine } from './iptables-words.ts';
import { printMatches } from './print-iptables-match.ts';
import { printTarget } from './print-iptables-target.ts';
import { placesByName } from './sort-by-name.ts';

// iptables-nft-save walks its own table list; the legacy tool lists tables as they were first used (seen on 1.8.9).
const tableOrder = ['mangle', 'raw', 'security', 'filter', 'nat'];

/** One rule as `iptables-save` writes it, without its chain: `-s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT`. A rule read from a real node keeps the words it was read with. */
export function printIptablesRule(rule: Rule, family: IpFamilyName): string {
  if (rule.text !== undefined) return rule.text;
  let text = printMatches(rule.match, family);
  for (const action of rule.do) {
    const target = printTarget(action, family);
    if (target !== '') text = text === '' ? target : `${text} ${target}`;
  }
  return text;
}

// V8 keeps a text put together of pieces as a tree of them until one of its characters is read: half a million trees are three times what the lines themselves weigh.
const inOnePiece = (text: string): string => (text.charCodeAt(0) >= 0 ? text : '');

/** The places of a table's chains as they are listed: the kernel's own in their order, then the others by name. */
function listed(chains: readonly Chain[]): readonly number[] {
  const places = chains.map((_, i) => i);
  const others = places.filter((i) => chains[i]!.kind === 'regular');
  return places.filter((i) => chains[i]!.kind === 'base').concat(placesByName(others.map((i) => chains[i]!)).map((i) => others[i]!));
}

// One list that grows: a node can have half a million rules. They are put into words as they stand in memory and listed afterwards: a way through 100,000 chains in the order of their hashes misses the processor's caches at each.
function pushTable(lines: RuleLine<RuleId>[], table: Table, family: IpFamilyName): void {
  const { chains } = table;
  const heads = chains.map((chain) => ({ text: `:${chain.name} ${chain.kind === 'base' ? chain.policy.toUpperCase() : '-'} [0:0]`, rule: null }));
  const rules: RuleLine<RuleId>[] = [];
  const ends = chains.map((chain) => {
    for (const rule of chain.rules) {
      const body = printIptablesRule(rule, family);
      rules.push({ text: inOnePiece(body === '' ? `-A ${chain.name}` : `-A ${chain.name} ${body}`), rule: rule.id });
    }
    return rules.length;
  });
  const order = listed(chains);
  lines.push({ text: `*${table.name}`, rule: null });
  for (const i of order) lines.push(heads[i]!);
  for (const i of order) for (let at = i === 0 ? 0 : ends[i - 1]!; at < ends[i]!; at++) lines.push(rules[at]!);
  lines.push({ text: 'COMMIT', rule: null });
}

/** What `iptables-save` (for ip6: `ip6tables-save`) shows in this namespace, in its own normal form and without its time stamps: iptables-restore takes it, and saving that gives the same lines again. Empty where no table is used. */
export function printIptablesSave(netns: Pick<Netns, 'tables'>, family: IpFamilyName): readonly RuleLine<RuleId>[] {
  const lines: RuleLine<RuleId>[] = [];
  const tables = netns.tables.filter((table) => table.tool === 'iptables' && table.family === family);
  for (const table of tables.sort((a, b) => tableOrder.indexOf(a.name) - tableOrder.indexOf(b.name))) pushTable(lines, table, family);
  return lines;
}

/** The listing as one text, ending in a newline; '' when there is nothing. */
export function joinLines(lines: readonly RuleLine[]): string {
  const texts = lines.map((line) => line.text);
  texts.push('');
  return texts.join('\n');
}
