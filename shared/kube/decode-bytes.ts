import type { Problem } from '../base/problem.ts';
import { decodeUtf16, decodeUtf8 } from '../base/utf8.ts';
import { MAX_JSON_BYTES, MAX_YAML_BYTES } from './limits.ts';
import type { SourceDocument } from './types.ts';

/** A file's text, or why it is none. */
export interface DecodedFile { readonly document?: SourceDocument; readonly problems: readonly Problem[] }

const magics: readonly (readonly [what: string, offset: number, bytes: readonly number[]])[] = [
  ['a PNG image', 0, [0x89, 0x50, 0x4e, 0x47]], ['a JPEG image', 0, [0xff, 0xd8, 0xff]], ['a GIF image', 0, [0x47, 0x49, 0x46, 0x38]], ['a PDF document', 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a gzip archive', 0, [0x1f, 0x8b]], ['a zip archive', 0, [0x50, 0x4b, 3, 4]], ['a zstd archive', 0, [0x28, 0xb5, 0x2f, 0xfd]], ['an xz archive', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['a bzip2 archive', 0, [0x42, 0x5a, 0x68]], ['a tar archive', 257, [0x75, 0x73, 0x74, 0x61, 0x72]], ['an ELF program', 0, [0x7f, 0x45, 0x4c, 0x46]], ['a WebAssembly module', 0, [0, 0x61, 0x73, 0x6d]],
  ['a SQLite database', 0, [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]], ['a Java class', 0, [0xca, 0xfe, 0xba, 0xbe]], ['a Mach-O program', 0, [0xcf, 0xfa, 0xed, 0xfe]],
];

/**
 * Turns a file's bytes into text: UTF-8 with or without a byte order mark, UTF-16 with one. Everything else is a problem at its place and
 * never a replacement character: binaries by their signature, a byte that is no UTF-8, a file beyond its size limit (16 MiB, JSON 256 MiB).
 */
export function decodeBytes(name: string, bytes: Uint8Array): DecodedFile {
  const fail = (code: string, line: number, col: number, what: string, fix: string): DecodedFile => ({ problems: [{ code, severity: 'error', what, fix, at: { file: name, line, col } }] });
  const json = bytes.subarray(0, 64).find((b) => b !== 0x20 && b !== 0x0a && b !== 0x0d && b !== 0x09) === 0x7b;
  const limit = json ? MAX_JSON_BYTES : MAX_YAML_BYTES;
  if (bytes.length > limit) return fail('limit-file', 1, 1, `this file of ${bytes.length} bytes is larger than ${limit}`, 'split it');
  const magic = magics.find(([, offset, signature]) => signature.every((b, i) => bytes[offset + i] === b));
  if (magic) return fail('binary-file', 1, 1, `this is ${magic[0]}, not a manifest`, 'open a YAML or JSON file');
  const endian = bytes[0] === 0xff && bytes[1] === 0xfe ? 'little' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'big' : null;
  if (endian !== null) {
    const decoded = decodeUtf16(bytes.subarray(2), endian);
    return 'text' in decoded ? { document: { name, text: decoded.text }, problems: [] } : fail('bad-utf16', 1, 1, `this file is broken UTF-16 at byte ${decoded.badAt + 2}`, 'save it as UTF-8');
  }
  if (bytes.length >= 4 && (bytes[0] === 0) !== (bytes[1] === 0) && (bytes[2] === 0) !== (bytes[3] === 0)) return fail('utf16-file', 1, 1, 'this file is UTF-16', 'save it as UTF-8');
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const decoded = decodeUtf8(bytes.subarray(mark));
  if ('text' in decoded) return { document: { name, text: decoded.text }, problems: [] };
  const { line, col } = placeOfByte(bytes.subarray(mark), decoded.badAt);
  const bad = bytes[mark + decoded.badAt]!;
  return fail('bad-utf8', line, col, `byte 0x${bad.toString(16).toUpperCase().padStart(2, '0')} is not valid UTF-8`, 'save the file as UTF-8');
}

/** Line and column, in code points, of a byte whose predecessors are well-formed. */
function placeOfByte(bytes: Uint8Array, at: number): { readonly line: number; readonly col: number } {
  let line = 1;
  let col = 1;
  for (let i = 0; i < at; i++) {
    const b = bytes[i]!;
    if (b === 0x0a || (b === 0x0d && bytes[i + 1] !== 0x0a)) [line, col] = [line + 1, 1];
    else if ((b & 0xc0) !== 0x80 && b !== 0x0d) col++;
  }
  return { line, col };
}
