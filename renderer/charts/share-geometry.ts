import { scaleLinear } from 'd3-scale';
import { area, stack, stackOrderReverse } from 'd3-shape';

/** Shares of one stretch of time whose bands stay the same: `points[i].shares[b]` is band b's share at a time; `exact[b]` is what it approaches. */
export interface ShareRun { readonly since: number; readonly exact: readonly number[]; readonly points: readonly { readonly at: number; readonly shares: readonly number[] }[] }

export interface Frame { readonly width: number; readonly height: number; /** Times at the left and the right edge. */ readonly from: number; readonly until: number }

/** A run as drawn: one closed path a band, the first on top; the heights of the exact borders between them; its left and right edge. */
export interface DrawnRun { readonly x0: number; readonly x1: number; readonly bands: readonly string[]; readonly borders: readonly number[]; /** Middle and thickness of each band at the right edge. */ readonly ends: readonly { readonly y: number; readonly height: number }[] }

interface Row { readonly at: number; readonly shares: readonly number[] }

/** The left edge of a window that is at least `least` long, and ends now. */
export const windowOf = (now: number, least: number, most: number): { readonly from: number; readonly until: number } => ({ from: Math.max(0, now - most), until: Math.max(now, least) });

function bordersOf(exact: readonly number[], y: (share: number) => number): readonly number[] {
  let above = 0;
  return exact.slice(0, -1).flatMap((share) => {
    above += share;
    return above > 0 && above < 1 ? [y(1 - above)] : [];
  });
}

/** Stacks every run's shares over time inside the frame; a run without points has no bands yet. Runs follow each other without gaps. */
export function drawShares(runs: readonly ShareRun[], { width, height, from, until }: Frame): readonly DrawnRun[] {
  const x = scaleLinear([from, until], [0, width]).clamp(true);
  const y = scaleLinear([0, 1], [height, 0]);
  const last = Math.max(from, ...runs.flatMap(({ points }) => points.map(({ at }) => at)));
  return runs.map(({ since, exact, points }, i): DrawnRun => {
    const end = runs[i + 1]?.since ?? last;
    const [first, newest] = [points[0], points.at(-1)];
    const rows: readonly Row[] = first === undefined || newest === undefined ? [] : [{ ...first, at: since }, ...points, { ...newest, at: Math.max(end, newest.at) }];
    const layers = stack<Row, number>().keys(exact.map((_, band) => band)).value(({ shares }, band) => shares[band] ?? 0).order(stackOrderReverse)([...rows]);
    const shape = area<readonly [number, number] & { readonly data: Row }>().x(({ data }) => x(data.at)).y0(([low]) => y(low)).y1(([, high]) => y(high)).digits(2);
    return {
      x0: x(since), x1: x(end), borders: bordersOf(exact, y),
      bands: layers.map((layer) => shape(layer as never) ?? ''),
      ends: layers.map((layer) => {
        const [low, high] = layer.at(-1) ?? [0, 0];
        return { y: y((low + high) / 2), height: y(low) - y(high) };
      }),
    };
  });
}
