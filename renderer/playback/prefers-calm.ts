/** Whether the person wants less motion, by the system's setting or the app's (`data-motion` on the root element). */
export function prefersCalm(): boolean {
  if (typeof document === 'undefined') return false;
  return document.documentElement.dataset['motion'] === 'reduce' || (typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches);
}
