import type { Protocol } from '../packet.ts';
import type { Action, Atom, CtMatchState, Field, Match, NatTo, TableFamily, Tuple, VmapElement } from '../rules.ts';
import { networkOf, readAtom, readField, readNatTarget, readTuple, readVerdict, type ReadField } from './parse-nft-fields.ts';
import { createCursor, joinTokens, type Cursor, type NftToken } from './parse-nft-tokens.ts';
import { parseTime } from './nft-words.ts';
import { snapProbability } from './parse-iptables-modules.ts';

export interface RuleBody { readonly match: readonly Match[]; readonly do: readonly Action[] }

/** A rule being read: `protocol` and `family` are what it has asked for so far; of a table of one family nobody need ask it. */
interface Draft { readonly match: Match[]; readonly do: Action[]; protocol: Protocol | ''; family: 'ipv4' | 'ipv6' | 'either' | 'given' }

/** Right side of a comparison: one value, a list by commas (flags), or a set in braces. */
function readRight(cursor: Cursor, fields: readonly ReadField[]): readonly Tuple[] | null {
  const kinds = fields.map(({ field }) => field.field);
  const v6 = fields.some((f) => f.family === 'ipv6');
  const braces = cursor.skip('{');
  const tuples: Tuple[] = [];
  do {
    const tuple = readTuple(cursor, kinds, v6);
    if (!tuple) return null;
    tuples.push(tuple);
    if (braces && cursor.skip('comment')) cursor.take();
  } while (cursor.skip(','));
  return braces && !cursor.skip('}') ? null : tuples;
}

function readVmapElements(cursor: Cursor, fields: readonly ReadField[]): readonly VmapElement[] | null {
  const kinds = fields.map(({ field }) => field.field);
  const elements: VmapElement[] = [];
  do {
    const key = readTuple(cursor, kinds);
    const comment = cursor.skip('comment') ? cursor.take()?.text : undefined;
    const verdict = key && cursor.skip(':') ? readVerdict(cursor) : null;
    if (!key || !verdict) return null;
    elements.push({ key, verdict, ...(comment === undefined ? {} : { comment }) });
  } while (cursor.skip(','));
  return cursor.skip('}') ? elements : null;
}

/** What the fields need the packet to be, asked before they are read. */
function pushNeeds(draft: Draft, fields: readonly ReadField[]): void {
  const family = fields.find((f) => f.family !== undefined)?.family;
  if (family !== undefined && draft.family !== 'given' && draft.family !== family) {
    draft.match.push({ kind: 'compare', left: [{ field: 'nfproto' }], op: '==', right: [[family]] });
    draft.family = family;
  }
  const named = fields.find((f) => f.protocol !== undefined)?.protocol;
  if (named === undefined || draft.protocol === named) return;
  draft.match.push({ kind: 'protocol', protocol: named });
  draft.protocol = named;
}

const rangeOf = (atom: Atom): { readonly from: number; readonly to: number } | null =>
  typeof atom === 'number' ? { from: atom, to: atom } : typeof atom === 'object' && typeof atom.from === 'number' ? atom as { from: number; to: number } : null;

function addressMatch(kind: 'src' | 'dst', atom: Atom, not: { readonly not?: true }): Match | null {
  const net = networkOf(atom);
  if (net) return { kind, net, ...not };
  return typeof atom === 'object' && typeof atom.from === 'string' ? { kind: 'iprange', side: kind, range: atom as Extract<Match, { kind: 'iprange' }>['range'], ...not } : null;
}

