import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { macFor } from './mac.ts';
import { createPrng } from './prng.ts';
import { sha256 } from './sha256.ts';
import { base32, sha256Base32 } from './sha256-base32.ts';
import { fnv1a32, podSuffix, safeEncode, templateHash } from './stable-id.ts';
import { decodeUtf16, decodeUtf8, encodeUtf8 } from './utf8.ts';

describe('hashes and names', () => {
  test('[RFC 4648 §10] base32 test vectors', () => {
    expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((t) => base32(encodeUtf8(t)))).toEqual(['', 'MY======', 'MZXQ====', 'MZXW6===', 'MZXW6YQ=', 'MZXW6YTB', 'MZXW6YTBOI======']);
  });

  test('the hash of any text is SHA-256\'s, five bits at a time', () => {
    // `default/web:http` + `tcp` is how kube-proxy builds a chain's name (portProtoHash).
    expect(sha256Base32('default/web:httptcp')).toBe('CDGGSHYLG3RE2FKLUP2NXJ5LX3MRVY73OECPSM3VVN2VARBQW7KA====');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(sha256Base32(text)).toBe(base32(createHash('sha256').update(text).digest()));
    }), { seed: 1, numRuns: 40 });
  });

  test('[FIPS 180-4] SHA-256 is the platform\'s own at every length around the edges of a block, in any alphabet', () => {
    const hex = (text: string): string => Buffer.from(sha256(text)).toString('hex');
    expect(hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    for (const letter of ['a', '\0', '\u007f', 'é', '中', '😀', '\ud800']) {
      for (let length = 0; length <= 200; length++) expect(hex(letter.repeat(length)), `${length} of ${letter}`).toBe(createHash('sha256').update(letter.repeat(length)).digest('hex'));
    }
  });

  test('FNV-1a test vectors (Fowler, Noll, Vo)', () => {
    expect(['', 'a', 'foobar'].map(fnv1a32)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  test('names use only the characters of Kubernetes\' own (apimachinery util/rand)', () => {
    // SafeEncodeString maps each byte b to alphanums[b % 27]: '0' is byte 48, so it becomes the 22nd character.
    expect(safeEncode(1234567890)).toBe('5678' + '9bcdf4'.slice(0, 5) + '4');
    const all = new Set(Array.from({ length: 5000 }, (_, i) => podSuffix('default/web', i)));
    expect([all.size, [...all].every((s) => /^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(s)), podSuffix('default/web', 0) === podSuffix('default/web', 0), templateHash('x') === templateHash('y')]).toEqual([5000, true, true, false]);
  });

  test('a made MAC address is six hex pairs, unicast and local', () => {
    fc.assert(fc.property(fc.string(), (name) => {
      const mac = macFor(name);
      expect([/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac), Number.parseInt(mac.slice(0, 2), 16) & 3]).toEqual([true, 2]);
    }), { seed: 1 });
  });

  test('a seed is a stream: the same again, another for another seed, and no bit stands still', () => {
    const take = (seed: number, n: number): number[] => {
      const prng = createPrng(seed);
      return Array.from({ length: n }, () => prng.next());
    };
    expect(take(1, 5)).toEqual(take(1, 5));
    expect(new Set([0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((seed) => take(seed, 2).join())).size).toBe(7);
    const numbers = take(7, 20_000);
    expect(numbers.every((n) => Number.isInteger(n) && n >= 0 && n <= 0xffff_ffff)).toBe(true);
    for (let bit = 0; bit < 32; bit++) expect(Math.abs(numbers.filter((n) => (n >>> bit) & 1).length / numbers.length - 0.5)).toBeLessThan(0.02);
  });
});

describe('text as bytes', () => {
  test('UTF-8 and UTF-16 are what the platform\'s own coders make of them', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.constantFrom(0, 1, 8190, 8191, 8192), (text, pad) => {
      const long = 'a'.repeat(pad) + text;
      const bytes = encodeUtf8(long);
      const units = new Uint8Array(Uint16Array.from(long.split(''), (c) => c.charCodeAt(0)).buffer);
      expect([bytes, decodeUtf8(bytes), decodeUtf16(units, 'little')]).toEqual([new TextEncoder().encode(long), { text: long }, { text: long }]);
    }), { seed: 1, numRuns: 60 });
    expect(encodeUtf8('a\ud800b')).toEqual(new TextEncoder().encode('a\ud800b'));
  });

  test('bytes are text exactly where TextDecoder says so', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0x90, 0x9f, 0xa0));
    fc.assert(fc.property(fc.array(byte, { maxLength: 8 }), (list) => {
      const bytes = Uint8Array.from(list);
      let text: string | null = null;
      try {
        text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        text = null;
      }
      const decoded = decodeUtf8(bytes);
      expect('text' in decoded ? decoded.text : null).toBe(text);
    }), { seed: 1, numRuns: 2000 });
  });

  test('a surrogate alone and half a unit are bad where they stand', () => {
    expect([[0x61, 0, 0, 0xd8], [0, 0xdc], [0, 0xd8, 0x61, 0], [0x61], [0, 0xd8, 0]].map((b) => decodeUtf16(Uint8Array.from(b), 'little'))).toEqual([{ badAt: 2 }, { badAt: 0 }, { badAt: 0 }, { badAt: 0 }, { badAt: 0 }]);
  });
});
