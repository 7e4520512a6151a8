import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../shared/base/problem.ts';
import type { TextDocument } from '../shared/api/shapes.ts';
import { isLayoutFile } from '../shared/api/layout-file.ts';

// Row 34 of reliability.md: nothing is read past the cap. Cluster dumps are JSON and may be larger.
const MAX_YAML = 16 * 1024 * 1024;
const MAX_JSON = 256 * 1024 * 1024;
const MAX_FILES = 2000;
const MAX_DEPTH = 16;
// The last ones are a node's own rules; the engine looks into the text all the same.
const EXTENSIONS = ['.yaml', '.yml', '.json', '.rules', '.iptables', '.ip6tables', '.ipset', '.nft'];

export interface Inputs { readonly documents: readonly TextDocument[]; readonly problems: readonly Problem[] }

const problem = (code: string, file: string, what: string, fix: string): Problem => ({ code, severity: 'error', what, fix, at: { file, line: 1, col: 1 } });
const reason = (thrown: unknown): string => {
  const code = (thrown as NodeJS.ErrnoException).code;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : code === 'ELOOP' ? 'its symbolic links form a loop' : (code ?? 'it cannot be read');
};

function listFolder(folder: string, depth: number, found: string[], problems: Problem[]): void {
  if (depth > MAX_DEPTH) {
    problems.push(problem('folder-depth', folder, `folders deeper than ${MAX_DEPTH} levels are not read`, 'name the folder itself with -f'));
    return;
  }
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) listFolder(full, depth + 1, found, problems);
    } else if (entry.isFile() && !isLayoutFile(entry.name) && EXTENSIONS.includes(path.extname(entry.name).toLowerCase())) {
      if (found.length >= MAX_FILES) {
        if (found.length === MAX_FILES) problems.push(problem('folder-files', folder, `more than ${MAX_FILES} files`, 'name a smaller folder'));
        return;
      }
      found.push(full);
    }
  }
}

function readBytes(file: string): Uint8Array | Problem {
  let fd: number;
  try {
    // O_NONBLOCK: opening a FIFO that nobody writes to must not hang (row 41).
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    return problem('unreadable', file, reason(thrown), 'check the path');
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return problem('not-a-file', file, 'this is not a regular file', 'name a YAML or JSON file, or a folder');
    const cap = file.toLowerCase().endsWith('.json') ? MAX_JSON : MAX_YAML;
    if (stat.size > cap) return problem('file-size', file, `the file has ${stat.size} bytes; at most ${cap} are read`, 'split it');
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      const n = readSync(fd, bytes, at, bytes.length - at, at);
      if (n === 0) break;
      at += n;
    }
    return bytes.subarray(0, at);
  } catch (thrown) {
    return problem('unreadable', file, reason(thrown), 'check the path');
  } finally {
    closeSync(fd);
  }
}

function expand(name: string, problems: Problem[]): readonly string[] {
  if (name === '-') return ['-'];
  try {
    if (!statSync(name).isDirectory()) return [name];
    const found: string[] = [];
    listFolder(name, 1, found, problems);
    if (found.length === 0) problems.push({ ...problem('empty-folder', name, 'no YAML or JSON file in this folder', 'name another'), severity: 'warning' });
    return found;
  } catch (thrown) {
    problems.push(problem('unreadable', name, reason(thrown), 'check the path'));
    return [];
  }
}

/** Text where the bytes are UTF-8, base64 otherwise: the engine says what is wrong with them. */
function toDocument(name: string, bytes: Uint8Array): TextDocument {
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { name, text: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
  }
}

/** Reads what `-f` names: files, folders (recursively, YAML and JSON), `-` for standard input. Whatever cannot be read is a Problem. */
export function readInputs(names: readonly string[]): Inputs {
  const problems: Problem[] = [];
  const documents: TextDocument[] = [];
  const files = [...new Set(names.flatMap((name) => expand(name, problems)))];
  for (const file of files) {
    const bytes = file === '-' ? new Uint8Array(readFileSync(0)) : readBytes(file);
    if (!(bytes instanceof Uint8Array)) {
      problems.push(bytes);
      continue;
    }
    documents.push(toDocument(file === '-' ? '<stdin>' : file, bytes));
  }
  return { documents, problems };
}
