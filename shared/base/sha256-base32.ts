import { sha256 } from '@noble/hashes/sha2.js';
import { encodeUtf8 } from './utf8.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6 base32, upper case, with `=` padding, as Go's `base32.StdEncoding` prints it. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(pending >>> (bits - 5)) & 31]!;
    pending &= (1 << bits) - 1;
  }
  if (bits > 0) out += alphabet[(pending << (5 - bits)) & 31]!;
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

/** The first characters, in eights (five bytes each), of the base32 of the SHA-256 of the text's UTF-8: kube-proxy's chain names have 8 or 16 of its 56. */
export const sha256Base32 = (text: string, eights = 7): string => base32(sha256(encodeUtf8(text)).subarray(0, eights * 5));
