import { drawParcel, type Parcel, type ParcelColours } from './draw-parcel.ts';

/** Half a stamp's sides, px: a parcel without halo, and one with an outer header. The smaller, the less there is to paint. */
const bare = { width: 16, height: 11 };
const roomy = { width: 20, height: 15 };

/** The look of a parcel as one number: what tells two stamps apart, but for their scale. */
const lookOf = ({ rewritten, wrapped, spent, heading }: Parcel): number => (rewritten ? 1 : 0) + (wrapped ? 2 : 0) + (spent ? 4 : 0) + (heading === 1 ? 8 : 0);

function makeStamp(parcel: Parcel, colours: ParcelColours, ratio: number): HTMLCanvasElement {
  const half = parcel.wrapped || parcel.spent ? roomy : bare;
  const stamp = document.createElement('canvas');
  stamp.width = Math.ceil(half.width * 2 * parcel.scale * ratio);
  stamp.height = Math.ceil(half.height * 2 * parcel.scale * ratio);
  const g = stamp.getContext('2d');
  if (g !== null) {
    g.setTransform(ratio, 0, 0, ratio, stamp.width / 2, stamp.height / 2);
    drawParcel(g, { ...parcel, at: { x: 0, y: 0 }, tip: 1, opacity: 1 }, colours, false);
  }
  return stamp;
}

/** Draws parcels of a crowd by stamping small pictures of them: one for each look, made when first needed, on whole pixels of the screen. For many; a single parcel is drawn itself. */
export function createStamps(colours: ParcelColours, ratio: number): (g: CanvasRenderingContext2D, parcel: Parcel) => void {
  const made = new Map<number, (HTMLCanvasElement | undefined)[]>();
  const stampsOf = (scale: number): (HTMLCanvasElement | undefined)[] => {
    // a zoom makes every size once: old ones are let go
    if (made.size > 16) made.clear();
    const looks: (HTMLCanvasElement | undefined)[] = [];
    made.set(scale, looks);
    return looks;
  };
  return (g, parcel) => {
    const stamp = ((made.get(parcel.scale) ?? stampsOf(parcel.scale))[lookOf(parcel)] ??= makeStamp(parcel, colours, ratio));
    if (parcel.opacity !== 1) g.globalAlpha = parcel.opacity;
    g.drawImage(stamp, Math.round(parcel.at.x * ratio - stamp.width / 2) / ratio, Math.round(parcel.at.y * ratio - stamp.height / 2) / ratio, stamp.width / ratio, stamp.height / ratio);
    if (parcel.opacity !== 1) g.globalAlpha = 1;
  };
}
