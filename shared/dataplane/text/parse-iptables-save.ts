import type { Problem } from '../../base/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { buildBuiltinChain, builtinChains, withBuiltinChains } from '../builtin-chains.ts';
import type { Origin } from '../ids.ts';
import type { Chain, Rule, Table } from '../rules.ts';
import { splitWords, type IpFamilyName } from './iptables-words.ts';
import { originInText } from './origin-in-text.ts';
import { parseRuleWords } from './parse-iptables-rule.ts';

interface Line { readonly number: number; readonly text: string }
interface OpenTable { readonly name: string; readonly chains: Map<string, { readonly chain: Chain; readonly rules: Rule[] }>; readonly rules: Line[] }

const ruleLine = /^(?:\[\d+:\d+\] )?-A (\S+) ?(.*)$/;
const chainLine = /^:(\S+) (ACCEPT|DROP|-)(?: \[\d+:\d+\])?$/;

interface Reader { readonly family: IpFamilyName; readonly file: string; readonly problems: Problem[]; readonly tables: Map<string, Table> }

function report(reader: Reader, line: number, what: string, fix: string): void {
  reader.problems.push({ code: 'iptables-save', severity: 'error', what, fix, at: { file: reader.file, line, col: 1 } });
}

const originAt = (reader: Reader, line: number): Origin => originInText(reader.file, line);

function openChain(reader: Reader, table: OpenTable, line: Line, name: string, policy: string): void {
  const origin = originAt(reader, line.number);
  const id = `${reader.family}/${table.name}/${name}`;
  const builtin = buildBuiltinChain(reader.family, table.name, name, { policy: policy === 'DROP' ? 'drop' : 'accept', origin });
  if (table.chains.has(name)) report(reader, line.number, `chain ${name} is declared twice in table ${table.name}`, 'keep one');
  else if ((builtin === null) !== (policy === '-')) report(reader, line.number, `${name} is ${builtin ? 'a built-in chain and needs a policy' : 'no built-in chain of this table and can have no policy'}`, 'write it as iptables-save does');
  else table.chains.set(name, { chain: builtin ?? { id, name, kind: 'regular', rules: [], origin }, rules: [] });
}

function readRule(reader: Reader, table: OpenTable, line: Line, names: ReadonlySet<string>): void {
  const m = ruleLine.exec(line.text)!;
  const [name, body] = [m[1]!, m[2]!];
  const target = table.chains.get(name);
  const words = splitWords(body);
  if (!target) return report(reader, line.number, `chain ${name} is not declared in table ${table.name}`, 'declare it with `:NAME - [0:0]` above the rules');
  const parsed = words ? parseRuleWords(words, names, reader.family) : { wrong: 'a quote is not closed' };
  const refused = 'wrong' in parsed;
  if (refused) report(reader, line.number, parsed.wrong, words ? 'write the rule as iptables-save prints it' : 'close it on the same line');
  const rule = refused ? { match: [{ kind: 'unmodelled-match' as const, text: body }], do: [] } : parsed;
  target.rules.push({ id: `${target.chain.id}/${target.rules.length + 1}`, match: rule.match, do: rule.do, origin: originAt(reader, line.number), text: body });
}

/** Rules are read when the whole table is known: they may jump to a chain that is declared below them. */
function closeTable(reader: Reader, table: OpenTable): void {
  const builtin = new Set((builtinChains[table.name] ?? []).map(([name]) => name));
  const names = new Set([...table.chains.keys()].filter((name) => !builtin.has(name)));
  for (const line of table.rules) readRule(reader, table, line, names);
  const chains = [...table.chains.values()].map(({ chain, rules }) => ({ ...chain, rules }));
  reader.tables.set(table.name, withBuiltinChains({ family: reader.family, name: table.name, tool: 'iptables', sets: [], chains }));
}

function openTable(reader: Reader, line: Line): OpenTable {
  const name = line.text.slice(1);
  if (!(name in builtinChains)) report(reader, line.number, `iptables has no table ${name}`, `use one of ${Object.keys(builtinChains).join(', ')}`);
  if (reader.tables.has(name)) report(reader, line.number, `table ${name} stands here twice`, 'give the output of one tool only: iptables-save or iptables-legacy-save, IPv4 or IPv6');
  return { name, chains: new Map(), rules: [] };
}

/** What could be read of a node's text, and every line that could not. */
export interface TablesRead { readonly tables: readonly Table[]; readonly problems: readonly Problem[] }

/** Reads `iptables-save` or `ip6tables-save` as far as it goes: a rule that iptables-restore would refuse stays in its place as one that nobody can judge. */
export function readIptablesSave(text: string, family: IpFamilyName, file: string): TablesRead {
  const reader: Reader = { family, file, problems: [], tables: new Map() };
  let table: OpenTable | null = null;
  const lines = text.split('\n').map((line, i): Line => ({ number: i + 1, text: line.trim() }));
  for (const line of lines) {
    if (line.text === '' || line.text.startsWith('#')) continue;
    const chain = chainLine.exec(line.text);
    if (line.text.startsWith('*') && !table) table = openTable(reader, line);
    else if (!table) report(reader, line.number, 'this line stands in no table', 'begin a table with *nat, *filter, …');
    else if (line.text === 'COMMIT') {
      closeTable(reader, table);
      table = null;
    } else if (chain) openChain(reader, table, line, chain[1]!, chain[2]!);
    else if (ruleLine.test(line.text)) table.rules.push(line);
    else report(reader, line.number, `not a line of iptables-save: ${line.text.slice(0, 60)}`, 'paste the whole output of iptables-save');
  }
  if (table) report(reader, lines.length, `table ${table.name} has no COMMIT`, 'paste the whole output of iptables-save');
  return { tables: [...reader.tables.values()], problems: reader.problems };
}

/** Reads `iptables-save` (legacy or nft, with or without `-c` counters) or `ip6tables-save` of a real node. Every rule keeps its words; what Podhop does not know is kept as unmodelled at that rule. Fails with every line that iptables-restore would refuse; `file` names the text in problems and origins. */
export function parseIptablesSave(text: string, family: IpFamilyName, file = 'iptables-save'): Result<readonly Table[], readonly Problem[]> {
  const { tables, problems } = readIptablesSave(text, family, file);
  return problems.length > 0 ? err(problems) : ok(tables);
}
