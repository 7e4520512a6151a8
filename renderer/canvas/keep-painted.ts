import type { useStoreApi } from '@xyflow/react';

interface Painting {
  /** Paints the whole canvas as it stands now. */
  readonly paint: () => void;
  /** Reads the theme's colours anew. */
  readonly dress: () => void;
  /** Gives the canvas as many pixels as its place on the screen has. */
  readonly fit: () => void;
  /** Calls back whenever its clock moves on; answers the way to stop that. */
  readonly watch: (hear: () => void) => () => void;
}

/** Paints a canvas over the map now, and again whenever its clock, the view, the theme or its size changes; never otherwise. Answers the way to stop. */
export function keepPainted(element: HTMLCanvasElement, flow: ReturnType<typeof useStoreApi>, { paint, dress, fit, watch }: Painting): () => void {
  const themed = new MutationObserver(() => {
    dress();
    paint();
  });
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-motion'] });
  const sized = new ResizeObserver(() => {
    fit();
    paint();
  });
  sized.observe(element);
  paint();
  const leave = [watch(paint), flow.subscribe((now, before) => { if (now.transform !== before.transform) paint(); })];
  return () => {
    themed.disconnect();
    sized.disconnect();
    for (const stop of leave) stop();
  };
}
