import type { ShellChannel } from '../../shared/api/bridge.ts';
import type { ShellApi, ShellEvent, ShellMethod, ShellMethods } from '../../shared/api/shell-api.ts';
import { createHearers } from './hearers.ts';

interface Waiting { readonly resolve: (output: never) => void; readonly reject: (error: Error) => void }

/** The desktop's shell: each call is one request over the preload's `shell` channel. */
export function createDesktopShell(channel: ShellChannel): ShellApi {
  const waiting = new Map<number, Waiting>();
  const events = createHearers<ShellEvent>();
  let last = 0;
  channel.listen((message) => {
    if ('kind' in message) return events.tell(message);
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) one?.resolve(message.output as never);
    else one?.reject(new Error(message.error.message));
  });
  const call = <M extends ShellMethod>(method: M) => (input: ShellMethods[M]['input']): Promise<ShellMethods[M]['output']> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      channel.post({ id, method, input });
    });
  return {
    about: call('about'),
    openFiles: call('openFiles'),
    takeOpened: call('takeOpened'),
    saveFile: call('saveFile'),
    openHelp: call('openHelp'),
    setTitle: call('setTitle'),
    restartEngine: call('restartEngine'),
    onEvent: events.add,
  };
}