/** The plain condition for one field and these values, in the words iptables' rules use too; null where only `compare` can say it. */
function plainMatch(field: Field, right: readonly Tuple[], inverted: boolean): Match | null {
  const not = inverted ? { not: true } as const : {};
  const atoms = right.map(([atom]) => atom!);
  const only = atoms.length === 1 ? atoms[0]! : null;
  switch (field.field) {
    case 'saddr': case 'daddr': return only === null ? null : addressMatch(field.field === 'saddr' ? 'src' : 'dst', only, not);
    case 'protocol': return only === null || typeof only === 'object' ? null : { kind: 'protocol', protocol: only as Protocol | number, ...not };
    case 'sport': case 'dport': {
      const ports = atoms.map(rangeOf);
      return ports.some((p) => p === null) ? null : { kind: field.field, ports: ports as { from: number; to: number }[], ...not };
    }
    case 'iifname': case 'oifname': return typeof only === 'string' ? { kind: field.field === 'iifname' ? 'iif' : 'oif', name: only, ...not } : null;
    case 'mark': case 'ct-mark': return typeof only === 'number' ? { kind: field.field === 'mark' ? 'mark' : 'connmark', value: only, mask: 0xffff_ffff, ...not } : null;
    case 'ct-state': return { kind: 'ct-state', states: atoms as CtMatchState[], module: 'conntrack', ...not };
    case 'icmp-type': return typeof only === 'number' ? { kind: 'icmp-type', type: only, ...not } : null;
    default: return null;
  }
}

/** `tcp flags & (fin | syn) == syn`, as nft before 1.0 lists `tcp flags syn / fin,syn`. */
function readMaskedFlags(cursor: Cursor, draft: Draft): boolean {
  const m = /^(?:\( )?([a-z| ]+?)(?: \))? (==|!=) ([a-z| ]+?)(?= (?:counter|accept|drop|reject|return|jump|goto|log|comment)\b|$)/.exec(joinTokens(cursor.rest()));
  const names = (text: string): readonly string[] => text.split(' | ').map((name) => name.toUpperCase());
  if (!m || [...names(m[1]!), ...names(m[3]!)].some((name) => !tcpFlags.has(name))) return false;
  m[0].split(' ').forEach(() => cursor.take());
  draft.match.push({ kind: 'tcp-flags', mask: names(m[1]!), comp: names(m[3]!), ...(m[2] === '!=' ? { not: true } : {}) });
  return true;
}

/** `tcp flags syn / fin,syn,rst,ack`. */
function readTcpFlags(cursor: Cursor, draft: Draft): boolean {
  const not = cursor.skip('!=') ? { not: true } as const : {};
  const list = (): readonly string[] => {
    const names: string[] = [];
    do names.push((cursor.take()?.text ?? '').toUpperCase()); while (cursor.skip(','));
    return names;
  };
  const comp = list();
  if (!cursor.skip('/')) return false;
  draft.match.push({ kind: 'tcp-flags', mask: list(), comp, ...not });
  return true;
}

const tcpFlags = new Set(['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECN', 'CWR']);
const largest = (field: Field): number | null => (field.field === 'sport' || field.field === 'dport' ? 65_535 : field.field === 'numgen' ? field.mod + field.offset - 1 : field.field === 'mark' || field.field === 'ct-mark' ? 0xffff_ffff : null);

/** `tcp dport >= 1024`, `numgen random mod 4 < 1`: as the range it means. */
function readRelation(cursor: Cursor, field: Field, draft: Draft): boolean {
  const relation = cursor.take()!.text;
  const [most, value] = [largest(field), readAtom(cursor.take()?.text ?? '', field.field)];
  if (most === null || typeof value !== 'number') return false;
  const range = { '<': { from: 0, to: value - 1 }, '<=': { from: 0, to: value }, '>': { from: value + 1, to: most }, '>=': { from: value, to: most } }[relation]!;
  draft.match.push({ kind: 'compare', left: [field], op: '==', right: [[range]] });
  return true;
}

/** `meta mark & 0x4000 == 0x4000`. */
function readMasked(cursor: Cursor, field: Field, draft: Draft): boolean {
  if (field.field !== 'mark' && field.field !== 'ct-mark') return false;
  const mask = readAtom(cursor.take()?.text ?? '', 'mark');
  const inverted = cursor.skip('!=');
  if (!inverted && !cursor.skip('==')) return false;
  const equals = readAtom(cursor.take()?.text ?? '', 'mark');
  if (typeof mask !== 'number' || typeof equals !== 'number') return false;
  draft.match.push({ kind: 'bit-test', field: field.field, mask, equals, ...(inverted ? { not: true } : {}) });
  return true;
}

