import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { TextDocument } from '../shared/api/shapes.ts';
import { layoutFileOf } from '../shared/api/layout-file.ts';

/** What is read at most (reliability B10 and row 34), in bytes, files and levels, and how long one file may take, in milliseconds. */
export const readLimits = { fileBytes: 16 * 1024 * 1024, files: 2_000, depth: 16, patience: 2_000 } as const;

export interface Skipped { readonly name: string; readonly why: string }
export interface ReadFiles { readonly documents: readonly TextDocument[]; readonly skipped: readonly Skipped[] }

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist', EACCES: 'may not be read', EPERM: 'may not be read', ELOOP: 'is a loop of links', EISDIR: 'is a folder', ENXIO: 'is not a file', EMFILE: 'could not be opened: too many files are',
};
const reasonOf = (error: unknown): string => reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? 'could not be read';

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;

/** UTF-8 text as it stands; any other bytes as base64, for the engine to say what is wrong with them. */
function toDocument(name: string, bytes: Buffer): TextDocument {
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { name, text: bytes.toString('base64'), encoding: 'base64' };
  }
}

async function readBytes(path: string): Promise<Buffer | string> {
  // without O_NONBLOCK a named pipe that nobody writes to would hold us for ever
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (!found.isFile()) return found.isDirectory() ? 'is a folder' : 'is not a file';
    // one byte more than allowed, so that a file that grows while it is read is noticed
    const buffer = Buffer.alloc(Math.min(found.size, readLimits.fileBytes) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length, length));
    if (found.size > readLimits.fileBytes || length > readLimits.fileBytes) return `is larger than ${mebibytes(readLimits.fileBytes)}`;
    return length > found.size ? 'grew while it was read' : buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** Gives up after a while: a file on a network that does not answer must not hold the window. */
async function withPatience<T>(work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), readLimits.patience);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function readOne(path: string, name: string): Promise<TextDocument | Skipped> {
  const read = await withPatience(readBytes(path).catch(reasonOf), 'did not answer in time');
  return typeof read === 'string' ? { name, why: read } : toDocument(name, read);
}

async function readAll(files: readonly { readonly path: string; readonly name: string }[], skipped: readonly Skipped[]): Promise<ReadFiles> {
  const documents: TextDocument[] = [];
  const failed: Skipped[] = [];
  for (const { path, name } of files) {
    const read = await readOne(path, name);
    if ('why' in read) failed.push(read);
    else documents.push(read);
  }
  return { documents, skipped: [...skipped, ...failed] };
}

const isFile = (path: string): Promise<boolean> => withPatience(stat(path).then((found) => found.isFile(), () => false), false);

/** Reads these files, whatever they are called, and the layouts that lie beside them. What cannot be read is said, not thrown. */
export async function readPaths(paths: readonly string[]): Promise<ReadFiles> {
  const beside = await Promise.all(paths.map((path) => join(dirname(path), layoutFileOf(basename(path)))).filter((path) => !paths.includes(path)).map(async (path) => ((await isFile(path)) ? [path] : [])));
  const named = [...new Set([...paths, ...beside.flat()])].map((path) => ({ path, name: basename(path) }));
  const more = named.length - readLimits.files;
  return readAll(named.slice(0, readLimits.files), more > 0 ? [{ name: `${more} more files`, why: `left out: at most ${readLimits.files} are read at once` }] : []);
}

const isManifest = (name: string): boolean => /\.(ya?ml|json|rules|ip6?tables|ipset|nft)$/i.test(name);
const isLeftOut = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

interface Found { readonly files: { readonly path: string; readonly name: string }[]; readonly skipped: Skipped[]; others: number }

/** A link inside the folder that leads to a file inside the folder is read; one that leads out, or to a folder, is not followed. */
async function linkTarget(path: string, root: string): Promise<string | null> {
  const target = await realpath(path);
  if (!target.startsWith(root + sep)) return 'is a link that leads out of the folder';
  return (await stat(target)).isFile() ? null : 'is a link to a folder';
}

async function collect(dir: string, root: string, depth: number, found: Found): Promise<void> {
  const entries = (await readdir(dir, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(dir, entry.name);
    const name = relative(root, path).split(sep).join('/');
    if (isLeftOut(entry.name)) continue;
    if (entry.isDirectory()) {
      if (depth === readLimits.depth) found.skipped.push({ name, why: `is more than ${readLimits.depth} folders deep` });
      else await collect(path, root, depth + 1, found).catch((error: unknown) => void found.skipped.push({ name, why: reasonOf(error) }));
      continue;
    }
    const why = entry.isSymbolicLink() ? await linkTarget(path, root).catch(reasonOf) : entry.isFile() ? null : 'is not a file';
    if (!isManifest(entry.name)) found.others += 1;
    else if (why !== null) found.skipped.push({ name, why });
    else found.files.push({ path, name });
  }
}

/** Reads the YAML and JSON files of a folder and of the folders in it, in the order of their names. What is left out is said. */
export async function readFolder(folder: string): Promise<ReadFiles> {
  const found: Found = { files: [], skipped: [], others: 0 };
  try {
    const root = await realpath(folder);
    await collect(root, root, 1, found);
  } catch (error) {
    return { documents: [], skipped: [{ name: basename(folder), why: reasonOf(error) }] };
  }
  const more = found.files.length - readLimits.files;
  if (more > 0) found.skipped.push({ name: `${more} more files`, why: `left out: at most ${readLimits.files} are read at once` });
  if (found.others > 0) found.skipped.push({ name: found.others === 1 ? '1 other file' : `${found.others} other files`, why: 'left out: neither YAML nor JSON' });
  return readAll(found.files.slice(0, readLimits.files), found.skipped);
}

/** Reads what a command line or the desktop asked to open: files and folders, in their order. */
export async function readOpened(paths: readonly string[]): Promise<ReadFiles> {
  const parts: ReadFiles[] = [];
  for (const path of paths) {
    const isFolder = await withPatience(stat(path).then((found) => found.isDirectory(), () => false), false);
    parts.push(await (isFolder ? readFolder(path) : readPaths([path])));
  }
  return { documents: parts.flatMap((part) => part.documents), skipped: parts.flatMap((part) => part.skipped) };
}

/** What to call the things that were opened. */
export function titleOf(paths: readonly string[]): string {
  const [only] = paths;
  return paths.length === 1 && only !== undefined ? basename(only) : `${paths.length} files`;
}
