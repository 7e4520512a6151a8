/** One thing that can be done, whichever way it is asked for: menu, palette, key, native menu (DESIGN: one list). */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'File' | 'Edit' | 'Packet' | 'View' | 'Help';
  /** `Mod+Enter`, `P`, `ArrowRight`; Mod is ⌘ on a Mac, Ctrl elsewhere. The first is shown. */
  readonly keys: readonly string[];
  /** Its name at this moment, where that says more: `Undo move api-1`. */
  readonly now?: () => string;
  readonly run: () => void;
  readonly enabled: () => boolean;
}

const always = (): boolean => true;

/** A command whose name is always the same. */
export const command = (id: string, title: string, group: Command['group'], keys: readonly string[], run: () => void, enabled: () => boolean = always): Command => ({ id, title, group, keys, run, enabled });
