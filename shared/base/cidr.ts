import type { Brand } from './brand.ts';
import { familyOf, ipFromU128, ipFromU32, parseIp, toU128, toU32, type Ip, type IpFamily } from './ip.ts';

/** A network in canonical text with its host bits cleared, such as `10.244.1.0/24` or `fd00::/8`. */
export type Cidr = Brand<string, 'Cidr'>;
/** An interface address with its prefix length, host bits kept: `10.244.1.1/24`. */
export type IfAddress = Brand<string, 'IfAddress'>;

interface Parsed { readonly family: IpFamily; readonly bits: number; readonly base32: number; readonly mask32: number; readonly base128: bigint; readonly mask128: bigint }
const parsedCidrs = new Map<string, Parsed>();

const mask32 = (bits: number): number => (bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0);
const mask128 = (bits: number): bigint => ((1n << BigInt(bits)) - 1n) << BigInt(128 - bits);

function parsed(cidr: string): Parsed {
  let p = parsedCidrs.get(cidr);
  if (p === undefined) {
    const slash = cidr.indexOf('/');
    const address = cidr.slice(0, slash) as Ip;
    const family = familyOf(address);
    const bits = Number(cidr.slice(slash + 1));
    p = family === 4
      ? { family, bits, base32: (toU32(address) & mask32(bits)) >>> 0, mask32: mask32(bits), base128: 0n, mask128: 0n }
      : { family, bits, base32: 0, mask32: 0, base128: toU128(address) & mask128(bits), mask128: mask128(bits) };
    if (parsedCidrs.size > 200_000) parsedCidrs.clear();
    parsedCidrs.set(cidr, p);
  }
  return p;
}

function split(text: string): { address: Ip; bits: number } | null {
  const m = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = m && parseIp(m[1]!);
  if (!m || !address) return null;
  const bits = Number(m[2]);
  return bits <= (familyOf(address) === 4 ? 32 : 128) ? { address, bits } : null;
}

/** Parses `address/bits`, clearing host bits as Kubernetes does; null if it is no CIDR. */
export function parseCidr(text: string): Cidr | null {
  const s = split(text);
  if (!s) return null;
  const p = parsed(`${s.address}/${s.bits}`);
  return `${p.family === 4 ? ipFromU32(p.base32) : ipFromU128(p.base128)}/${s.bits}` as Cidr;
}

/** Parses text known to be a CIDR; throws otherwise (our own bug). */
export function cidr(text: string): Cidr {
  const value = parseCidr(text);
  if (value === null) throw new TypeError(`not a CIDR: ${text}`);
  return value;
}

/** An interface address, host bits kept; throws on anything else (our own bug). */
export function ifAddress(text: string): IfAddress {
  const s = split(text);
  if (!s) throw new TypeError(`not an interface address: ${text}`);
  return `${s.address}/${s.bits}` as IfAddress;
}

export const hostCidr = (address: Ip): Cidr => `${address}/${familyOf(address) === 4 ? 32 : 128}` as Cidr;
export const cidrFamily = (network: Cidr | IfAddress): IpFamily => parsed(network).family;
export const prefixLength = (network: Cidr | IfAddress): number => parsed(network).bits;
export const addressOf = (address: IfAddress): Ip => address.slice(0, address.indexOf('/')) as Ip;
export const networkOf = (address: IfAddress): Cidr => parseCidr(address)!;
export const baseOf = (network: Cidr): Ip => network.slice(0, network.indexOf('/')) as Ip;

/** Whether the network holds the address; false across families. */
export function cidrContains(network: Cidr | IfAddress, address: Ip): boolean {
  const p = parsed(network);
  if (p.family === 4) return !address.includes(':') && ((toU32(address) & p.mask32) >>> 0) === p.base32;
  return address.includes(':') && (toU128(address) & p.mask128) === p.base128;
}

/** Whether every address of `inner` lies in `outer`. */
export const cidrCovers = (outer: Cidr, inner: Cidr): boolean =>
  prefixLength(outer) <= prefixLength(inner) && cidrContains(outer, baseOf(inner));

/** Whether they share an address. */
export const cidrsOverlap = (a: Cidr, b: Cidr): boolean => cidrCovers(a, b) || cidrCovers(b, a);
