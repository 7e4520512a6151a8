import type { Point } from '../scene/geometry.ts';

/** The colours a parcel is drawn in; CSS colours already resolved. `fate` is its end's. */
export interface ParcelColours { readonly ink: string; readonly surface: string; readonly header: string; readonly fate: string }

export interface Parcel {
  /** Screen px. */
  readonly at: Point;
  readonly scale: number;
  readonly heading: -1 | 1;
  /** Its header has been rewritten: the front third wears another colour. */
  readonly rewritten: boolean;
  /** It wears an outer header. */
  readonly wrapped: boolean;
  /** It stopped for good: an outline, tipped. */
  readonly spent: boolean;
  /** How far it has tipped over, 0 to 1; all the way where nothing is said. */
  readonly tip?: number;
  readonly opacity: number;
  /** Which of several packets this is. */
  readonly mark?: string;
}

const half = { width: 14, height: 9 };

function roundRect(g: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number): void {
  g.beginPath();
  g.roundRect(x, y, width, height, radius);
}

function drawBody(g: CanvasRenderingContext2D, { rewritten }: Parcel, { ink, surface, header }: ParcelColours): void {
  g.fillStyle = ink;
  roundRect(g, -half.width, -half.height, half.width * 2, half.height * 2, 5);
  g.fill();
  g.save();
  g.clip();
  g.fillStyle = rewritten ? header : ink;
  g.fillRect(-half.width, -half.height, 11, half.height * 2);
  g.restore();
  g.fillStyle = surface;
  g.fillRect(-half.width + 11, -half.height, 1.5, half.height * 2);
}

/** The pale field that lifts a single packet off the picture. */
function drawHalo(g: CanvasRenderingContext2D, { opacity }: Parcel, { ink }: ParcelColours): void {
  g.globalAlpha = opacity * 0.1;
  g.fillStyle = ink;
  roundRect(g, -22, -16, 44, 32, 12);
  g.fill();
}

/** The packet's number on the rear of its parcel, upright whichever way it goes; above one that is spent. */
function drawMark(g: CanvasRenderingContext2D, { at, scale, heading, spent, opacity }: Parcel, { ink, surface }: ParcelColours, mark: string): void {
  g.save();
  g.globalAlpha = opacity;
  g.fillStyle = spent ? ink : surface;
  g.font = '640 12px "Inter Variable", Inter, sans-serif';
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.fillText(mark, at.x - (spent ? 0 : heading * 6 * scale), at.y + (spent ? -18 * scale : 0.5));
  g.restore();
}

/** Draws one parcel: body, header third in front, halo unless it is one of many; wrapped it gains an outline, spent it is only one. */
export function drawParcel(g: CanvasRenderingContext2D, parcel: Parcel, colours: ParcelColours, haloed = true): void {
  g.save();
  g.translate(parcel.at.x, parcel.at.y);
  g.scale(parcel.scale * -parcel.heading, parcel.scale);
  if (haloed) drawHalo(g, parcel, colours);
  g.globalAlpha = parcel.opacity;
  if (parcel.spent) {
    g.rotate(((parcel.tip ?? 1) * 8 * Math.PI) / 180);
    g.fillStyle = colours.surface;
    g.strokeStyle = colours.fate;
    g.lineWidth = 2;
    roundRect(g, -half.width, -half.height, half.width * 2, half.height * 2, 5);
    g.fill();
    g.stroke();
    g.lineCap = 'round';
    g.beginPath();
    for (const side of [-1, 1]) {
      g.moveTo(-4, -4 * side);
      g.lineTo(4, 4 * side);
    }
    g.stroke();
  } else {
    g.fillStyle = colours.surface;
    roundRect(g, -half.width - 1.5, -half.height - 1.5, half.width * 2 + 3, half.height * 2 + 3, 6.5);
    g.fill();
    drawBody(g, parcel, colours);
  }
  if (parcel.wrapped) {
    g.strokeStyle = colours.ink;
    g.lineWidth = 1.5;
    roundRect(g, -half.width - 4, -half.height - 4, half.width * 2 + 8, half.height * 2 + 8, 8);
    g.stroke();
  }
  g.restore();
  if (parcel.mark !== undefined) drawMark(g, parcel, colours, parcel.mark);
}
