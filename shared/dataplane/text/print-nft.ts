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

function elementLines(set: NamedSet, family: TableFamily): readonly Line[] {
  if (set.elements.length === 0) return [];
  const keyType = set.type.split(' : ')[0]!;
  const kinds = keyType.split(' . ');
  const texts = sortByTuple(set.elements, (element) => element.key).map((element) => elementText(element, kinds, family));
  const width = perLine[keyType] ?? 1;
  const rows: string[] = [];
  for (let i = 0; i < texts.length; i += width) rows.push(texts.slice(i, i + width).join(', '));
  return rows.map((row, i) => line(`\t\t${i === 0 ? 'elements = { ' : '\t     '}${row}${i === rows.length - 1 ? ' }' : ','}`));
}

function setLines(set: NamedSet, family: TableFamily): readonly Line[] {
  const typed = set.type.startsWith('typeof ') ? set.type : `type ${set.type}`;
  return [
    line(`\t${set.kind === 'nft-set' ? 'set' : 'map'} ${set.name} {`), line(`\t\t${typed}`),
    ...(set.size === undefined ? [] : [line(`\t\tsize ${set.size}`)]),
    ...(set.flags === undefined || set.flags.length === 0 ? [] : [line(`\t\tflags ${set.flags.join(',')}`)]),
    ...(set.timeoutSeconds === undefined ? [] : [line(`\t\ttimeout ${timeText(set.timeoutSeconds)}`)]),
    ...(set.comment === undefined ? [] : [line(`\t\tcomment ${inQuotes(set.comment)}`)]),
    ...elementLines(set, family), line('\t}'),
  ];
}

function chainLines(chain: Chain, family: TableFamily): readonly Line[] {
  return [
    line(`\tchain ${chain.name} {`),
    ...(chain.comment === undefined ? [] : [line(`\t\tcomment ${inQuotes(chain.comment)}`)]),
    ...(chain.kind === 'base' ? [line(`\t\ttype ${chain.type} hook ${chain.hook} priority ${priorityText(chain.priority, chain.hook)}; policy ${chain.policy};`)] : []),
    ...chain.rules.map((rule) => line(`\t\t${printNftRule(rule, family)}`, rule.id)), line('\t}'),
  ];
}

function tableLines(table: Table): readonly Line[] {
  const items = [...table.sets.map((set) => setLines(set, table.family)), ...table.chains.map((chain) => chainLines(chain, table.family))];
  return [
    line(`table ${table.family} ${table.name} {`), ...(table.comment === undefined ? [] : [line(`\tcomment ${inQuotes(table.comment)}`)]),
    ...items.flatMap((lines, i) => (i === 0 ? lines : [line(''), ...lines])), line('}'),
  ];
}

/** What `nft list ruleset` (1.0.6) shows of this namespace's native tables, each set's elements in nft's own order; `nft -f` takes it as it is. Empty where there are none. */
export const printNft = (netns: Pick<Netns, 'tables'>): readonly Line[] => netns.tables.filter((table) => table.tool === 'nft').flatMap(tableLines);
