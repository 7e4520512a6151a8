import type { RuleId } from '../ids.ts';
import type { Netns } from '../netns.ts';
import type { Chain, NamedSet, Table, TableFamily } from '../rules.ts';
import type { RuleLine } from './iptables-words.ts';
import { sortByTuple, tupleText } from './print-nft-fields.ts';
import { natText, printNftRule, vmapElementText } from './print-nft-rule.ts';
import { inQuotes, priorityText, timeText } from './nft-words.ts';

type Line = RuleLine<RuleId>;
const line = (text: string, rule: RuleId | null = null): Line => ({ text, rule });

// How many elements nft puts on one line, by the type of the key (calculate_delim).
const perLine: Readonly<Record<string, number>> = { ipv4_addr: 2, inet_service: 5, inet_proto: 5, mark: 5, nf_proto: 5, integer: 5 };

function elementText(element: NamedSet['elements'][number], kinds: readonly string[], family: TableFamily): string {
  if (element.verdict) return vmapElementText({ key: element.key, verdict: element.verdict, ...(element.comment === undefined ? {} : { comment: element.comment }) }, kinds, family);
  const key = `${tupleText(element.key, kinds, family === 'ip6')}${element.comment === undefined ? '' : ` comment ${inQuotes(element.comment)}`}`;
  return element.to ? `${key} : ${natText(element.to).replace(/^\[?([^\]]*?)\]?:(\d+)$/, '$1 . $2')}` : key;
}

// All lines go into one list that grows: a node's table can have half a million.
function pushElements(lines: Line[], set: NamedSet, family: TableFamily): void {
  if (set.elements.length === 0) return;
  const keyType = set.type.split(' : ')[0]!;
  const kinds = keyType.split(' . ');
  const texts = sortByTuple(set.elements, (element) => element.key).map((element) => elementText(element, kinds, family));
  const width = perLine[keyType] ?? 1;
  for (let i = 0; i < texts.length; i += width) {
    const row = texts.slice(i, i + width).join(', ');
    lines.push(line(`\t\t${i === 0 ? 'elements = { ' : '\t     '}${row}${i + width >= texts.length ? ' }' : ','}`));
  }
}

function pushSet(lines: Line[], set: NamedSet, family: TableFamily): void {
  const typed = set.type.startsWith('typeof ') ? set.type : `type ${set.type}`;
  lines.push(line(`\t${set.kind === 'nft-set' ? 'set' : 'map'} ${set.name} {`), line(`\t\t${typed}`));
  if (set.size !== undefined) lines.push(line(`\t\tsize ${set.size}`));
  if (set.flags !== undefined && set.flags.length > 0) lines.push(line(`\t\tflags ${set.flags.join(',')}`));
  if (set.timeoutSeconds !== undefined) lines.push(line(`\t\ttimeout ${timeText(set.timeoutSeconds)}`));
  if (set.comment !== undefined) lines.push(line(`\t\tcomment ${inQuotes(set.comment)}`));
  pushElements(lines, set, family);
  lines.push(line('\t}'));
}

function pushChain(lines: Line[], chain: Chain, family: TableFamily): void {
  lines.push(line(`\tchain ${chain.name} {`));
  if (chain.comment !== undefined) lines.push(line(`\t\tcomment ${inQuotes(chain.comment)}`));
  if (chain.kind === 'base') lines.push(line(`\t\ttype ${chain.type} hook ${chain.hook} priority ${priorityText(chain.priority, chain.hook)}; policy ${chain.policy};`));
  for (const rule of chain.rules) lines.push(line(`\t\t${printNftRule(rule, family)}`, rule.id));
  lines.push(line('\t}'));
}

function pushTable(lines: Line[], { family, name, comment, sets, chains }: Table): void {
  lines.push(line(`table ${family} ${name} {`));
  if (comment !== undefined) lines.push(line(`\tcomment ${inQuotes(comment)}`));
  sets.forEach((set, i) => {
    if (i > 0) lines.push(line(''));
    pushSet(lines, set, family);
  });
  chains.forEach((chain, i) => {
    if (i + sets.length > 0) lines.push(line(''));
    pushChain(lines, chain, family);
  });
  lines.push(line('}'));
}

/** What `nft list ruleset` (1.0.6) shows of this namespace's native tables, each set's elements in nft's own order; `nft -f` takes it as it is. Empty where there are none. */
export function printNft(netns: Pick<Netns, 'tables'>): readonly Line[] {
  const lines: Line[] = [];
  for (const table of netns.tables) if (table.tool === 'nft') pushTable(lines, table);
  return lines;
}
