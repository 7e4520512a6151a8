/** Text, or where the bytes stop being text: the first bad byte's offset. */
export type Decoded = { readonly text: string } | { readonly badAt: number };

const replacement = 0xfffd;
const CHUNK = 8192;

/** UTF-8 of the text; a lone surrogate becomes U+FFFD, as the Encoding Standard has it. */
export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encodeWide(text);
}

/** Text of ASCII alone, which nearly all is: a byte a character; null otherwise. */
function encodeAscii(text: string): Uint8Array | null {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x80) return null;
    out[i] = c;
  }
  return out;
}

function encodeWide(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 3);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    let c = text.codePointAt(i)!;
    if (c > 0xffff) i++;
    else if (c >= 0xd800 && c <= 0xdfff) c = replacement;
    if (c < 0x80) out[n++] = c;
    else if (c < 0x800) {
      out[n++] = 0xc0 | (c >> 6);
      out[n++] = 0x80 | (c & 63);
    } else if (c < 0x1_0000) {
      out[n++] = 0xe0 | (c >> 12);
      out[n++] = 0x80 | ((c >> 6) & 63);
      out[n++] = 0x80 | (c & 63);
    } else {
      out[n++] = 0xf0 | (c >> 18);
      out[n++] = 0x80 | ((c >> 12) & 63);
      out[n++] = 0x80 | ((c >> 6) & 63);
      out[n++] = 0x80 | (c & 63);
    }
  }
  return out.slice(0, n);
}

// Code units are turned into text by the block: one string per character would cost ten times as much.
const toText = (units: Uint16Array, n: number): string => String.fromCharCode.apply(null, units.subarray(0, n) as unknown as number[]);

/** The length in bytes of the well-formed sequence at `i`, or 0 (Unicode table 3-7: no overlong forms, no surrogates, at most U+10FFFF). */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const a = bytes[i]!;
  const tail = (at: number, low = 0x80, high = 0xbf): boolean => bytes[at] !== undefined && bytes[at] >= low && bytes[at] <= high;
  if (a < 0x80) return 1;
  if (a >= 0xc2 && a <= 0xdf) return tail(i + 1) ? 2 : 0;
  if (a >= 0xe0 && a <= 0xef) return tail(i + 1, a === 0xe0 ? 0xa0 : 0x80, a === 0xed ? 0x9f : 0xbf) && tail(i + 2) ? 3 : 0;
  if (a >= 0xf0 && a <= 0xf4) return tail(i + 1, a === 0xf0 ? 0x90 : 0x80, a === 0xf4 ? 0x8f : 0xbf) && tail(i + 2) && tail(i + 3) ? 4 : 0;
  return 0;
}

/** Decodes strictly: the text, or the offset of the first byte that begins no well-formed sequence. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const units = new Uint16Array(CHUNK + 1);
  let n = 0;
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    if (n >= CHUNK) {
      text += toText(units, n);
      n = 0;
    }
    const a = bytes[i]!;
    if (a < 0x80) {
      units[n++] = a;
      i++;
      continue;
    }
    const length = sequenceLength(bytes, i);
    if (length === 0) return { badAt: i };
    let c = a & (0xff >> (length + 1));
    for (let k = 1; k < length; k++) c = (c << 6) | (bytes[i + k]! & 63);
    if (c > 0xffff) {
      units[n++] = 0xd7c0 + (c >> 10);
      c = 0xdc00 | (c & 0x3ff);
    }
    units[n++] = c;
    i += length;
  }
  return { text: text + toText(units, n) };
}

/** Decodes strictly, without a byte order mark to look for: bad at an odd last byte and at a lone surrogate. */
export function decodeUtf16(bytes: Uint8Array, endian: 'little' | 'big'): Decoded {
  const units = new Uint16Array(Math.min(CHUNK, bytes.length));
  let n = 0;
  let text = '';
  let high = -1;
  for (let i = 0; i < bytes.length; i += 2) {
    if (i + 1 >= bytes.length) return { badAt: high >= 0 ? high : i };
    const unit = endian === 'little' ? bytes[i]! | (bytes[i + 1]! << 8) : (bytes[i]! << 8) | bytes[i + 1]!;
    const low = unit >= 0xdc00 && unit <= 0xdfff;
    if (low !== high >= 0) return { badAt: high >= 0 ? high : i };
    high = unit >= 0xd800 && unit <= 0xdbff ? i : -1;
    units[n++] = unit;
    if (n < units.length) continue;
    text += toText(units, n);
    n = 0;
  }
  return high >= 0 ? { badAt: high } : { text: text + toText(units, n) };
}
