/** What the rest of the window can ask of the canvas's view. */
export interface CanvasView { zoomIn(): void; zoomOut(): void; fit(): void; actualSize(): void; focus(): void }

let mounted: CanvasView | null = null;

/** Called by the canvas while it is on screen; returns the way to take it back. */
export function mountCanvasView(view: CanvasView): () => void {
  mounted = view;
  return () => {
    if (mounted === view) mounted = null;
  };
}

/** The canvas's view for buttons and commands elsewhere; does nothing while no canvas is on screen. */
export const canvasView: CanvasView = {
  zoomIn: () => mounted?.zoomIn(),
  zoomOut: () => mounted?.zoomOut(),
  fit: () => mounted?.fit(),
  actualSize: () => mounted?.actualSize(),
  focus: () => mounted?.focus(),
};