type MarkForm = readonly [RegExp, (value: number, and: number) => Action];
const all = 0xffff_ffff;
const setMark = (value: number, mask: number): Action => ({ kind: 'set-mark', value, mask: mask >>> 0, form: 'xmark' });
const constant = '(0x\\w+|\\d+)';
const markForms: readonly MarkForm[] = [
  [/^ct mark$/, () => ({ kind: 'connmark', op: 'restore', value: 0, mask: all, nfmask: all })],
  [new RegExp(`^${constant}$`), (v) => setMark(v, all)], [new RegExp(`^mark (?:\\||or) ${constant}$`), (v) => setMark(v, v)],
  [new RegExp(`^mark (?:\\^|xor) ${constant}$`), (v) => setMark(v, 0)], [new RegExp(`^mark (?:&|and) ${constant}$`), (v) => setMark(0, ~v)],
  [new RegExp(`^mark (?:&|and) ${constant} (?:\\^|xor) ${constant}$`), (and, v) => setMark(v, ~and)],
];
const ctMarkForms: readonly MarkForm[] = [
  [/^mark$/, () => ({ kind: 'connmark', op: 'save', value: 0, mask: all, nfmask: all })],
  [new RegExp(`^${constant}$`), (value) => ({ kind: 'connmark', op: 'set', value, mask: all, nfmask: all })],
];
const statementWords = new Set(['counter', 'accept', 'drop', 'return', 'jump', 'goto', 'comment']);

/** `meta mark set …`, `ct mark set …`: the words up to the next statement. */
function readSetMark(cursor: Cursor, field: Field, draft: Draft): boolean {
  const rest = cursor.rest();
  const end = rest.findIndex(({ text, quoted }) => !quoted && statementWords.has(text));
  const own = end < 0 ? rest : rest.slice(0, end);
  const words = joinTokens(own).replace(/^meta mark/, 'mark');
  for (const [form, action] of field.field === 'ct-mark' ? ctMarkForms : markForms) {
    const m = form.exec(words);
    if (!m) continue;
    draft.do.push(action(Number(m[1]), Number(m[2])));
    own.forEach(() => cursor.take());
    return true;
  }
  return false;
}

function readAfterKey(cursor: Cursor, fields: readonly ReadField[], draft: Draft): boolean {
  const key = fields.map(({ field }) => field);
  if (cursor.skip('vmap')) {
    pushNeeds(draft, fields);
    if (cursor.skip('{')) {
      const map = readVmapElements(cursor, fields);
      if (map) draft.do.push({ kind: 'vmap', key, map });
      return map !== null;
    }
    const name = cursor.take()?.text ?? '';
    draft.do.push({ kind: 'vmap', key, map: name.slice(1) });
    return name.startsWith('@');
  }
  const single = key.length === 1 ? key[0]! : null;
  if (single && cursor.skip('set')) return readSetMark(cursor, single, draft);
  pushNeeds(draft, fields);
  if (single && (cursor.skip('&') || cursor.skip('and'))) return single.field === 'tcp-flags' ? readMaskedFlags(cursor, draft) : readMasked(cursor, single, draft);
  if (single && /^[<>]=?$/.test(cursor.peek())) return readRelation(cursor, single, draft);
  if (single?.field === 'tcp-flags' && joinTokens(cursor.rest()).includes(' / ')) return readTcpFlags(cursor, draft);
  const inverted = cursor.skip('!=');
  if (!inverted) cursor.skip('==');
  if (cursor.peek().startsWith('@')) {
    draft.match.push({ kind: 'lookup', key, set: cursor.take()!.text.slice(1), ...(inverted ? { not: true } : {}) });
    return true;
  }
  const right = readRight(cursor, fields);
  if (!right) return false;
  const plain = single ? plainMatch(single, right, inverted) : null;
  if (plain?.kind === 'protocol' && !inverted && typeof plain.protocol === 'string') draft.protocol = plain.protocol;
  draft.match.push(plain ?? { kind: 'compare', left: key, op: inverted ? '!=' : '==', right });
  return true;
}

/** Fields joined by `.`; null where one of them is none. */
function readFields(cursor: Cursor): readonly ReadField[] | null {
  const fields: ReadField[] = [];
  do {
    const field = readField(cursor);
    if (!field) return null;
    fields.push(field);
  } while (cursor.skip('.'));
  return fields;
}

