import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../base/utf8.ts';
import { formatProblem } from '../base/problem.ts';
import { decodeBytes } from './decode-bytes.ts';
import { MAX_YAML_BYTES } from './limits.ts';

const read = (bytes: readonly number[] | Uint8Array): string => {
  const { document, problems } = decodeBytes('x.yaml', Uint8Array.from(bytes));
  return document ? document.text : problems.map(formatProblem).join('\n');
};
const utf16 = (text: string, big: boolean): number[] => text.split('').flatMap((c) => (big ? [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255] : [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]));

describe('a file as bytes', () => {
  test.each<[string, readonly number[] | Uint8Array, string]>([
    ['[1] nothing', [], ''],
    ['[2] UTF-8 with a byte order mark', [0xef, 0xbb, 0xbf, 0x61], 'a'],
    ['[3] UTF-16, little end first, with its mark', [0xff, 0xfe, ...utf16('a: é😀', false)], 'a: é😀'],
    ['[3] UTF-16, big end first, with its mark', [0xfe, 0xff, ...utf16('a: é😀', true)], 'a: é😀'],
    ['[3] UTF-16 without a mark', utf16('a: b', false), 'x.yaml:1:1: error: this file is UTF-16 — save it as UTF-8'],
    ['[3] half a UTF-16 unit', [0xff, 0xfe, 0x61], 'x.yaml:1:1: error: this file is broken UTF-16 at byte 2 — save it as UTF-8'],
    ['[4] a byte that is no UTF-8, behind wide characters and a CRLF', [...encodeUtf8('a: b\r\né😀: '), 0xc3, 0x28], 'x.yaml:2:5: error: byte 0xC3 is not valid UTF-8 — save the file as UTF-8'],
    ['[4] an overlong slash', [0x61, 0xc0, 0xaf], 'x.yaml:1:2: error: byte 0xC0 is not valid UTF-8 — save the file as UTF-8'],
    ['[4] half a surrogate pair', [0xed, 0xa0, 0x80], 'x.yaml:1:1: error: byte 0xED is not valid UTF-8 — save the file as UTF-8'],
    ['[5] a PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d], 'x.yaml:1:1: error: this is a PNG image, not a manifest — open a YAML or JSON file'],
    ['[5] an ELF program', [0x7f, 0x45, 0x4c, 0x46], 'x.yaml:1:1: error: this is an ELF program, not a manifest — open a YAML or JSON file'],
    ['[5] gzip', [0x1f, 0x8b, 8], 'x.yaml:1:1: error: this is a gzip archive, not a manifest — open a YAML or JSON file'],
  ])('%s', (_, bytes, expected) => {
    expect(read(bytes)).toBe(expected);
  });

  test('[34] YAML ends at 16 MiB, JSON does not', () => {
    const big = (n: number, firstByte: number): Uint8Array => new Uint8Array(n).fill(0x20).fill(firstByte, 0, 1);
    expect(read(big(MAX_YAML_BYTES, 0x23)).length).toBe(MAX_YAML_BYTES);
    expect(read(big(MAX_YAML_BYTES + 1, 0x23))).toBe('x.yaml:1:1: error: this file of 16777217 bytes is larger than 16777216 — split it');
    expect(read(big(MAX_YAML_BYTES + 1, 0x7b)).length).toBe(MAX_YAML_BYTES + 1);
  });
});
