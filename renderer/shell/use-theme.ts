import { useEffect, useState } from 'react';
import { usePreferences, type ThemeChoice } from '../state/preferences.ts';

const asks = (query: string): MediaQueryList | null => (typeof matchMedia === 'function' ? matchMedia(query) : null);

/** The theme to show for a choice: `system` follows the operating system, high contrast before light and dark. */
export function themeFor(choice: ThemeChoice, dark: boolean, contrast: boolean): Exclude<ThemeChoice, 'system'> {
  if (choice !== 'system') return choice;
  if (contrast) return 'contrast';
  return dark ? 'dark' : 'light';
}

/** Keeps the page's theme and its wish for less motion in step with the preferences and, live, with the system; answers the theme shown. */
export function useTheme(): Exclude<ThemeChoice, 'system'> {
  const [shown, setShown] = useState<Exclude<ThemeChoice, 'system'>>('light');
  const theme = usePreferences((preferences) => preferences.theme);
  const reduce = usePreferences((preferences) => preferences.reduceMotion);
  useEffect(() => {
    const dark = asks('(prefers-color-scheme: dark)');
    const contrast = asks('(prefers-contrast: more)');
    const show = (): void => {
      const next = themeFor(theme, dark?.matches ?? false, contrast?.matches ?? false);
      document.documentElement.dataset['theme'] = next;
      setShown(next);
    };
    show();
    const leave = new AbortController();
    for (const query of [dark, contrast]) query?.addEventListener('change', show, { signal: leave.signal });
    return () => leave.abort();
  }, [theme]);
  useEffect(() => {
    if (reduce) document.documentElement.dataset['motion'] = 'reduce';
    else delete document.documentElement.dataset['motion'];
  }, [reduce]);
  return shown;
}
