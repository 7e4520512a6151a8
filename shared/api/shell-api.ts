import type { TextDocument } from './shapes.ts';

/** Files, menus and windows: the second, tiny table. The browser implements every verb that a browser can do. */
export interface ShellMethods {
  /** What this host can do, so that the screen offers no verb that would fail. */
  about: { input: Record<string, never>; output: { host: 'desktop' | 'browser'; platform: string; version: string } };
  /** The native dialog for files or one folder; null when cancelled. Skipped entries are reported, not hidden. */
  openFiles: { input: { folder: boolean }; output: { documents: readonly TextDocument[]; title: string; skipped: readonly { name: string; why: string }[] } | null };
  /** Documents the app was started with or sent (argv, open-file, second instance), once. */
  takeOpened: { input: Record<string, never>; output: { documents: readonly TextDocument[]; title: string; skipped?: readonly { name: string; why: string }[] } | null };
  /** Asks where, writes, and answers the chosen file's name; null when cancelled. `layout` goes into a file of its own beside it (layout-file.ts); null takes that away. */
  saveFile: { input: { suggested: string; text: string; layout: string | null }; output: { name: string } | null };
  /** Opens a help page from a fixed list in the user's browser. */
  openHelp: { input: { page: 'manual' | 'issues' | 'kubernetes-services' }; output: Record<string, never> };
  setTitle: { input: { title: string; edited: boolean }; output: Record<string, never> };
  /** Ends the engine and starts it again from the last acknowledged revision (cancel). */
  restartEngine: { input: Record<string, never>; output: Record<string, never> };
}
export type ShellMethod = keyof ShellMethods;
/** What the shell tells the screen unasked: a menu command's id, or that documents wait in takeOpened. */
export type ShellEvent = { readonly kind: 'command'; readonly command: string } | { readonly kind: 'opened' };
export type ShellApi = { readonly [M in ShellMethod]: (input: ShellMethods[M]['input']) => Promise<ShellMethods[M]['output']> } & { readonly onEvent: (hear: (event: ShellEvent) => void) => () => void };
