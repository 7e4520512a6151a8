const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of standard base64 (RFC 4648 §4); characters outside the alphabet are skipped, as MIME does. */
export function decodeBase64(text: string): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let n = 0;
  let bits = 0;
  let held = 0;
  for (const c of text) {
    const value = alphabet.indexOf(c);
    if (value < 0) continue;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[n++] = (bits >> held) & 255;
      bits &= (1 << held) - 1;
    }
  }
  return out.slice(0, n);
}
