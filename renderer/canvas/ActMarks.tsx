import { useSyncExternalStore, type ReactNode } from 'react';
import { printFraction } from '../../shared/base/fraction.ts';
import { playbackCursor } from '../playback/playback.ts';
import { at, type Point } from '../scene/geometry.ts';
import { doorPoint, pointOf, type Stop } from '../scene/routing.ts';
import { stopsOf } from '../scene/stops.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import { endsOf } from './act-parts.ts';
import { layers } from './build-boxes.ts';
import { calmCursor } from './calm-cursor.ts';
import type { Act, Stage } from './use-stage.ts';

/** Tickets stand in one column, 9 px right of the bridge's bar; an end that is no pod wears its ticket above its track. */
function ticketPoint({ atlas, scene }: Stage, netns: string): Point | null {
  const found = atlas.doors.get(netns);
  if (found !== undefined) return at(found.row.bridge.x + (scene.density === 'cells' ? 4 : 9), doorPoint(found.door).y - 10);
  const row = atlas.rows.get(netns);
  return row === undefined ? null : at(row.kernel.x + 16, row.track - 34);
}

/** With more ends than this only the chosen one wears its ticket; the list of branches has them all. */
const mostTickets = 9;

/** The stop where the fate was decided, once it is told. */
function fateStop({ timeline: { moments } }: Act, moment: number): Stop | null {
  if (moments[moment]?.kind !== 'fate') return null;
  return stopsOf(moments.filter((m) => m.direction === 'forward' && m.kind !== 'fate')).at(-1) ?? null;
}

/** The odds beside each place where a branch ends; where the fate stands it says them itself. */
export function Tickets({ stage, act, moment }: { readonly stage: Stage; readonly act: Act; readonly moment: number }): ReactNode {
  const { tickets } = act.routes;
  const ends = endsOf(act);
  const shown = tickets.length > mostTickets ? tickets.filter(({ netns }) => ends.includes(netns)) : tickets;
  const fated = fateStop(act, moment);
  return shown.map(({ netns, odds }) => {
    const p = fated?.netns === netns && fated.station !== 'door' && fated.station !== 'outside' ? null : ticketPoint(stage, netns);
    return p === null ? null : <span key={netns} className="ticket" style={{ zIndex: layers.marks, transform: `translate(${p.x}px, ${p.y}px)` }}>{printFraction(odds)}</span>;
  });
}

/** The stations where the chosen branch's header was rewritten so far: a double ring. */
export function RewriteRings({ stage, act, moment }: { readonly stage: Stage; readonly act: Act; readonly moment: number }): ReactNode {
  const seen = new Set<string>();
  const rings = act.timeline.moments.slice(0, moment + 1).flatMap((m) => {
    const row = m.kind === 'rewrite' ? stage.atlas.rows.get(m.netns) : undefined;
    if (row === undefined || seen.has(row.id)) return [];
    seen.add(row.id);
    return [row];
  });
  return (
    <svg className="rings" width={stage.scene.width} height={stage.scene.height} style={{ zIndex: layers.boxes }} aria-hidden="true">
      {rings.map(({ id, kernel }) => <g key={id}><circle cx={kernel.x} cy={kernel.y} r="10" /><circle cx={kernel.x} cy={kernel.y} r="6" /></g>)}
    </svg>
  );
}

/** What is not modelled, in the engine's words; '' for every other end. */
function unknownOf({ answer, branch }: Act): string {
  const outcome = answer.journey.branches[branch]?.legs.at(-1)?.trace.outcome;
  return outcome?.kind === 'unmodelled' ? `: ${outcome.what}` : '';
}

/** Where what is modelled ends: an open square on the line. */
function EndSquare({ at: { x, y } }: { readonly at: Point }): ReactNode {
  return <svg className="rings" width="1" height="1" style={{ zIndex: layers.boxes }} aria-hidden="true"><rect className="end-square" x={x - 7} y={y - 7} width="14" height="14" /></svg>;
}

/** When a TCP source sends its SYN again (RFC 6298, 1 s doubled), as seconds since the first; the fate's moment counts them up. */
const retries = ['1 s', '3 s', '7 s'] as const;

/** After a timeout: the source that still waits, and what it tries meanwhile. */
export function Waiting({ stage, act, moment }: { readonly stage: Stage; readonly act: Act; readonly moment: number }): ReactNode {
  const { moments, verdict } = act.timeline;
  const waits = verdict === 'timeout' && moments[moment]?.kind === 'fate' && act.answer.journey.protocol === 'tcp';
  const shown = useRetries(waits ? act : null);
  const first = moments.find((m) => m.kind !== 'lookup');
  if (!waits || first === undefined) return null;
  const door = stage.atlas.doors.get(first.netns)?.door.rect;
  const outside = pointOf(stage.atlas, { netns: first.netns, station: 'outside' });
  const p = door === undefined ? outside : at(door.x + door.width - 10, door.y - 11);
  return p === null || shown === 0 ? null : <span className="waiting-source" style={{ zIndex: layers.card, transform: `translate(${p.x}px, ${p.y}px) translateX(-100%)` }}>waits {retries.slice(0, shown).join(', ')}</span>;
}

const watchCursor = (hear: () => void): (() => void) => playbackCursor.watch(hear);

/** How many of the retries the cursor has passed; it renders when that changes, not every frame. */
function useRetries(act: Act | null): number {
  return useSyncExternalStore(watchCursor, () => {
    const last = act?.segments.at(-1);
    if (act === null || last === undefined) return 0;
    const part = (calmCursor(act.segments, playbackCursor.ms()) - last.start) / last.duration;
    return Math.max(0, Math.min(retries.length, Math.ceil(part * retries.length)));
  });
}

/** The fate where it was decided, unless that is a pod or something outside, which say it themselves. */
export function FateMark({ stage, act, moment }: { readonly stage: Stage; readonly act: Act; readonly moment: number }): ReactNode {
  const { verdict } = act.timeline;
  const stop = fateStop(act, moment);
  const p = stop === null ? null : pointOf(stage.atlas, stop);
  if (stop === null || p === null || stop.station === 'door' || stop.station === 'outside') return null;
  const odds = act.routes.tickets.find(({ netns }) => netns === stop.netns)?.odds;
  const { word, icon, hue } = fateOf(verdict);
  const { ink, line, wash } = colourOf(hue);
  // right of the kernel's rules there is room above the track; elsewhere names stand there
  const beside = stop.station === 'kernel' || stop.station === 'bridge' ? `translate(${p.x + 18}px, ${p.y - 50}px)` : `translate(${p.x}px, ${p.y + 16}px) translateX(-50%)`;
  return (
    <>
      {verdict === 'unmodelled' ? <EndSquare at={p} /> : null}
      <span className="fate-mark" style={{ zIndex: layers.card, transform: beside, color: ink, borderColor: line, background: wash }}>
        <Icon name={icon} />
        {word}{unknownOf(act)}
        {odds === undefined ? null : <i>{printFraction(odds)}</i>}
      </span>
    </>
  );
}
