import { useStoreApi } from '@xyflow/react';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ParcelColours } from '../canvas/draw-parcel.ts';
import { keepPainted } from '../canvas/keep-painted.ts';
import type { Act } from '../canvas/use-stage.ts';
import { createStamps } from '../canvas/parcel-stamps.ts';
import { prefersCalm } from '../playback/prefers-calm.ts';
import type { Atlas } from '../scene/routing.ts';
import { colourOf, fateOf, type FateName } from '../theme/fate.ts';
import { flightAt } from './flights.ts';
import { trafficStage, useTraffic } from './traffic.ts';
import { layTraffic, type TrafficWays } from './traffic-ways.ts';
import './traffic.css';

type Transform = readonly [number, number, number];
type Stamp = ReturnType<typeof createStamps>;

/** Half as large as a packet that is followed by itself. */
const sizeOf = (zoom: number): number => Math.max(0.5, Math.min(0.8, zoom * 0.55));

/** A stamp for each fate, made when first needed: in a crowd the whole parcel wears its fate's colour. */
function stampsFor(element: Element, ratio: number): (fate: FateName) => Stamp {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const made = new Map<string, Stamp>();
  return (fate) => {
    const { line } = colourOf(fateOf(fate).hue);
    const known = made.get(line);
    if (known !== undefined) return known;
    const colour = read(line.slice(4, -1));
    const colours: ParcelColours = { ink: colour, header: colour, surface: read('--surface'), fate: colour };
    const stamp = createStamps(colours, ratio);
    made.set(line, stamp);
    return stamp;
  };
}

function drawLines(g: CanvasRenderingContext2D, { lines }: TrafficWays, [x, y, zoom]: Transform, colour: string): void {
  g.save();
  g.translate(x, y);
  g.scale(zoom, zoom);
  g.strokeStyle = colour;
  g.lineJoin = 'round';
  for (const { curve, width } of lines) {
    g.lineWidth = width / zoom;
    g.beginPath();
    for (const point of curve.points) g.lineTo(point.x, point.y);
    g.stroke();
  }
  g.restore();
}

function drawFlights(g: CanvasRenderingContext2D, ways: TrafficWays, [x, y, zoom]: Transform, stampOf: (fate: FateName) => Stamp): void {
  const now = trafficStage.now();
  for (const flight of trafficStage.flights()) {
    const state = flightAt(ways.wayOf(flight.answer, flight.branch), flight, now);
    if (state === null) continue;
    const at = { x: state.at.x * zoom + x, y: state.at.y * zoom + y };
    stampOf(flight.verdict)(g, { ...state, at, scale: sizeOf(zoom), rewritten: false, wrapped: false });
  }
}

/**
 * Traffic on the map: lines as wide as their odds, and every request on its way in its fate's colour. A canvas of its own under the packet
 * layer's, there only while traffic is on: the two run on different clocks, and neither is painted for the other's sake. With less motion it shows the lines alone.
 */
export function TrafficLayer({ atlas, act }: { readonly atlas: Atlas; readonly act: Act | null }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const answers = useTraffic(useShallow((t) => t.pairs.map(({ answer }) => answer)));
  const ways = useMemo(() => layTraffic(atlas, answers, act), [atlas, answers, act]);
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d') ?? null;
    if (element === null || g === null) return undefined;
    const ratio = window.devicePixelRatio || 1;
    let stampOf = stampsFor(element, ratio);
    let colour = '';
    const paint = (): void => {
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      g.clearRect(0, 0, element.width, element.height);
      const { transform } = flow.getState();
      drawLines(g, ways, transform, colour);
      if (!prefersCalm()) drawFlights(g, ways, transform, stampOf);
    };
    const dress = (): void => {
      stampOf = stampsFor(element, ratio);
      colour = getComputedStyle(element).getPropertyValue('--branch').trim();
    };
    const fit = (): void => {
      element.width = Math.round(element.clientWidth * ratio);
      element.height = Math.round(element.clientHeight * ratio);
    };
    dress();
    return keepPainted(element, flow, { paint, dress, fit, watch: (hear) => trafficStage.watch(hear) });
  }, [ways, flow]);
  return <canvas ref={canvas} className="traffic-layer" aria-hidden="true" />;
}
