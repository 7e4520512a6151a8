import { useSyncExternalStore } from 'react';

const isProjector = (): boolean => document.documentElement.dataset['theme'] === 'projector';

function watch(hear: () => void): () => void {
  const observer = new MutationObserver(hear);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** Whether the picture is for a projector: larger, and with only what the request touches. */
export const useProjector = (): boolean => useSyncExternalStore(watch, isProjector);
