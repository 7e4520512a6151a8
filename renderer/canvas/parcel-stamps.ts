import { drawParcel, type Parcel, type ParcelColours } from './draw-parcel.ts';

/** Half the side of a stamp, px: a wrapped parcel with its halo. */
const half = 24;

/** Draws parcels of a crowd by stamping small pictures of them: one for each look, made when first needed. For many; a single parcel is drawn itself. */
export function createStamps(colours: ParcelColours, ratio: number): (g: CanvasRenderingContext2D, parcel: Parcel) => void {
  const made = new Map<string, HTMLCanvasElement>();
  const stampOf = (parcel: Parcel): HTMLCanvasElement => {
    const key = `${parcel.rewritten} ${parcel.wrapped} ${parcel.spent} ${parcel.heading} ${parcel.scale}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const stamp = document.createElement('canvas');
    const side = Math.ceil(half * 2 * parcel.scale * ratio);
    stamp.width = side;
    stamp.height = side;
    const g = stamp.getContext('2d');
    if (g !== null) {
      g.setTransform(ratio, 0, 0, ratio, side / 2, side / 2);
      drawParcel(g, { ...parcel, at: { x: 0, y: 0 }, opacity: 1 }, colours);
    }
    // a zoom makes every size once: old ones are let go
    if (made.size > 64) made.clear();
    made.set(key, stamp);
    return stamp;
  };
  return (g, parcel) => {
    const stamp = stampOf(parcel);
    const side = stamp.width / ratio;
    g.globalAlpha = parcel.opacity;
    g.drawImage(stamp, Math.round((parcel.at.x - side / 2) * ratio) / ratio, Math.round((parcel.at.y - side / 2) * ratio) / ratio, side, side);
    g.globalAlpha = 1;
  };
}
