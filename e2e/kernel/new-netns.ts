import { spawnSync } from 'node:child_process';

export interface Ran { readonly status: number | null; readonly out: string; readonly err: string }

/** Runs a shell line in a network namespace of its own, which ends with it; as root, else in a user namespace too. */
export function inNewNetns(line: string, input: string, env: Readonly<Record<string, string>> = {}): Ran {
  const flags = process.getuid?.() === 0 ? ['-n'] : ['-Urn'];
  const run = spawnSync('unshare', [...flags, 'sh', '-c', line], { input, encoding: 'utf8', timeout: 60_000, env: { ...process.env, XTABLES_LOCKFILE: '/dev/null', ...env } });
  return { status: run.status, out: run.stdout ?? '', err: `${run.stderr ?? ''}${run.error?.message ?? ''}` };
}

/** What `iptables-save` lists, without its time stamps and counters. */
export const withoutCounters = (text: string): string => text.split('\n').filter((line) => !line.startsWith('#')).map((line) => line.replace(/^(:\S+ \S+) \[\d+:\d+\]$/, '$1 [0:0]')).join('\n');
