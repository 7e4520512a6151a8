import type { RuleLine, RulesFormat } from '../../shared/api/shapes.ts';
import type { Hits } from './hits.ts';

/** One line of a host's text. `id` names what it shows: a rule, a route, or the base chain whose policy it states; `under` are the headings that it stands under, by line number. */
export interface ListedLine {
  readonly number: number;
  readonly text: string;
  readonly id: string | null;
  readonly heading: boolean;
  readonly under: readonly number[];
}

function listIptables(lines: readonly RuleLine[]): readonly ListedLine[] {
  const family = lines.some(({ rule }) => rule?.startsWith('ip6/') === true) ? 'ip6' : 'ip';
  let table = '';
  let tableAt = 0;
  return lines.map(({ text, rule }, i): ListedLine => {
    const number = i + 1;
    if (text.startsWith('*')) [table, tableAt] = [text.slice(1), number];
    const chain = /^:(\S+) (\S+)/.exec(text);
    const policy = chain !== null && chain[2] !== '-' ? `${family}/${table}/${chain[1]!}` : null;
    return { number, text, id: rule ?? policy, heading: text.startsWith('*'), under: text.startsWith('*') || text === 'COMMIT' ? [] : [tableAt] };
  });
}

function listNft(lines: readonly RuleLine[]): readonly ListedLine[] {
  let [table, chain] = ['', ''];
  let [tableAt, chainAt] = [0, 0];
  return lines.map(({ text, rule }, i): ListedLine => {
    const number = i + 1;
    if (text.startsWith('table ')) {
      [table, tableAt, chainAt] = [text.slice('table '.length, -' {'.length).replace(' ', '/'), number, 0];
      return { number, text, id: null, heading: true, under: [] };
    }
    if (/^\t\S.* \{$/.test(text)) {
      [chain, chainAt] = [text.trim().split(' ')[1] ?? '', number];
      return { number, text, id: null, heading: true, under: [tableAt] };
    }
    const policy = /^\t\ttype \w+ hook /.test(text) ? `${table}/${chain}` : null;
    const under = text === '\t}' || text === '' || text === '}' ? [] : [tableAt, ...(chainAt === 0 ? [] : [chainAt])];
    return { number, text, id: rule ?? policy, heading: false, under };
  });
}

/** A host's text with the headings that each line stands under. */
export function listLines(lines: readonly RuleLine[], format: RulesFormat): readonly ListedLine[] {
  if (format === 'iptables-save') return listIptables(lines);
  if (format === 'nft') return listNft(lines);
  return lines.map(({ text, rule }, i) => ({ number: i + 1, text, id: rule, heading: false, under: [] }));
}

/** What of a text is shown: lines with the searched words and, where asked, only those that were met; each with its headings. */
export function shownLines(lines: readonly ListedLine[], search: string, met: Hits | null): { readonly lines: readonly ListedLine[]; readonly found: number } {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0 && met === null) return { lines, found: lines.length };
  const fits = ({ text, id }: ListedLine): boolean => (met === null || (id !== null && met.has(id))) && words.every((word) => text.toLowerCase().includes(word));
  const found = lines.filter(fits);
  const kept = new Set(found.flatMap(({ number, under }) => [number, ...under]));
  return { lines: lines.filter(({ number }) => kept.has(number)), found: found.length };
}
