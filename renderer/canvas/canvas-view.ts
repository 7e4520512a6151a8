/** What the rest of the window can ask of the canvas's view. */
export interface CanvasView { zoomIn(): void; zoomOut(): void; fit(): void; actualSize(): void; focus(): void }
/** A pointer that is down, px in the window. */
interface Pressed { readonly clientX: number; readonly clientY: number }
type Carry = (thing: string, at: Pressed) => void;

let mounted: CanvasView | null = null;
let carrier: Carry | null = null;
let goer: ((thing: string) => void) | null = null;

/** Called by the canvas while it is on screen; returns the way to take it back. */
export function mountCanvasView(view: CanvasView): () => void {
  mounted = view;
  return () => {
    if (mounted === view) mounted = null;
  };
}

/** Called by the canvas while it can be dragged onto; returns the way to take it back. */
export function mountCarrier(carry: Carry): () => void {
  carrier = carry;
  return () => {
    if (carrier === carry) carrier = null;
  };
}

/** Called by the canvas with its way to give a thing the focus; returns the way to take it back. */
export function mountGoTo(go: (thing: string) => void): () => void {
  goer = go;
  return () => {
    if (goer === go) goer = null;
  };
}

/** The canvas's view for buttons and commands elsewhere; does nothing while no canvas is on screen. */
export const canvasView: CanvasView & { /** Goes on with a drag that began elsewhere, of a thing that is not there yet (`new/KIND`). */ readonly carry: Carry; /** Brings a thing into view and gives it the focus, if it is drawn. */ readonly goTo: (thing: string) => void } = {
  zoomIn: () => mounted?.zoomIn(),
  zoomOut: () => mounted?.zoomOut(),
  fit: () => mounted?.fit(),
  actualSize: () => mounted?.actualSize(),
  focus: () => mounted?.focus(),
  carry: (thing, at) => carrier?.(thing, at),
  goTo: (thing) => goer?.(thing),
};
