import { commands, type Command } from './commands.ts';

export interface KeyPress { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly shiftKey: boolean; readonly altKey: boolean }

export const isMac = (): boolean => /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

/** The chord of a key press in the registry's spelling: `Mod+Shift+P`, `ArrowRight`, `?`. Null for what no shortcut may use. */
export function chordOf(press: KeyPress, mac: boolean): string | null {
  if (press.altKey) return null;
  const mod = mac ? press.metaKey : press.ctrlKey;
  if ((mac ? press.ctrlKey : press.metaKey)) return null;
  const key = press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  // a shifted sign is its own key (`?`); with letters and names Shift is said
  const shift = press.shiftKey && (mod || press.key.length > 1) ? 'Shift+' : '';
  return `${mod ? 'Mod+' : ''}${shift}${key}`;
}

/** Whether a shortcut is a bare character key, which WCAG 2.1.4 wants to be switchable. */
export const isSingleKey = (chord: string): boolean => !chord.includes('Mod+') && (chord.length === 1 || chord === 'Space');

/** The command that this chord asks for. */
export const commandFor = (chord: string): Command | null => commands.find(({ keys }) => keys.includes(chord)) ?? null;

const signs: Readonly<Record<string, string>> = { ArrowRight: '→', ArrowLeft: '←', Enter: '↵', PageDown: 'Page down', PageUp: 'Page up' };

/** A chord as the person's keyboard says it: `Ctrl ↵`, `⌘K`. */
export function printChord(chord: string, mac: boolean): string {
  const parts = chord.split('+');
  const key = parts.at(-1)!;
  const shown = signs[key] ?? key;
  const mods = parts.slice(0, -1);
  if (mac) return `${mods.includes('Shift') ? '⇧' : ''}${mods.includes('Mod') ? '⌘' : ''}${shown}`;
  return [...mods.map((mod) => (mod === 'Mod' ? 'Ctrl' : mod)), shown].join(' ');
}
