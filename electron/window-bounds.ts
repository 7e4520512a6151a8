export interface Rect { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export interface WindowState { readonly bounds: Rect; readonly isMaximized: boolean; readonly isFullScreen: boolean }

export const defaultSize = { width: 1280, height: 800 } as const;
export const leastSize = { width: 800, height: 540 } as const;
/** How much of the title bar must be on a screen, so that the window can be grabbed (reliability I11). */
const grip = { width: 100, height: 40 } as const;

const overlap = (a0: number, aLength: number, b0: number, bLength: number): number => Math.min(a0 + aLength, b0 + bLength) - Math.max(a0, b0);

function hasGrip(bounds: Rect, area: Rect): boolean {
  const across = overlap(bounds.x, bounds.width, area.x, area.width) >= grip.width;
  // the title bar is the window's upper edge: it must not lie above the screen
  return across && bounds.y >= area.y && overlap(bounds.y, grip.height, area.y, area.height) >= grip.height;
}

function centred(size: { readonly width: number; readonly height: number }, area: Rect): Rect {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return { x: Math.round(area.x + (area.width - width) / 2), y: Math.round(area.y + (area.height - height) / 2), width, height };
}

/**
 * Where the window opens: where it was, if its title bar can still be grabbed on one of the screens, else centred on the first.
 * Never larger than the screen. `workAreas` has the primary screen first; all in device-independent pixels.
 */
export function pickWindowBounds(saved: Rect | null, workAreas: readonly [Rect, ...Rect[]]): Rect {
  if (saved === null) return centred(defaultSize, workAreas[0]);
  const grown: Rect = { ...saved, width: Math.max(saved.width, leastSize.width), height: Math.max(saved.height, leastSize.height) };
  const area = workAreas.find((candidate) => hasGrip(grown, candidate));
  if (area === undefined) return centred(grown, workAreas[0]);
  return { ...grown, width: Math.min(grown.width, area.width), height: Math.min(grown.height, area.height) };
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** Reads a saved window state; null for whatever is not one. */
export function parseWindowState(text: string): WindowState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { bounds, isMaximized, isFullScreen } = (value ?? {}) as Partial<WindowState>;
  const { x, y, width, height } = (bounds ?? {}) as Partial<Rect>;
  if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height) || width <= 0 || height <= 0) return null;
  return { bounds: { x, y, width, height }, isMaximized: isMaximized === true, isFullScreen: isFullScreen === true };
}
