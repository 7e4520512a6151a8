import type { Brand } from './brand.ts';

/** An IP address in canonical text: dotted quad, or RFC 5952 for IPv6. Equal addresses are equal strings. */
export type Ip = Brand<string, 'Ip'>;
export type IpFamily = 4 | 6;

export const familyOf = (ip: Ip): IpFamily => (ip.includes(':') ? 6 : 4);

const [DOT, ZERO] = [46, 48];

/** The number of a dotted quad; null where the text is none. Read digit by digit: a large cluster has hundreds of thousands. */
function parseIpv4(text: string): number | null {
  let [value, octet, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : DOT;
    if (c === DOT) {
      if (digits === 0 || octet > 255 || (i < text.length && ++dots > 3)) return null;
      value = value * 256 + octet;
      octet = digits = 0;
    } else {
      if (c < ZERO || c > ZERO + 9 || ++digits > 10) return null;
      octet = octet * 10 + c - ZERO;
    }
  }
  return dots === 3 ? value : null;
}

function parseIpv6(text: string): bigint | null {
  let body = text;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail) {
    const v4 = parseIpv4(tail[2]!);
    if (v4 === null) return null;
    body = `${tail[1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  const halves = body.split('::');
  if (halves.length > 2) return null;
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const head = groups(halves[0]);
  const rest = groups(halves[1]);
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  let value = 0n;
  for (const group of [...head, ...Array<string>(missing).fill('0'), ...rest]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null;
    value = (value << 16n) | BigInt(`0x${group}`);
  }
  return value;
}

/** The address of a 32-bit unsigned number. */
export const ipFromU32 = (n: number): Ip => `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}` as Ip;

/** The address of a 128-bit number, in RFC 5952 form. */
export function ipFromU128(n: bigint): Ip {
  const groups = Array.from({ length: 8 }, (_, i) => Number((n >> BigInt(112 - 16 * i)) & 0xffffn));
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLength) [best, bestLength] = [i, j - i];
  }
  const hex = groups.map((g) => g.toString(16));
  if (best < 0) return hex.join(':') as Ip;
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + bestLength).join(':')}` as Ip;
}

/** Parses as Kubernetes does (leading zeros are decimal, the normalised form is kept); null if it is no address. IPv4-mapped IPv6 stays IPv6 text. */
export function parseIp(text: string): Ip | null {
  if (text.includes(':')) {
    const n = parseIpv6(text);
    return n === null ? null : ipFromU128(n);
  }
  const n = parseIpv4(text);
  if (n === null) return null;
  // nearly all are canonical already, and need no second copy
  return /(?:^|\.)0\d/.test(text) ? ipFromU32(n) : (text as Ip);
}

/** Parses text that is known to be an address; throws otherwise (our own bug). */
export function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === null) throw new TypeError(`not an IP address: ${text}`);
  return parsed;
}

const u32s = new Map<string, number>();

/** The 32-bit value of an IPv4 address; remembered, because the engine asks for the same few again and again. */
export function toU32(address: Ip): number {
  let value = u32s.get(address);
  if (value === undefined) {
    value = parseIpv4(address) ?? 0;
    if (u32s.size > 200_000) u32s.clear();
    u32s.set(address, value);
  }
  return value;
}

const u128s = new Map<string, bigint>();

/** The 128-bit value of an IPv6 address; remembered like toU32. */
export function toU128(address: Ip): bigint {
  let value = u128s.get(address);
  if (value === undefined) {
    value = parseIpv6(address) ?? 0n;
    if (u128s.size > 200_000) u128s.clear();
    u128s.set(address, value);
  }
  return value;
}

/** Numeric order within a family, IPv4 before IPv6. */
export function compareIps(a: Ip, b: Ip): number {
  const fa = familyOf(a);
  const fb = familyOf(b);
  if (fa !== fb) return fa - fb;
  if (fa === 4) return toU32(a) - toU32(b);
  const [x, y] = [toU128(a), toU128(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The address `n` after this one, in the same family. */
export const offsetIp = (address: Ip, n: number): Ip =>
  familyOf(address) === 4 ? ipFromU32((toU32(address) + n) >>> 0) : ipFromU128(toU128(address) + BigInt(n));
