import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { toWire } from './strict.ts';

const parentPort = new URL('./parent-port.mjs', import.meta.url).href;

/** One `utilityProcess.fork`: the same module, as a real process of its own, by Node's fork. */
export interface RecordedUtility extends EventEmitter {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  kill(): boolean;
}

/** `utilityProcess` over `child_process.fork`; `children` collects what was forked, for the tests to end. */
export function createUtilityProcess(children: ChildProcess[]): { readonly fork: (modulePath: string, args?: readonly string[]) => RecordedUtility } {
  return {
    fork(modulePath, args = []) {
      const child = fork(modulePath, args, { execArgv: ['--import', parentPort], stdio: ['ignore', 'inherit', 'inherit', 'ipc'], cwd: fileURLToPath(new URL('.', import.meta.url)) });
      children.push(child);
      const utility = new EventEmitter();
      child.on('spawn', () => utility.emit('spawn'));
      child.on('message', (message) => utility.emit('message', message));
      child.on('exit', (code) => utility.emit('exit', code ?? 1));
      child.on('error', () => {});
      return Object.assign(utility, {
        pid: child.pid,
        postMessage: (message: unknown) => void (child.connected && child.send(JSON.parse(toWire(message)) as object)),
        kill: () => child.kill('SIGTERM'),
      });
    },
  };
}
