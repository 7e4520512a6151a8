import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface OpenArgs {
  /** The command line of the launch, the program's own path first. */
  readonly argv: readonly string[];
  /** The folder that launch stood in: relative names belong to it, not to us. */
  readonly cwd: string;
  /** Whether the program's path is followed by the app's (`electron .`). */
  readonly isPackaged: boolean;
}

function toPath(argument: string, cwd: string): string | null {
  if (argument === '' || argument.includes('\0')) return null;
  if (argument.startsWith('file:')) {
    try {
      return fileURLToPath(argument);
    } catch {
      return null;
    }
  }
  // other schemes are no files; one letter is a Windows drive
  if (/^[a-z][a-z0-9+.-]+:/i.test(argument)) return null;
  return isAbsolute(argument) ? argument : resolve(cwd, argument);
}

/**
 * The files a command line asks to open, as absolute paths in their order, each once (reliability I2).
 * What starts with a dash is a flag, ours or Chromium's, and ignored; after `--` everything is a file.
 */
export function parseOpenArgs({ argv, cwd, isPackaged }: OpenArgs): readonly string[] {
  const rest = argv.slice(isPackaged ? 1 : 2);
  const end = rest.indexOf('--');
  const before = (end < 0 ? rest : rest.slice(0, end)).filter((argument) => !argument.startsWith('-'));
  const after = end < 0 ? [] : rest.slice(end + 1);
  const paths = [...before, ...after].map((argument) => toPath(argument, cwd)).filter((path) => path !== null);
  return [...new Set(paths)];
}
