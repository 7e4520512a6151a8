import { encodeUtf8 } from './utf8.ts';

/** The characters of Kubernetes' generated names (apimachinery `util/rand`): no vowels and no look-alikes, so that no word appears. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixes = alphabet.length ** 5;

/** FNV-1a, 32 bits, of the text's UTF-8. */
export function fnv1a32(text: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of encodeUtf8(text)) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash >>> 0;
}

/** A number's decimal digits in the alphabet of generated names, as `rand.SafeEncodeString` writes them. */
export const safeEncode = (n: number): string => Array.from(String(n), (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]!).join('');

/** A content hash in the shape of a pod-template-hash, such as `5d7f6bc9c4`; equal content, equal hash. */
export const templateHash = (content: string): string => safeEncode(fnv1a32(content));

/** The five characters that end a generated pod's name; for one owner no two of the first 14 million indexes share one. */
export function podSuffix(owner: string, index: number): string {
  // The factor is prime to the number of suffixes (27⁵), so index → suffix is one-to-one.
  let n = Number((BigInt(fnv1a32(owner)) + BigInt(index) * 2_654_435_761n) % BigInt(suffixes));
  let out = '';
  for (let i = 0; i < 5; i++) {
    out += alphabet[n % alphabet.length]!;
    n = Math.floor(n / alphabet.length);
  }
  return out;
}
