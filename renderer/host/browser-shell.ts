import type { ShellApi } from '../../shared/api/shell-api.ts';
import { layoutFileOf } from '../../shared/api/layout-file.ts';
import { readFiles, titleOf, type NamedFile } from './read-files.ts';

const help = {
  manual: 'https://github.com/podhop/podhop#readme',
  issues: 'https://github.com/podhop/podhop/issues',
  'kubernetes-services': 'https://kubernetes.io/docs/concepts/services-networking/service/',
} as const;

function chooseFiles(folder: boolean): Promise<readonly NamedFile[] | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    if (folder) input.webkitdirectory = true;
    else input.accept = '.yaml,.yml,.json,.rules,.iptables,.ip6tables,.ipset,.nft,.txt';
    input.addEventListener('change', () => resolve([...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }))));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The shell of a browser: every verb that a browser can do. */
export function createBrowserShell(version: string, restartEngine: () => Promise<void>): ShellApi {
  return {
    about: async () => ({ host: 'browser', platform: navigator.platform, version }),
    openFiles: async ({ folder }) => {
      const files = await chooseFiles(folder);
      if (files === null || files.length === 0) return null;
      const { documents, skipped } = await readFiles(files);
      return { documents, skipped, title: titleOf(files.map(({ name }) => name)) };
    },
    takeOpened: async () => null,
    saveFile: async ({ suggested, text, layout }) => {
      download(suggested, text);
      if (layout !== null) download(layoutFileOf(suggested), layout);
      return { name: suggested };
    },
    openHelp: async ({ page }) => {
      window.open(help[page], '_blank', 'noopener,noreferrer');
      return {};
    },
    setTitle: async ({ title, edited }) => {
      document.title = `${edited ? '• ' : ''}${title === '' ? '' : `${title} – `}Podhop`;
      return {};
    },
    restartEngine: async () => {
      await restartEngine();
      return {};
    },
    onEvent: () => () => {},
  };
}
