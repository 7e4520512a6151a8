import type { Problem } from '../../base/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Origin } from '../ids.ts';
import type { Chain, Hook, NamedSet, Rule, Table, TableFamily } from '../rules.ts';
import { standardPriorities, parseTime } from './nft-words.ts';
import { originInText } from './origin-in-text.ts';
import { readNatTarget, readTuple, readVerdict } from './parse-nft-fields.ts';
import { parseNftRule } from './parse-nft-rule.ts';
import { createCursor, joinTokens, splitNft, type Cursor, type NftToken } from './parse-nft-tokens.ts';

interface Reader { readonly file: string; readonly lines: readonly string[]; readonly problems: Problem[]; readonly tables: Table[] }

function report(reader: Reader, line: number, what: string, fix: string): void {
  reader.problems.push({ code: 'nft-ruleset', severity: 'error', what, fix, at: { file: reader.file, line, col: 1 } });
}

const originAt = (reader: Reader, line: number): Origin => originInText(reader.file, line);

/** The statements of a block up to its closing brace: what stands between line ends or semicolons, inner blocks whole. */
function readBlock(cursor: Cursor): readonly (readonly NftToken[])[] {
  const statements: NftToken[][] = [];
  let current: NftToken[] = [];
  let depth = 0;
  for (let token = cursor.take(); token; token = cursor.take()) {
    if (token.text === '{' && !token.quoted) depth++;
    if (token.text === '}' && !token.quoted && depth-- === 0) break;
    if ((token.text === '\n' || token.text === ';') && !token.quoted) {
      if (depth > 0) {
        if (token.text === ';' || current.at(-1)?.text !== '{') current.push(token);
      } else if (current.length > 0) {
        statements.push(current);
        current = [];
      }
    } else current.push(token);
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

const hooks: readonly string[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'] satisfies readonly Hook[];

function readPriority(words: readonly string[]): number | null {
  const standard = standardPriorities.find(([name]) => name === words[0])?.[1];
  if (standard === undefined) return words.length === 1 && /^-?\d+$/.test(words[0]!) ? Number(words[0]) : null;
  if (words.length === 1) return standard;
  return words.length === 3 && (words[1] === '+' || words[1] === '-') && /^\d+$/.test(words[2]!) ? standard + Number(`${words[1]}${words[2]}`) : null;
}

interface Hooked { readonly type: 'filter' | 'nat' | 'route'; readonly hook: Hook; readonly priority: number }

function readHook(reader: Reader, statement: readonly NftToken[]): Hooked | null {
  const words = statement.map((token) => token.text);
  const [, type, , hook] = words;
  const priority = readPriority(words.slice(words.indexOf('priority') + 1));
  if ((type === 'filter' || type === 'nat' || type === 'route') && hooks.includes(hook ?? '') && priority !== null) return { type, hook: hook as Hook, priority };
  report(reader, statement[0]!.line, `a chain in this place is not simulated: ${joinTokens(statement)}`, 'leave the chain out');
  return null;
}

function readChain(reader: Reader, table: { readonly family: TableFamily; readonly name: string }, name: string, line: number, statements: readonly (readonly NftToken[])[]): Chain {
  const id = `${table.family}/${table.name}/${name}`;
  const rules: Rule[] = [];
  let hooked: Hooked | null = null;
  let policy: 'accept' | 'drop' = 'accept';
  let comment: string | undefined;
  for (const statement of statements) {
    const [head, second] = statement;
    if (head!.text === 'type' && statement.some((token) => token.text === 'hook')) hooked = readHook(reader, statement);
    else if (head!.text === 'policy') policy = second?.text === 'drop' ? 'drop' : 'accept';
    else if (head!.text === 'comment' && statement.length === 2) comment = second!.text;
    else if (head!.text !== 'flags') {
      const inside = statement.filter((token) => token.quoted || token.text !== '\n');
      const text = (reader.lines[head!.line - 1] ?? '').trim().replace(/ # handle \d+$/, '');
      rules.push({ id: `${id}/${rules.length + 1}`, ...parseNftRule(inside, table.family), origin: originAt(reader, head!.line), text: statement.at(-1)!.line === head!.line ? text : joinTokens(inside) });
    }
  }
  const shared = { id, name, rules, origin: originAt(reader, line), ...(comment === undefined ? {} : { comment }) };
  return hooked ? { ...shared, kind: 'base', ...hooked, policy } : { ...shared, kind: 'regular' };
}

type Element = NamedSet['elements'][number];

function readElement(cursor: Cursor, kinds: readonly string[]): Element | null {
  const key = readTuple(cursor, kinds);
  if (!key) return null;
  let comment: string | undefined;
  let more = true;
  while (more) {
    more = false;
    if (cursor.skip('comment')) [comment, more] = [cursor.take()?.text, true];
    else if (cursor.skip('timeout') || cursor.skip('expires')) more = cursor.take() !== null;
    else if (cursor.skip('counter')) for (let i = 0; i < 4; i++) more = cursor.take() !== null;
  }
  const said = comment === undefined ? {} : { comment };
  if (!cursor.skip(':')) return { key, ...said };
  if (['accept', 'drop', 'return', 'jump', 'goto'].includes(cursor.peek())) {
    const verdict = readVerdict(cursor);
    return verdict ? { key, verdict, ...said } : null;
  }
  const address = cursor.take()?.text ?? '';
  const port = cursor.skip('.') ? cursor.take()?.text : undefined;
  const to = readNatTarget(port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
  return to ? { key, to, ...said } : null;
}

const typeofWords: Readonly<Record<string, string>> = { saddr: 'ipv4_addr', daddr: 'ipv4_addr', sport: 'inet_service', dport: 'inet_service', l4proto: 'inet_proto', protocol: 'inet_proto', mark: 'mark', iifname: 'ifname', oifname: 'ifname' };
/** The types of a set's key: `ipv4_addr . inet_service`, or those that `typeof ip saddr . tcp dport` means. */
const keyKinds = (type: string): readonly string[] => type.replace(/^typeof /, '').split(' : ')[0]!.split(' . ').map((part) => (type.startsWith('typeof ') ? typeofWords[part.split(' ').at(-1)!] ?? part : part));

function readElements(reader: Reader, statement: readonly NftToken[], type: string): readonly Element[] {
  const cursor = createCursor(statement.slice(2).filter((token) => token.quoted || token.text !== '\n'));
  const elements: Element[] = [];
  if (!cursor.skip('{')) report(reader, statement[0]!.line, 'elements need braces', 'write the set as `nft list ruleset` shows it');
  while (!cursor.done && cursor.peek() !== '}') {
    const at = cursor.rest()[0]!;
    const element = readElement(cursor, keyKinds(type));
    if (!element) {
      report(reader, at.line, `an element of type ${type} is not understood at ${at.text}`, 'leave the element out');
      break;
    }
    elements.push(element);
    if (!cursor.skip(',')) break;
  }
  return elements;
}

function readSet(reader: Reader, kind: 'set' | 'map', name: string, line: number, statements: readonly (readonly NftToken[])[]): NamedSet {
  const of = (word: string): readonly NftToken[] | undefined => statements.find((statement) => statement[0]!.text === word);
  const words = (word: string): string | undefined => of(word)?.slice(1).map((token) => token.text).join(' ');
  const type = words('type') ?? `typeof ${words('typeof') ?? ''}`;
  const elements = of('elements');
  const [size, timeout, comment, flags] = [words('size'), words('timeout'), words('comment'), words('flags')];
  const seconds = timeout === undefined ? null : parseTime(timeout);
  return {
    name, kind: kind === 'set' ? 'nft-set' : type.endsWith(': verdict') ? 'nft-vmap' : 'nft-map', type, origin: originAt(reader, line),
    elements: elements ? readElements(reader, elements, type) : [],
    ...(size === undefined ? {} : { size: Number(size) }), ...(seconds === null ? {} : { timeoutSeconds: seconds }),
    ...(comment === undefined ? {} : { comment }), ...(flags === undefined ? {} : { flags: flags.split(/[ ,]+/) }),
  };
}

function readTable(reader: Reader, cursor: Cursor, line: number): void {
  const first = cursor.take()?.text ?? '';
  const given = cursor.peek() === '{' ? 'ip' : first;
  const name = cursor.peek() === '{' ? first : cursor.take()?.text ?? '';
  if (!cursor.skip('{')) return report(reader, line, 'a table needs braces', 'paste the whole output of `nft list ruleset`');
  const statements = readBlock(cursor);
  if (given !== 'ip' && given !== 'ip6' && given !== 'inet') return report(reader, line, `tables of family ${given} are not simulated`, 'leave the table out');
  const family: TableFamily = given;
  const [chains, sets]: [Chain[], NamedSet[]] = [[], []];
  let comment: string | undefined;
  for (const statement of statements) {
    const [head, second, third] = statement;
    const inner = third?.text === '{' ? readBlock(createCursor(statement.slice(3))) : [];
    if (head!.text === 'chain' && second) chains.push(readChain(reader, { family, name }, second.text, head!.line, inner));
    else if ((head!.text === 'set' || head!.text === 'map') && second) sets.push(readSet(reader, head!.text, second.text, head!.line, inner));
    else if (head!.text === 'comment' && second) comment = second.text;
    else if (head!.text === 'flags' && second?.text === 'dormant') report(reader, head!.line, `table ${name} is dormant`, 'leave it out: the kernel does not run it');
  }
  reader.tables.push({ family, name, tool: 'nft', chains, sets, ...(comment === undefined ? {} : { comment }) });
}

/**
 * Reads `nft list ruleset` (with or without `-a` handles) of a real node. Every rule keeps its words; what Podhop does not know is kept
 * as unmodelled at that rule, other objects (flowtables, helpers, quotas) are left out. Tables that iptables-nft manages are better given as
 * `iptables-save`: nft's listing loses parts of them. Fails with every place that cannot be read; `file` names the text in problems and origins.
 */
export function parseNft(text: string, file = 'nft'): Result<readonly Table[], readonly Problem[]> {
  const { tables, problems } = readNft(text, file);
  return problems.length > 0 ? err(problems) : ok(tables);
}

/** Reads `nft list ruleset` as far as it goes. */
export function readNft(text: string, file: string): { readonly tables: readonly Table[]; readonly problems: readonly Problem[] } {
  const reader: Reader = { file, lines: text.split('\n'), problems: [], tables: [] };
  const split = splitNft(text);
  if ('openQuote' in split) {
    report(reader, split.openQuote, 'a quote is not closed', 'close it on the same line');
    return { tables: [], problems: reader.problems };
  }
  const cursor = createCursor(split.tokens);
  for (let token = cursor.take(); token; token = cursor.take()) {
    if (token.text === '\n' || token.text === ';') continue;
    if (token.text === 'table') readTable(reader, cursor, token.line);
    else {
      report(reader, token.line, `not a table: ${token.text.slice(0, 60)}`, 'paste the whole output of `nft list ruleset`');
      break;
    }
  }
  return { tables: reader.tables, problems: reader.problems };
}
