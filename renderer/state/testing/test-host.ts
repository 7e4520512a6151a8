import type { SandboxApi } from '../../../shared/api/contract.ts';
import type { ShellApi } from '../../../shared/api/shell-api.ts';
import type { Host } from '../../host/host.ts';

/** A host for tests: the given engine in the same thread and a shell that only notes titles. */
export function testHost(engine: SandboxApi): Host & { readonly titles: readonly string[] } {
  const titles: string[] = [];
  const shell: ShellApi = {
    about: async () => ({ host: 'browser', platform: 'test', version: '0' }),
    openFiles: async () => null,
    takeOpened: async () => null,
    saveFile: async () => null,
    openHelp: async () => ({}),
    setTitle: async ({ title, edited }) => {
      titles.push(`${edited ? '• ' : ''}${title}`);
      return {};
    },
    restartEngine: async () => ({}),
    onEvent: () => () => {},
  };
  return { engine, shell, onNotice: () => () => {}, titles };
}
