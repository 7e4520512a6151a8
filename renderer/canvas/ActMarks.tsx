import type { ReactNode } from 'react';
import { printFraction } from '../../shared/base/fraction.ts';
import { at, type Point } from '../scene/geometry.ts';
import { doorPoint, pointOf } from '../scene/routing.ts';
import { stopsOf } from '../scene/stops.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import { endsOf } from './act-parts.ts';
import { layers } from './build-boxes.ts';
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

/** The odds beside each place where a branch ends. */
export function Tickets({ stage, act }: { readonly stage: Stage; readonly act: Act }): ReactNode {
  const { tickets } = act.routes;
  const ends = endsOf(act);
  const shown = tickets.length > mostTickets ? tickets.filter(({ netns }) => ends.includes(netns)) : tickets;
  return shown.map(({ netns, odds }) => {
    const p = ticketPoint(stage, netns);
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

/** The fate where it was decided, unless that is a pod or something outside, which say it themselves. */
export function FateMark({ stage, act, moment }: { readonly stage: Stage; readonly act: Act; readonly moment: number }): ReactNode {
  const { moments, verdict } = act.timeline;
  if (moments[moment]?.kind !== 'fate') return null;
  const way = moments.filter((m) => m.direction === 'forward' && m.kind !== 'fate');
  const stop = stopsOf(way).at(-1);
  const p = stop === undefined ? null : pointOf(stage.atlas, stop);
  if (stop === undefined || p === null || stop.station === 'door' || stop.station === 'outside') return null;
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
      </span>
    </>
  );
}
