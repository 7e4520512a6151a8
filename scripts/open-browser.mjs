import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The command that opens a URL in the person's browser, or null where there is none to be seen.
 * @param {string} url @param {NodeJS.Platform} platform @param {Readonly<Record<string, string | undefined>>} env @param {(path: string) => boolean} exists
 * @returns {readonly [command: string, ...args: string[]] | null}
 */
export function browserCommand(url, platform, env, exists) {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['cmd', '/c', 'start', '', url];
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return null;
  const found = (env['PATH'] ?? '').split(delimiter).some((dir) => dir !== '' && exists(join(dir, 'xdg-open')));
  return found ? ['xdg-open', url] : null;
}

/** Opens a URL in the person's browser if there is one; never fails for lack of one. @param {string} url */
export function openInBrowser(url) {
  const command = browserCommand(url, process.platform, process.env, existsSync);
  if (command === null) return;
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
