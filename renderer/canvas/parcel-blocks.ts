import type { Parcel, ParcelColours } from './draw-parcel.ts';

/** A block's side in pixels of the screen: the grid on which a large crowd lies. A canvas of blocks has a quarter of the pixels to clear, paint and show. */
export const blockSize = 2;

/** In a large crowd a parcel is a mark, about half as large as one that is followed by itself: packets on one wire stay countable. */
const markScale = 0.55;

/** Draws a large crowd as plain rectangles: gathered parcel by parcel, then filled colour by colour. */
export interface Blocks {
  /** A parcel in the colours of its verdict; one that is fading (a ghost) is left out. */
  add(parcel: Parcel, colours: ParcelColours): void;
  /** Fills what was added, rims undermost, and forgets it. */
  draw(g: CanvasRenderingContext2D): void;
}

type Layer = 'rim' | 'gap' | 'body' | 'front' | 'line';
const layers: readonly Layer[] = ['rim', 'gap', 'body', 'front', 'line'];

/** Rectangles of a layer by colour: x, y, width, height in blocks, one after the other. */
type Rects = Readonly<Record<Layer, Map<string, number[]>>>;

function put(rects: Rects, layer: Layer, colour: string, x: number, y: number, width: number, height: number): void {
  let list = rects[layer].get(colour);
  if (list === undefined) rects[layer].set(colour, list = []);
  list.push(x, y, width, height);
}

function addParcel(rects: Rects, blocks: number, { at, scale, heading, rewritten, wrapped, spent, opacity }: Parcel, { ink, surface, header, fate }: ParcelColours): void {
  if (opacity < 1) return;
  const size = scale * markScale * blocks;
  const [width, height] = [Math.round(28 * size), Math.round(18 * size)];
  const [x, y] = [Math.round(at.x * blocks - width / 2), Math.round(at.y * blocks - height / 2)];
  if (wrapped) {
    put(rects, 'rim', ink, x - 2, y - 2, width + 4, height + 4);
    put(rects, 'gap', surface, x - 1, y - 1, width + 2, height + 2);
  }
  put(rects, 'body', spent ? fate : ink, x, y, width, height);
  if (spent) return put(rects, 'line', surface, x + 1, y + 1, width - 2, height - 2);
  const front = Math.round(width * 0.4);
  if (rewritten) put(rects, 'front', header, heading === 1 ? x + width - front : x, y, front, height);
  put(rects, 'line', surface, heading === 1 ? x + width - front - 1 : x + front, y, 1, height);
}

function drawLayer(g: CanvasRenderingContext2D, byColour: ReadonlyMap<string, number[]>): void {
  for (const [colour, list] of byColour) {
    g.fillStyle = colour;
    for (let i = 0; i < list.length; i += 4) g.fillRect(list[i] ?? 0, list[i + 1] ?? 0, list[i + 2] ?? 0, list[i + 3] ?? 0);
    list.length = 0;
  }
}

/**
 * Each parcel is a body with a pale line behind its front, the header's colour in front once it is rewritten, a rim while it is wrapped, and a
 * mere frame in its fate's colour when it is spent. All lie on whole blocks: nothing is smoothed.
 * @param blocks Blocks for each CSS px, which is one pixel of the canvas.
 */
export function createBlocks(blocks: number): Blocks {
  const rects: Rects = { rim: new Map(), gap: new Map(), body: new Map(), front: new Map(), line: new Map() };
  return {
    add: (parcel, colours) => addParcel(rects, blocks, parcel, colours),
    draw: (g) => { for (const layer of layers) drawLayer(g, rects[layer]); },
  };
}
