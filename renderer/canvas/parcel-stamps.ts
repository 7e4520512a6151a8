import { drawParcel, type Parcel, type ParcelColours } from './draw-parcel.ts';

/** Half a stamp's sides, px: a wrapped parcel without halo. The smaller, the less there is to paint. */
const half = { width: 20, height: 15 };

/** Draws parcels of a crowd by stamping small pictures of them: one for each look, made when first needed. For many; a single parcel is drawn itself. */
export function createStamps(colours: ParcelColours, ratio: number): (g: CanvasRenderingContext2D, parcel: Parcel) => void {
  const made = new Map<string, HTMLCanvasElement>();
  const stampOf = (parcel: Parcel): HTMLCanvasElement => {
    const key = `${parcel.rewritten} ${parcel.wrapped} ${parcel.spent} ${parcel.heading} ${parcel.scale}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const stamp = document.createElement('canvas');
    stamp.width = Math.ceil(half.width * 2 * parcel.scale * ratio);
    stamp.height = Math.ceil(half.height * 2 * parcel.scale * ratio);
    const g = stamp.getContext('2d');
    if (g !== null) {
      g.setTransform(ratio, 0, 0, ratio, stamp.width / 2, stamp.height / 2);
      drawParcel(g, { ...parcel, at: { x: 0, y: 0 }, tip: 1, opacity: 1 }, colours, false);
    }
    // a zoom makes every size once: old ones are let go
    if (made.size > 64) made.clear();
    made.set(key, stamp);
    return stamp;
  };
  return (g, parcel) => {
    const stamp = stampOf(parcel);
    const [width, height] = [stamp.width / ratio, stamp.height / ratio];
    g.globalAlpha = parcel.opacity;
    g.drawImage(stamp, Math.round((parcel.at.x - width / 2) * ratio) / ratio, Math.round((parcel.at.y - height / 2) * ratio) / ratio, width, height);
    g.globalAlpha = 1;
  };
}
