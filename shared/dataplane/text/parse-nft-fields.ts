import { hostCidr, parseCidr, type Cidr } from '../../base/cidr.ts';
import { parseIp } from '../../base/ip.ts';
import type { NatTo, RejectCode, Atom, Field, Tuple, Verdict } from '../rules.ts';
import type { Cursor } from './parse-nft-tokens.ts';

const protocolNames: Readonly<Record<string, string>> = { 'ipv6-icmp': 'icmp', icmpv6: 'icmp', '6': 'tcp', '17': 'udp', '132': 'sctp', '1': 'icmp', '58': 'icmp' };
const services: Readonly<Record<string, number>> = { ssh: 22, domain: 53, http: 80, https: 443, ntp: 123, kubernetes: 6443 };
const icmpTypes: Readonly<Record<string, number>> = { 'echo-reply': 0, 'destination-unreachable': 3, 'redirect': 5, 'echo-request': 8, 'time-exceeded': 11, 'parameter-problem': 12 };
const icmp6Types: Readonly<Record<string, number>> = { 'destination-unreachable': 1, 'packet-too-big': 2, 'time-exceeded': 3, 'echo-request': 128, 'echo-reply': 129, 'nd-router-solicit': 133, 'nd-router-advert': 134, 'nd-neighbor-solicit': 135, 'nd-neighbor-advert': 136 };

/** A field as read, with what it says about the packet: its protocol (`tcp dport` is TCP) and its family (`ip protocol` is IPv4, `icmpv6 type` IPv6). nft asks both before it reads the field (`payload_gen_dependency`), and hides that in its listing. */
export interface ReadField { readonly field: Field; readonly protocol?: 'tcp' | 'udp' | 'sctp' | 'icmp'; readonly family?: 'ipv4' | 'ipv6' }

const metas: Readonly<Record<string, Field['field']>> = { l4proto: 'protocol', iifname: 'iifname', oifname: 'oifname', iif: 'iifname', oif: 'oifname', mark: 'mark', nfproto: 'nfproto' };
const cts: Readonly<Record<string, Field['field']>> = { state: 'ct-state', status: 'ct-status', mark: 'ct-mark', direction: 'ct-direction' };
const simple = (field: Field['field'], more: Omit<ReadField, 'field'> = {}): ReadField => ({ field: { field } as Field, ...more });

function readFib(cursor: Cursor): ReadField | null {
  const of = cursor.take()?.text;
  if (of !== 'saddr' && of !== 'daddr') return null;
  const iif = cursor.peek() === '.' && cursor.peek(1) === 'iif';
  if (iif) {
    cursor.take();
    cursor.take();
  }
  return cursor.skip('type') ? { field: { field: 'fib-type', of, ...(iif ? { iif: true } : {}) } } : null;
}

function readNumgen(cursor: Cursor): ReadField | null {
  const mode = cursor.take()?.text;
  if ((mode !== 'random' && mode !== 'inc') || !cursor.skip('mod')) return null;
  const mod = Number(cursor.take()?.text);
  const offset = cursor.skip('offset') ? Number(cursor.take()?.text) : 0;
  return Number.isInteger(mod) && mod > 0 && Number.isInteger(offset) ? { field: { field: 'numgen', mode, mod, offset } } : null;
}

/** Reads one field (`ip daddr`, `meta l4proto`, `th dport`, `numgen random mod 3`); null for what is not known, the cursor then stands anywhere. */
export function readField(cursor: Cursor): ReadField | null {
  const head = cursor.take();
  if (!head || head.quoted) return null;
  const next = (): string => cursor.take()?.text ?? '';
  switch (head.text) {
    case 'ip': case 'ip6': {
      const what = next();
      const family = { family: head.text === 'ip' ? 'ipv4' : 'ipv6' } as const;
      if (what === 'saddr' || what === 'daddr') return simple(what, family);
      return what === 'protocol' || what === 'nexthdr' ? simple('protocol', family) : null;
    }
    case 'tcp': case 'udp': case 'sctp': case 'th': {
      const what = next();
      const protocol = head.text === 'th' ? {} : { protocol: head.text };
      if (what === 'sport' || what === 'dport') return simple(what, protocol);
      return head.text === 'tcp' && what === 'flags' ? simple('tcp-flags', protocol) : null;
    }
    case 'icmp': case 'icmpv6': return next() === 'type' ? simple('icmp-type', { protocol: 'icmp', family: head.text === 'icmpv6' ? 'ipv6' : 'ipv4' }) : null;
    case 'meta': case 'ct': {
      const known = (head.text === 'meta' ? metas : cts)[next()];
      return known === undefined ? null : simple(known);
    }
    case 'iifname': case 'oifname': case 'iif': case 'oif': case 'mark': return simple(metas[head.text]!);
    case 'fib': return readFib(cursor);
    case 'numgen': return readNumgen(cursor);
    default: return null;
  }
}

