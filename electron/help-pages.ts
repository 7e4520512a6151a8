import type { ShellMethods } from '../shared/api/shell-api.ts';

type HelpPage = ShellMethods['openHelp']['input']['page'];

const pages: Readonly<Record<HelpPage, string>> = {
  manual: 'https://github.com/podhop/podhop#readme',
  issues: 'https://github.com/podhop/podhop/issues',
  'kubernetes-services': 'https://kubernetes.io/docs/concepts/services-networking/service/',
};

/** The address of a help page; null for anything that is not in the list. The page names a page, never an address (reliability A15). */
export const helpAddress = (page: unknown): string | null => (typeof page === 'string' && Object.hasOwn(pages, page) ? pages[page as HelpPage] : null);

const addresses: ReadonlySet<string> = new Set(Object.values(pages));

/** Whether an address may be handed to the desktop's browser: exactly one of ours, letter for letter. */
export const isHelpAddress = (address: string): boolean => addresses.has(address);
