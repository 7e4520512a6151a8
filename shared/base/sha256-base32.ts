import { sha256 } from './sha256.ts';

const codes = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', (c) => c.charCodeAt(0));

/** The eight characters of five bytes, of which those from `end` on count as 0. */
function eight(bytes: Uint8Array, at: number, end: number): string {
  const byte = (i: number): number => (at + i < end ? bytes[at + i]! : 0);
  const high = (byte(0) << 12) | (byte(1) << 4) | (byte(2) >> 4);
  const low = ((byte(2) & 15) << 16) | (byte(3) << 8) | byte(4);
  const of = (bits: number): number => codes[bits & 31]!;
  return String.fromCharCode(of(high >> 15), of(high >> 10), of(high >> 5), of(high), of(low >> 15), of(low >> 10), of(low >> 5), of(low));
}

/** RFC 4648 §6 base32 of the bytes before `end`, upper case, with `=` padding, as Go's `base32.StdEncoding` prints it. */
export function base32(bytes: Uint8Array, end = bytes.length): string {
  let out = '';
  for (let at = 0; at < end; at += 5) out += eight(bytes, at, end);
  const said = Math.ceil((end * 8) / 5);
  return said === out.length ? out : out.slice(0, said).padEnd(out.length, '=');
}

/** The first characters, in eights (five bytes each), of the base32 of the SHA-256 of the text's UTF-8: kube-proxy's chain names have 8 or 16 of its 56. */
export const sha256Base32 = (text: string, eights = 7): string => base32(sha256(text), Math.min(eights * 5, 32));
