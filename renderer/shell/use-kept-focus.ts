import { useEffect } from 'react';

/** What has the focus when nothing else has: the map's own region, where every key of the registry works. */
export const homeOfFocus = 'map-of-the-cluster';

/** Gives the focus a place where it has none, as after a dialog that was opened from nowhere, or a thing that is gone. */
export function keepFocus(): void {
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body) return;
  document.getElementById(homeOfFocus)?.focus({ preventScroll: true });
}

/** After every key the focus is somewhere on the page: a screen reader starts over at the top otherwise. A pointer may leave it nowhere. */
export function useKeptFocus(): void {
  useEffect(() => {
    window.addEventListener('keyup', keepFocus);
    return () => window.removeEventListener('keyup', keepFocus);
  }, []);
}
