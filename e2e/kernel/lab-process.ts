import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('lab/lab.py', import.meta.url));

export interface LabCheck { readonly ok: boolean; readonly have: Readonly<Record<string, boolean>>; readonly why: Readonly<Record<string, string>>; readonly kernel: string; readonly uid: number }

/** How to start the lab here: directly, or inside a user namespace; tried for real, never guessed from uid or platform. */
export interface LabWay { readonly argv: readonly string[]; readonly check: LabCheck }

const ways: readonly (readonly string[])[] = [['python3'], ['unshare', '-Urm', '--map-root-user', 'python3']];

/** The first way that works, or every reason why none does. */
export function findLab(): LabWay | { readonly reasons: readonly string[] } {
  const reasons: string[] = [];
  for (const argv of ways) {
    const done = spawnSync(argv[0]!, [...argv.slice(1), script, '--check'], { encoding: 'utf8', timeout: 60_000 });
    try {
      const check = JSON.parse(done.stdout) as LabCheck;
      if (check.ok) return { argv, check };
      reasons.push(`${argv.join(' ')}: ${Object.entries(check.why).map(([what, why]) => `${what}: ${why}`).join('; ')}`);
    } catch {
      reasons.push(`${argv.join(' ')}: ${done.error?.message ?? (done.stderr.trim().split('\n').at(-1) || `exit ${done.status}`)}`);
    }
  }
  return { reasons };
}

/** One class of equal connections. */
export interface KernelResult { readonly outcome: string; readonly backend?: string; readonly src?: string; readonly at?: string; readonly port?: number; readonly how?: string; readonly n: number }
export interface KernelAnswer { readonly id: string; readonly results: readonly KernelResult[]; readonly kept: boolean }
export interface TappedPacket { readonly netns: string; readonly dev: string; readonly dir: 'in' | 'out'; readonly src: string; readonly dst: string; readonly ttl: number; readonly proto: string; readonly sport?: number; readonly dport?: number; readonly flags?: string; readonly inner?: Omit<TappedPacket, 'netns' | 'dev' | 'dir' | 'inner'> }

/** A running lab: one Python process that dies with us (end of its input ends it and everything it made). */
export interface Lab {
  call<T>(command: Readonly<Record<string, unknown>>): Promise<T>;
  close(): Promise<void>;
}

/** Starts the lab's process; each call rejects with the kernel's or the tool's own words. */
export function startLab(way: LabWay): Lab {
  const [program, ...args] = [...way.argv, script, '--serve'];
  const child: ChildProcessWithoutNullStreams = spawn(program!, args);
  const waiting: { resolve: (value: never) => void; reject: (error: Error) => void }[] = [];
  let [stderr, hasEnded] = ['', false];
  child.stderr.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-4000)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as { ok: boolean; error?: string };
    const one = waiting.shift();
    if (answer.ok) one?.resolve(answer as never);
    else one?.reject(new Error(`kernel lab: ${answer.error}`));
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => {
    hasEnded = true;
    for (const one of waiting.splice(0)) one.reject(new Error(`kernel lab ended: ${stderr}`));
    resolve();
  }));
  return {
    call: (command) => new Promise((resolve, reject) => {
      if (hasEnded) return reject(new Error(`kernel lab ended: ${stderr}`));
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify(command)}\n`);
    }),
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
}
