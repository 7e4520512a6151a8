import type { TextDocument } from '../../shared/api/shapes.ts';
import { decodeUtf8 } from '../../shared/base/utf8.ts';

/** reliability row 34: one file at most 16 MiB, one drop at most 2000 files, folders at most 16 deep. */
export const fileLimits = { bytes: 16 * 1024 * 1024, files: 2000, depth: 16 } as const;

export interface Skipped { readonly name: string; readonly why: string }
export interface ReadFiles { readonly documents: readonly TextDocument[]; readonly skipped: readonly Skipped[] }
/** A file with the path it had inside the dropped or chosen folder. */
export interface NamedFile { readonly name: string; readonly file: File }

const manifest = /\.(ya?ml|json|rules|ip6?tables|ipset|nft)$/i;
const ignoredFolders = /(^|\/)(node_modules|\.git)(\/|$)/;

const magic: readonly (readonly [string, readonly number[]])[] = [
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a zip archive', [0x50, 0x4b, 3, 4]],
];

function badByte(bytes: Uint8Array): string {
  const known = magic.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  if (known !== undefined) return `1:1: is ${known[0]}, not a manifest`;
  const decoded = decodeUtf8(bytes);
  if (!('badAt' in decoded)) return 'is not text';
  const before = new TextDecoder().decode(bytes.subarray(0, decoded.badAt)).split(/\r\n|\r|\n/);
  const hex = bytes[decoded.badAt]!.toString(16).toUpperCase().padStart(2, '0');
  return `${before.length}:${Array.from(before.at(-1)!).length + 1}: byte 0x${hex} is not valid UTF-8`;
}

/** Text without its byte order mark, or why there is none: never a silent U+FFFD (reliability rows 2–5). */
function decode(bytes: Uint8Array): { readonly text: string } | { readonly why: string } {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { why: badByte(bytes) };
  }
}

async function readOne({ name, file }: NamedFile): Promise<TextDocument | Skipped> {
  if (file.size > fileLimits.bytes) return { name, why: `is larger than ${fileLimits.bytes / 1024 / 1024} MiB` };
  try {
    const decoded = decode(new Uint8Array(await file.arrayBuffer()));
    return 'text' in decoded ? { name, text: decoded.text } : { name, why: decoded.why };
  } catch {
    return { name, why: 'could not be read' };
  }
}

/** Reads manifests among these files. A single file is read whatever it is called; from several, only YAML and JSON. Nothing is left out in silence. */
export async function readFiles(files: readonly NamedFile[]): Promise<ReadFiles> {
  const documents: TextDocument[] = [];
  const skipped: Skipped[] = [];
  const inside = files.filter(({ name }) => !ignoredFolders.test(name));
  if (inside.length < files.length) skipped.push({ name: 'node_modules, .git', why: `${files.length - inside.length} files inside were left out` });
  for (const one of inside.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, fileLimits.files)) {
    if (inside.length > 1 && !manifest.test(one.name)) {
      skipped.push({ name: one.name, why: 'is neither YAML nor JSON' });
      continue;
    }
    const read = await readOne(one);
    if ('why' in read) skipped.push(read);
    else documents.push(read);
  }
  if (inside.length > fileLimits.files) skipped.push({ name: `${inside.length - fileLimits.files} more files`, why: `only ${fileLimits.files} are read at once` });
  return { documents, skipped };
}

/** A title for what was opened: its one file, its folder, or a count. */
export function titleOf(names: readonly string[]): string {
  const folder = names[0]?.split('/')[0] ?? '';
  if (names.length === 1) return names[0]!.split('/').at(-1)!;
  if (folder !== '' && names.every((name) => name.startsWith(`${folder}/`))) return folder;
  return `${names.length} files`;
}