function readCondition(cursor: Cursor, draft: Draft): boolean {
  const fields = readFields(cursor);
  if (!fields) return false;
  return readAfterKey(cursor, fields, draft);
}

/** `dnat to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }`, `dnat to ip daddr map @m`. */
function readDnatMap(cursor: Cursor, draft: Draft): boolean {
  const fields = readFields(cursor);
  if (!fields) return false;
  const key = fields.map(({ field }) => field);
  if (!cursor.skip('map')) return false;
  pushNeeds(draft, fields);
  if (cursor.peek().startsWith('@')) {
    draft.do.push({ kind: 'dnat-map', key, map: cursor.take()!.text.slice(1) });
    return true;
  }
  const map: { key: Tuple; to: NatTo }[] = [];
  if (!cursor.skip('{')) return false;
  do {
    const tuple = readTuple(cursor, key.map(({ field }) => field));
    const address = tuple && cursor.skip(':') ? cursor.take()?.text : undefined;
    const port = cursor.skip('.') ? cursor.take()?.text : undefined;
    const to = address === undefined ? null : readNatTarget(port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
    if (!tuple || !to) return false;
    map.push({ key: tuple, to });
  } while (cursor.skip(','));
  draft.do.push({ kind: 'dnat-map', key, map });
  return cursor.skip('}');
}

function readNat(cursor: Cursor, kind: 'dnat' | 'snat', draft: Draft): boolean {
  if (cursor.peek() === 'ip' || cursor.peek() === 'ip6') cursor.take();
  if (!cursor.skip('to')) return false;
  if (kind === 'dnat' && /^[a-z]/.test(cursor.peek()) && !cursor.peek().includes(':')) return readDnatMap(cursor, draft);
  const to = readNatTarget(cursor.take()?.text ?? '');
  if (!to) return false;
  let [random, persistent] = [false, false];
  while (['random', 'fully-random', 'persistent'].includes(cursor.peek())) {
    if (cursor.take()!.text === 'persistent') persistent = true;
    else random = true;
  }
  draft.do.push({ kind, to, ...(random ? { random } : {}), ...(persistent ? { persistent } : {}) });
  return true;
}

function readPortsTo(cursor: Cursor): { readonly from: number; readonly to: number } | undefined | null {
  if (!cursor.skip('to')) return undefined;
  return readNatTarget(cursor.take()?.text ?? '')?.ports ?? null;
}

function readUpdate(cursor: Cursor, op: 'add' | 'update', draft: Draft): boolean {
  const name = cursor.take()?.text ?? '';
  if (!name.startsWith('@') || !cursor.skip('{')) return false;
  const key: Field[] = [];
  do {
    const field = readField(cursor);
    if (!field) return false;
    key.push(field.field);
  } while (cursor.skip('.'));
  const timeout = cursor.skip('timeout') ? parseTime(cursor.take()?.text ?? '') : undefined;
  if (timeout === null || !cursor.skip('}')) return false;
  draft.do.push({ kind: 'update-set', op, set: name.slice(1), key, ...(timeout === undefined ? {} : { timeoutSeconds: timeout }) });
  return true;
}

function readLimit(cursor: Cursor, draft: Draft): boolean {
  if (!cursor.skip('rate')) return false;
  const rate = cursor.take()?.text ?? '';
  const burst = cursor.skip('burst') ? Number(cursor.take()?.text) : 5;
  cursor.skip('packets');
  if (!/^\d+\/\w+$/.test(rate)) return false;
  draft.match.push({ kind: 'limit', rate, burst });
  return true;
}

/** `meta random & 2147483647 < N`: how nft shows the statistic match of iptables-nft. */
function readRandom(cursor: Cursor, draft: Draft): boolean {
  const m = /^& 2147483647 < (\d+)/.exec(joinTokens(cursor.rest()));
  const probability = m ? snapProbability((Number(m[1]) / 2 ** 31).toFixed(11)) : null;
  if (!probability) return false;
  for (let i = 0; i < 4; i++) cursor.take();
  draft.match.push({ kind: 'statistic', mode: 'random', probability });
  return true;
}

const logWords = new Set(['prefix', 'level', 'group', 'flags', 'snaplen', 'queue-threshold', 'all', 'tcp', 'sequence,options']);

function readLog(cursor: Cursor, draft: Draft): boolean {
  const words: NftToken[] = [{ text: 'log', quoted: false, line: 0 }];
  while (logWords.has(cursor.peek())) {
    words.push(cursor.take()!);
    const value = cursor.take();
    if (value) words.push(value);
  }
  draft.do.push({ kind: 'log', text: joinTokens(words) });
  return true;
}

/** Statements that begin with their own word. True: read; false: not understood; null: no such word, so a condition. */
function readStatement(cursor: Cursor, draft: Draft): boolean | null {
  const word = cursor.peek();
  switch (word) {
    case 'accept': case 'drop': case 'return': case 'jump': case 'goto': case 'reject': {
      const verdict = readVerdict(cursor);
      if (verdict) draft.do.push({ kind: 'verdict', verdict });
      return verdict !== null;
    }
    case 'continue': return cursor.skip(word);
    case 'counter':
      cursor.take();
      if (cursor.skip('packets')) for (let i = 0; i < 3; i++) cursor.take();
      draft.do.push({ kind: 'counter' });
      return true;
    case 'comment': {
      cursor.take();
      const text = cursor.take();
      if (text) draft.match.push({ kind: 'comment', text: text.text });
      return text !== null;
    }
    case 'dnat': case 'snat': return cursor.skip(word) && readNat(cursor, word, draft);
    case 'masquerade': case 'redirect': {
      cursor.take();
      const ports = readPortsTo(cursor);
      const fully = cursor.skip('fully-random') || cursor.skip('random');
      if (ports === null) return false;
      draft.do.push(word === 'redirect' ? { kind: 'redirect', ...(ports ? { ports } : {}) } : { kind: 'masquerade', ...(ports ? { ports } : {}), ...(fully ? { randomFully: true } : {}) });
      return true;
    }
    case 'notrack':
      cursor.take();
      draft.do.push({ kind: 'notrack' });
      return true;
    case 'add': case 'update': return cursor.skip(word) && readUpdate(cursor, word, draft);
    case 'limit': return cursor.skip(word) && readLimit(cursor, draft);
    case 'log': return cursor.skip(word) && readLog(cursor, draft);
    case 'tcp': {
      if (cursor.peek(1) !== 'option') return null;
      const text = joinTokens(cursor.rest());
      if (!text.startsWith('tcp option maxseg size set ')) return false;
      while (!cursor.done) cursor.take();
      draft.do.push({ kind: 'tcpmss', text });
      return true;
    }
    case 'meta':
      if (cursor.peek(1) !== 'random') return null;
      cursor.take();
      cursor.take();
      return readRandom(cursor, draft);
    default: return null;
  }
}

const harmless = new Set<Action['kind']>(['counter', 'log']);

/**
 * Reads one rule of a table of this family. From the first word that is not understood, or a condition that stands behind a statement that changes something
 * (which a rule of ours cannot say), the rest is kept as one `unmodelled` action with its words.
 */
export function parseNftRule(tokens: readonly NftToken[], family: TableFamily): RuleBody {
  const cursor = createCursor(tokens);
  const draft: Draft = { match: [], do: [], protocol: '', family: family === 'inet' ? 'either' : 'given' };
  while (!cursor.done) {
    const from = cursor.at;
    const [matches, actions] = [draft.match.length, draft.do.length];
    const understood = readStatement(cursor, draft) ?? readCondition(cursor, draft);
    const late = draft.match.length > matches && draft.match.at(-1)!.kind !== 'comment' && draft.do.slice(0, actions).some((action) => !harmless.has(action.kind));
    if (understood && !late && cursor.at > from) continue;
    draft.match.length = matches;
    draft.do.length = actions;
    const rest = tokens.slice(from);
    const said = rest.at(-2)?.text === 'comment' && rest.at(-1)!.quoted ? rest.slice(-2) : [];
    draft.do.push({ kind: 'unmodelled', text: joinTokens(rest.slice(0, rest.length - said.length)) });
    if (said.length > 0) draft.match.push({ kind: 'comment', text: said[1]!.text });
    break;
  }
  return { match: draft.match, do: draft.do };
}
