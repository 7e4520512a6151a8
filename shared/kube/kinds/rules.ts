import { cidrCovers, parseCidr, type Cidr } from '../../base/cidr.ts';
import { familyOf, parseIp, type Ip } from '../../base/ip.ts';
import { describe, missing, refuse, refuseName, shorten, warn, type Check } from '../check.ts';
import { checkPortName } from '../names.ts';
import type { YamlNode } from '../yaml/node.ts';
import { fieldOf, numberOf, textOf } from '../yaml/tree.ts';

/** Refuses a text that is none of the allowed ones; case matters, as to the API server. */
export function oneOf(check: Check, node: YamlNode | undefined, allowed: readonly string[]): void {
  const text = textOf(node);
  if (node === undefined || text === undefined || allowed.includes(text)) return;
  const meant = allowed.find((a) => a.toLowerCase() === text.toLowerCase());
  refuse(check, 'not-allowed', node, (path) => `${path} must be ${allowed.join(', ').replace(/, ([^,]*)$/, ' or $1')}; found ${shorten(text)}`, meant ? `write ${meant}` : 'choose one of them');
}

/** As `oneOf`, where an empty text stands for the default (a field that is no pointer). */
export function oneOfOrEmpty(check: Check, node: YamlNode | undefined, allowed: readonly string[]): void {
  if (textOf(node) !== '') oneOf(check, node, allowed);
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
/** A protocol behind a pointer: policies' and slices'. */
export const checkProtocol = (check: Check, node: YamlNode | undefined): void => oneOf(check, node, PROTOCOLS);
/** A protocol that may be empty, which is TCP: Services', containers' and Endpoints'. */
export const checkPlainProtocol = (check: Check, node: YamlNode | undefined): void => oneOfOrEmpty(check, node, PROTOCOLS);

/** Refuses a number outside `[low, high]`; types are checked before and elsewhere, and what does not fit its type is validated no further (decoding comes first in an API server). */
export function inRange(check: Check, node: YamlNode | undefined, low: number, high: number): void {
  const n = numberOf(node);
  if (node === undefined || n === undefined || !Number.isInteger(n) || (n >= low && n <= high)) return;
  const misfits = check.found.some(({ severity, start }) => severity === 'error' && start === node.start);
  if (!misfits) refuse(check, 'out-of-range', node, (path) => `${path} must be ${low}–${high}; found ${n}`, `write a number from ${low} to ${high}`);
}

export const checkPort = (check: Check, node: YamlNode | undefined): void => inRange(check, node, 1, 65535);

/** A port as a number or by name (ValidatePortNumOrName). A number in quotes is a name of digits, which no port may have. */
export function checkPortOrName(check: Check, node: YamlNode | undefined): void {
  checkPort(check, node);
  const text = textOf(node);
  if (node !== undefined && text !== undefined && /^\d+$/.test(text)) refuse(check, 'port-in-quotes', node, (path) => `${path} must be a number or a port name; found ${describe(node)}, which Kubernetes looks up as a port's name`, 'remove the quotes');
  else refuseName(check, 'bad-port-name', node, checkPortName);
}

/** A required field of a map; undefined after saying that it is missing. */
export function required(check: Check, node: YamlNode, field: string, fix: string): YamlNode | undefined {
  const value = fieldOf(node, field);
  if (value === undefined) missing(check, node, field, fix);
  return value;
}

/** An address; null after refusing what is none. Spellings that Kubernetes reads another way are warned about. */
export function checkIp(check: Check, node: YamlNode | undefined): Ip | null {
  const text = textOf(node);
  if (node === undefined || text === undefined) return null;
  const address = parseIp(text);
  if (address === null) {
    refuse(check, 'bad-ip', node, (path) => `${path} must be an IP address; found ${shorten(text)}`, 'write four numbers from 0 to 255, or an IPv6 address');
    return null;
  }
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  const meant = mapped ? parseIp(mapped)! : address;
  if (meant !== text && (mapped || familyOf(address) === 4)) warn(check, 'odd-ip', node, (path) => `${path}: Kubernetes reads ${text} as ${meant}`, `did you mean ${meant}?`);
  return meant;
}

/** Addresses that can be nobody's endpoint or external address (ValidateEndpointIP, ValidateNonSpecialIP). */
export function checkUsableIp(check: Check, node: YamlNode | undefined): Ip | null {
  const address = checkIp(check, node);
  if (node === undefined || address === null) return null;
  const special = address === '0.0.0.0' || address === '::' ? 'unspecified' : address.startsWith('127.') || address === '::1' ? 'loopback'
    : address.startsWith('169.254.') || /^fe[89ab]/.test(address) ? 'link-local' : address.startsWith('224.0.0.') || /^ff.2:/.test(address) ? 'link-local multicast' : null;
  if (special) refuse(check, 'special-ip', node, (path) => `${path} may not be a ${special} address; found ${address}`, 'write an address that other machines can reach');
  return address;
}

/** A network, `padded` with blanks only where the API server trims them; null after refusing what is none. Host bits are masked, as Kubernetes does, and warned about. */
export function checkCidr(check: Check, node: YamlNode | undefined, padded = false): Cidr | null {
  const text = padded ? textOf(node)?.trim() : textOf(node);
  if (node === undefined || text === undefined) return null;
  const network = parseCidr(text);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)\/(\d+)$/i.exec(text);
  if (network !== null && mapped) warn(check, 'odd-cidr', node, (path) => `${path}: ${text} is an IPv4-mapped IPv6 network, which matches no IPv4 packet`, `did you mean ${parseCidr(`${mapped[1]}/${Math.max(0, Number(mapped[2]) - 96)}`)}?`);
  if (network === null) {
    const bits = /^(.*)\/(\d+)$/.exec(text);
    const address = bits && parseIp(bits[1]!);
    const most = address && familyOf(address) === 4 ? 32 : 128;
    refuse(check, 'bad-cidr', node, (path) => `${path} must be a network such as 10.0.0.0/24; found ${shorten(text)}${address ? `, whose prefix is not 0–${most}` : ''}`, parseIp(text) ? `write ${text}/${text.includes(':') ? 128 : 32} for the one address` : 'write ADDRESS/BITS');
    return null;
  }
  if (network !== text && !(text.includes(':') && parseIp(text.slice(0, text.indexOf('/'))) === network.slice(0, network.indexOf('/')))) warn(check, 'odd-cidr', node, (path) => `${path}: Kubernetes reads ${text} as ${network}`, `did you mean ${network}?`);
  return network;
}

/** Whether `inner` lies in `outer` and is not all of it. */
export const isStrictlyInside = (outer: Cidr, inner: Cidr): boolean => outer !== inner && cidrCovers(outer, inner);
