import { create } from 'zustand';

export type ThemeChoice = 'system' | 'light' | 'dark' | 'contrast' | 'projector';

/** What the person set once and finds again; never anything of the cluster. Sizes in CSS pixels. */
export interface Preferences {
  readonly theme: ThemeChoice;
  readonly speed: number;
  readonly pauseAtEachHop: boolean;
  /** Single-letter shortcuts (WCAG 2.1.4: they can be turned off). */
  readonly singleKeys: boolean;
  readonly reduceMotion: boolean;
  readonly drawerHeight: number;
}

export const defaults: Preferences = { theme: 'system', speed: 1, pauseAtEachHop: false, singleKeys: true, reduceMotion: false, drawerHeight: 260 };

const key = 'podhop.preferences';
const themes: readonly string[] = ['system', 'light', 'dark', 'contrast', 'projector'];

const within = (value: unknown, low: number, high: number, otherwise: number): number => (typeof value === 'number' && value >= low && value <= high ? value : otherwise);
const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === 'boolean' ? value : otherwise);

/** Preferences from stored text; whatever is missing, unknown or wrong is the default. */
export function parsePreferences(text: string | null): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return defaults;
  }
  if (typeof stored !== 'object' || stored === null) return defaults;
  const given = stored as Partial<Record<keyof Preferences, unknown>>;
  return {
    theme: typeof given.theme === 'string' && themes.includes(given.theme) ? (given.theme as ThemeChoice) : defaults.theme,
    speed: within(given.speed, 0.25, 4, defaults.speed),
    pauseAtEachHop: flag(given.pauseAtEachHop, defaults.pauseAtEachHop),
    singleKeys: flag(given.singleKeys, defaults.singleKeys),
    reduceMotion: flag(given.reduceMotion, defaults.reduceMotion),
    drawerHeight: within(given.drawerHeight, 120, 900, defaults.drawerHeight),
  };
}

function load(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(key));
  } catch {
    return defaults;
  }
}

function save(preferences: Preferences): void {
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    // private windows and file:// have no storage; the session still works
  }
}

/** The preferences and the one way to change them; kept in this browser's storage where it has one. */
export const usePreferences = create<Preferences & { readonly change: (part: Partial<Preferences>) => void }>()((set, get) => ({
  ...load(),
  change: (part) => {
    set(part);
    const { change: _, ...kept } = get();
    save(kept);
  },
}));
