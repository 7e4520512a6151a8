import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { createFrameClock } from '../playback/clock.ts';
import { prefersCalm } from '../playback/prefers-calm.ts';
import { pointAlong, sliceOf, toPathData, type Curve, type Point } from '../scene/geometry.ts';
import { iconPaths, type IconName } from '../theme/icon-paths.ts';
import { drawPass, layRails, loopOf, type DrawnPass, type Plan, type Platform, type Rail as RailPlaces } from './rail-geometry.ts';
import { visitAt } from './railway.ts';

interface Here { readonly pass: number; readonly visit: number }

/** An icon on the rails, centred. */
const Glyph = ({ name, x, y, size = 16 }: { readonly name: IconName; readonly x: number; readonly y: number; readonly size?: number }): ReactNode => (
  <path className="glyph" transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 20})`} d={iconPaths[name]} />
);

function PlatformBox({ platform, here, touched }: { readonly platform: Platform; readonly here: boolean; readonly touched: ReadonlySet<string> }): ReactNode {
  const { box, stops, hook, lanes } = platform;
  const on = stops.some((s) => touched.has(s.id));
  return (
    <g className={on ? '' : 'off'}>
      <rect className={`plat ${here ? 'cur' : ''}`} {...box} rx="12" />
      <text className="hk" x={box.x + 6} y={box.y - 8}>{hook}</text>
      {stops.map((s) => <text key={s.id} className="m s mid" x={s.at.x} y={s.at.y + 25 + (lanes - 1) * 17}>{s.table}</text>)}
    </g>
  );
}

/** What stands still whatever travels: idle tracks, pods, interfaces, the node's sockets. */
function Ground({ rail, plan }: { readonly rail: RailPlaces; readonly plan: Plan }): ReactNode {
  const { bar, pods, entries, exits, sockets, route, track, upper, start, fork } = rail;
  const input = rail.platforms.find((p) => p.hook === 'INPUT')?.box;
  const lastExit = exits.at(-1)?.at ?? route;
  return (
    <>
      <g className="idle-rails">
        <path d={`M${start} ${track}H${fork}V${lastExit.y}H${lastExit.x}`} />
        {exits.slice(0, -1).map((e) => <path key={e.name} d={`M${fork} ${track}V${e.at.y}H${e.at.x}`} />)}
        <path d={`M${route.x} ${track}V${upper}H${(input?.x ?? route.x) - 14}V${sockets.y}H${sockets.x - 74}`} />
        <path d={`M${sockets.x + 50} ${sockets.y}V${upper}H${rail.join}V${track}`} />
        {entries.map((e) => <path key={e.name} d={`M${e.at.x} ${e.at.y}H${e.at.x + 13}V${track}`} />)}
        {bar === null ? null : <path d={`M${bar.x} ${track}H${start}`} />}
        {pods.map(({ gate, at }) => <path key={gate.link} d={`M${at.x} ${at.y}H${bar?.x ?? start}`} />)}
      </g>
      {bar === null ? null : <><rect className="bar" x={bar.x - 8} y={bar.top} width="16" height={bar.bottom - bar.top} rx="8" /><text className="m mid" x={bar.x} y={bar.top - 8}>{plan.bridge}</text></>}
      {pods.map(({ gate, at }) => (
        <g key={gate.link}>
          <rect className="plat" x={at.x - 112} y={at.y - 17} width="112" height="34" rx="9" />
          <Glyph name={gate.dns ? 'dns' : 'pod'} x={at.x - 96} y={at.y} />
          <text x={at.x - 84} y={at.y + 4.5}>{gate.label.length > 10 ? `${gate.label.slice(0, 9)}…` : gate.label}<title>{gate.label}</title></text>
          <circle className="stn" cx={at.x} cy={at.y} r="4" />
        </g>
      ))}
      {entries.map((e) => <g key={e.name}><circle className="stn" cx={e.at.x} cy={e.at.y} r="5" /><text className="m e" x={e.at.x - 12} y={e.at.y + 4}>{e.name}</text></g>)}
      {exits.map((e) => <g key={e.name}><circle className="stn" cx={e.at.x} cy={e.at.y} r="5" /><text className="m" x={e.at.x + 12} y={e.at.y + (e.at.y === track ? 20 : 4)}>{e.name}</text></g>)}
    </>
  );
}

const Sockets = ({ at: { x, y } }: { readonly at: Point }): ReactNode => <><rect className="plat" x={x - 74} y={y - 16} width="148" height="32" rx="16" /><Glyph name="node" x={x - 54} y={y} /><text x={x - 40} y={y + 4.5}>Node’s sockets</text></>;

/** Carries the parcel along its curve to where it is now; at once where motion is not wanted. */
function Parcel({ curve, along, rewritten, wrapped }: { readonly curve: Curve; readonly along: number; readonly rewritten: boolean; readonly wrapped: boolean }): ReactNode {
  const body = useRef<SVGGElement>(null);
  const last = useRef({ curve, along });
  useEffect(() => {
    const from = last.current.curve === curve ? last.current.along : 0;
    const put = (x: number): void => {
      const p = pointAlong(curve, x);
      body.current?.setAttribute('transform', `translate(${p.x} ${p.y})`);
    };
    last.current = { curve, along };
    if (prefersCalm() || from === along) {
      put(along);
      return undefined;
    }
    const clock = createFrameClock();
    let spent = 0;
    put(from);
    clock.run((elapsed) => {
      spent = Math.min(1, spent + elapsed / 320);
      put(from + (along - from) * (1 - (1 - spent) ** 3));
      return spent < 1;
    });
    return () => clock.stop();
  }, [curve, along]);
  return (
    <g className="pkt" ref={body}>
      <rect className="halo" x="-22" y="-16" width="44" height="32" rx="12" />
      {wrapped ? <rect className="wrap" x="-18" y="-13" width="36" height="26" rx="8" /> : null}
      <rect className="body" x="-14" y="-9" width="28" height="18" rx="5" />
      <path className={rewritten ? 'hdr new' : 'hdr'} d="M14 -4a5 5 0 0 0 -5 -5h-6v18h6a5 5 0 0 0 5 -5z" />
    </g>
  );
}

function Ways({ rail, plan, drawn, here }: { readonly rail: RailPlaces; readonly plan: Plan; readonly drawn: readonly DrawnPass[]; readonly here: Here | null }): ReactNode {
  const goneOf = (i: number): number => (here === null || i > here.pass ? 0 : i < here.pass ? (drawn[i]?.curve.length ?? 0) : (drawn[i]?.visits[here.visit]?.along ?? 0));
  const wrapping = plan.passes.findIndex((p, i) => p.wrapped && i > 0) > 0;
  const unwrapping = plan.passes[0]?.wrapped === true && plan.passes.length > 1;
  const loop = wrapping || unwrapping ? loopOf(rail, plan, wrapping) : [];
  const looped = here !== null && here.pass > 0;
  return (
    <g className="ways">
      {loop.length === 0 ? null : <><path className="sleeve-out" d={toPathData(loop)} /><path className="sleeve-in" d={toPathData(loop)} /><path className={looped ? 'go' : 'next'} d={toPathData(loop)} /></>}
      {drawn.map(({ curve }, i) => <path key={`n${i}`} className="next" d={toPathData(sliceOf(curve, goneOf(i), curve.length))} />)}
      {drawn.map(({ curve }, i) => <path key={`g${i}`} className="go" d={toPathData(sliceOf(curve, 0, goneOf(i)))} />)}
    </g>
  );
}

export interface RailProps { readonly plan: Plan; readonly width: number; readonly low: boolean; /** Last step of the hop so far; −1 for none. */ readonly step: number; readonly showPacket: boolean; readonly routeWords: string; readonly label: string; readonly wrapWords: string }

/** The node's hooks as a railway: platforms with their tables, the way the packet took and has before it, and the packet. */
export function Rail({ plan, width, low, step, showPacket, routeWords, label, wrapWords }: RailProps): ReactNode {
  const rail = useMemo(() => layRails(plan, width, low), [plan, width, low]);
  const drawn = useMemo(() => plan.passes.map((_, i) => drawPass(rail, plan, i)), [rail, plan]);
  const here = visitAt(plan.passes, step);
  const { touched, rewritten } = marksOf(plan, here);
  const at = here === null ? null : plan.passes[here.pass]?.visits[here.visit]?.stop.split(':')[0];
  const current = here === null ? undefined : drawn[here.pass];
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an <img> cannot hold a drawing that follows the packet
    <svg className="railway" role="img" aria-label={label} width={rail.width} height={rail.height} viewBox={`0 0 ${rail.width} ${rail.height}`}>
      {rail.platforms.map((p) => <PlatformBox key={p.hook} platform={p} here={showPacket && p.hook === at} touched={touched} />)}
      <Ground rail={rail} plan={plan} />
      <Ways rail={rail} plan={plan} drawn={drawn} here={here} />
      <Sockets at={rail.sockets} />
      {rail.platforms.map((p) => <PlatformStops key={p.hook} platform={p} touched={touched} rewritten={rewritten} />)}
      <path className="diamond" d={`M${rail.route.x} ${rail.track - 19}l19 19l-19 19l-19 -19Z`} /><Glyph name="route" x={rail.route.x} y={rail.track} size={15} />
      <text className="mid" x={rail.route.x} y={rail.track + 40}>Route</text><text className="m s mid" x={rail.route.x} y={rail.track + 57}>{routeWords}</text>
      {wrapWords === '' ? null : <text className="s e" x={rail.width - 24} y={rail.loop - 14}>{wrapWords}</text>}
      {!showPacket || here === null || current === undefined ? null : <Parcel curve={current.curve} along={current.visits[here.visit]?.along ?? 0} rewritten={rewritten.size > 0} wrapped={plan.passes[here.pass]?.wrapped === true} />}
    </svg>
  );
}

/** Stops stand above the lines that lead through them. */
function PlatformStops({ platform: { stops, lanes }, touched, rewritten }: { readonly platform: Platform; readonly touched: ReadonlySet<string>; readonly rewritten: ReadonlySet<string> }): ReactNode {
  return Array.from({ length: lanes }, (_, lane) => stops.map((s) => {
    const key = `${s.id} ${lane}`;
    const y = s.at.y + lane * 17;
    if (rewritten.has(key)) return <g key={key} className="nat-ring"><circle cx={s.at.x} cy={y} r="9" /><circle cx={s.at.x} cy={y} r="5.500" /></g>;
    return <circle key={key} className={`stn ${touched.has(key) ? 'd' : ''}`} cx={s.at.x} cy={y} r={touched.has(key) ? 4 : 5} />;
  }));
}

/** What has been passed so far, stop by stop and lane by lane, and where the header was rewritten. */
function marksOf(plan: Plan, here: Here | null): { readonly touched: ReadonlySet<string>; readonly rewritten: ReadonlySet<string> } {
  const touched = new Set<string>();
  const rewritten = new Set<string>();
  const lanes = new Map<string, number>();
  plan.passes.forEach(({ visits }, i) => {
    const hooks = new Set(visits.map((v) => v.stop.split(':')[0] ?? ''));
    visits.forEach((v, j) => {
      const lane = lanes.get(v.stop.split(':')[0] ?? '') ?? 0;
      const gone = here !== null && (i < here.pass || (i === here.pass && j <= here.visit));
      touched.add(v.stop);
      if (gone) touched.add(`${v.stop} ${lane}`);
      if (gone && v.rewritten) rewritten.add(`${v.stop} ${lane}`);
    });
    for (const hook of hooks) lanes.set(hook, (lanes.get(hook) ?? 0) + 1);
  });
  return { touched, rewritten };
}