const number = (text: string): number | null => (/^(0x[0-9a-fA-F]+|\d+)$/.test(text) ? Number(text) : null);

function readPort(text: string): Atom | null {
  const m = /^(\d+)-(\d+)$/.exec(text);
  if (m) return { from: Number(m[1]), to: Number(m[2]) };
  return number(text) ?? services[text] ?? null;
}

function readAddress(text: string): Atom | null {
  const [from, to] = text.split('-').map((part) => parseIp(part));
  if (from && to) return { from, to };
  return text.includes('/') ? parseCidr(text) : parseIp(text);
}

/** One value in the words of a field (or of a set's type, `ipv4_addr`); null where it is none. */
export function readAtom(text: string, kind: string, v6 = false): Atom | null {
  switch (kind) {
    case 'saddr': case 'daddr': case 'ipv4_addr': case 'ipv6_addr': return readAddress(text);
    case 'sport': case 'dport': case 'inet_service': return readPort(text);
    case 'mark': case 'ct-mark': case 'numgen': return number(text);
    case 'icmp-type': case 'icmp_type': case 'icmpv6_type': return number(text) ?? (v6 || kind === 'icmpv6_type' ? icmp6Types : icmpTypes)[text] ?? null;
    case 'protocol': case 'inet_proto': return protocolNames[text] ?? number(text) ?? text;
    default: return text;
  }
}

/** One key: atoms with `.` between. Null where an atom is no value of its field. */
export function readTuple(cursor: Cursor, kinds: readonly string[], v6 = false): Tuple | null {
  const tuple: Atom[] = [];
  for (const [i, kind] of kinds.entries()) {
    if (i > 0 && !cursor.skip('.')) return null;
    const token = cursor.take();
    // A bare `*` is whatever no other element holds.
    const atom = token && (token.quoted || token.text !== '*') ? readAtom(token.text, kind, v6) : null;
    if (atom === null) return null;
    tuple.push(atom);
  }
  return tuple;
}

const rejects: Readonly<Record<string, RejectCode>> = {
  'net-unreachable': 'icmp-net-unreachable', 'host-unreachable': 'icmp-host-unreachable', 'port-unreachable': 'icmp-port-unreachable', 'prot-unreachable': 'icmp-proto-unreachable',
  'net-prohibited': 'icmp-net-prohibited', 'host-prohibited': 'icmp-host-prohibited', 'admin-prohibited': 'icmp-admin-prohibited', 'no-route': 'icmp-net-unreachable', 'addr-unreachable': 'icmp-host-unreachable',
};

function readReject(cursor: Cursor): Verdict | null {
  if (!cursor.skip('with')) return { kind: 'reject', with: 'icmp-port-unreachable' };
  const kind = cursor.take()?.text ?? '';
  if (kind === 'tcp') return cursor.skip('reset') ? { kind: 'reject', with: 'tcp-reset' } : null;
  if (!/^icmp(v6|x)?$/.test(kind)) return null;
  cursor.skip('type');
  const code = rejects[cursor.take()?.text ?? ''];
  return code === undefined ? null : { kind: 'reject', with: code };
}

/** A verdict; null where none stands here (`continue` and `queue` are none of ours), the cursor then stands anywhere. */
export function readVerdict(cursor: Cursor): Verdict | null {
  const word = cursor.take()?.text;
  switch (word) {
    case 'accept': case 'drop': case 'return': return { kind: word };
    case 'jump': case 'goto': {
      const chain = cursor.take()?.text;
      return chain === undefined ? null : { kind: word, chain };
    }
    case 'reject': return readReject(cursor);
    default: return null;
  }
}

const portsOf = (text: string): { readonly from: number; readonly to: number } | null => {
  const atom = readPort(text);
  return atom === null || typeof atom === 'string' ? null : typeof atom === 'number' ? { from: atom, to: atom } : atom as { from: number; to: number };
};

/** `10.0.0.1:80`, `[fd00::1]:80-90`, `:8080`, `10.0.0.1-10.0.0.9`; null where it is no such target. */
export function readNatTarget(text: string): NatTo | null {
  const m = /^\[([^\]]+)\](?::(.+))?$/.exec(text) ?? (text.includes('::') || text.split(':').length > 2 ? [text, text, undefined] : /^([^:]*)(?::(.+))?$/.exec(text));
  if (!m) return null;
  const [from, to] = (m[1] ?? '').split('-').map((part) => parseIp(part));
  const ports = m[2] === undefined ? null : portsOf(m[2]);
  if ((m[1] !== '' && !from) || (m[2] !== undefined && !ports)) return null;
  return { ...(from ? { ip: from } : {}), ...(to ? { maxIp: to } : {}), ...(ports ? { ports } : {}) };
}

/** A network of one address or prefix, where the atom is one. */
export const networkOf = (atom: Atom): Cidr | null => {
  if (typeof atom !== 'string') return null;
  const address = parseIp(atom);
  return address ? hostCidr(address) : parseCidr(atom);
};

