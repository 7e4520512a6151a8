import type { Brand } from './brand.ts';
import { sha256 } from './sha256.ts';

/** An Ethernet address in lower-case colon form. Equal addresses are equal strings. */
export type Mac = Brand<string, 'Mac'>;

const toMac = (bytes: Iterable<number>): Mac => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(':') as Mac;

/** The address of a device, from what it is called: unicast, locally administered (IEEE 802: bits 0 and 1 of the first byte are 0 and 1). */
export function macFor(name: string): Mac {
  const bytes = sha256(name).slice(0, 6);
  bytes[0] = (bytes[0]! & 0xfc) | 0x02;
  return toMac(bytes);
}
