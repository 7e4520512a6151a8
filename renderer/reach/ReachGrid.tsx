/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a table cannot draw only the cells in view */
import { scaleSqrt } from 'd3-scale';
import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import type { ChangeKind } from '../../shared/api/reach-contract.ts';
import { bandOf, pitch, visible, type Band, type Track } from './band.ts';
import type { Face, FaceOf } from './face.ts';
import type { Peer } from './reach-pairs.ts';

const signs: Readonly<Record<ChangeKind, string>> = { opened: '+', closed: '−', changed: '~' };
/** Side of a cell's square in pixels, by the share of ports that are open. */
const side = scaleSqrt([0, 1], [7, 15]);
const edge = { left: 168, top: 112 } as const;

export interface Place { readonly row: number; readonly col: number }
interface View { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

interface CellProps { readonly face: Face; readonly x: number; readonly col: number; readonly current: boolean; readonly chosen: boolean; readonly choose: () => void; readonly send: () => void; /** A screen reader may put the focus anywhere: the keys then mean that cell. */ readonly focused: () => void }

function Cell({ face, x, col, current, chosen, choose, send, focused }: CellProps): ReactNode {
  const { self, open, change } = face;
  const size = change === null ? side(face.share) : 17;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid answers the keys, for whichever cell has the focus
    <div
      role="gridcell"
      aria-colindex={col + 2}
      aria-label={face.words}
      aria-selected={chosen}
      tabIndex={current ? 0 : -1}
      data-col={col}
      className={`rg-cell ${self ? 'self' : ''} ${change ?? ''}`}
      style={{ left: edge.left + x }}
      onClick={choose}
      onDoubleClick={send}
      onFocus={focused}
    >
      {!self && (open !== 'none' || change !== null) && <i style={{ width: size, height: size }} className={open}>{change !== null && signs[change]}</i>}
      {!self && open === 'none' && change === null && <i className="dot" />}
    </div>
  );
}

const isPeer = (track: Track | undefined): track is Extract<Track, { kind: 'peer' }> => track?.kind === 'peer';

function Columns({ band, from, to, at }: { readonly band: Band; readonly from: number; readonly to: number; readonly at: number }): ReactNode {
  return (
    <div role="row" aria-rowindex={1} className="rg-head" style={{ height: edge.top }}>
      <div role="columnheader" aria-colindex={1} className="rg-corner" style={{ width: edge.left }}><span>from ↓ to →</span></div>
      {band.tracks.slice(from, to).map((track, i) => (
        <div
          key={isPeer(track) ? track.peer.id : `group ${track.name}`}
          role={isPeer(track) ? 'columnheader' : 'presentation'}
          aria-colindex={isPeer(track) ? track.index + 2 : undefined}
          className={`rg-col ${isPeer(track) ? '' : 'group'} ${isPeer(track) && track.index === at ? 'at' : ''}`}
          style={{ left: edge.left + (band.at(from + i) ?? 0) }}
          title={isPeer(track) ? track.peer.id : track.name}
        >
          <span>{isPeer(track) ? track.peer.name : track.name}</span>
        </div>
      ))}
    </div>
  );
}

function step(key: string, { row, col }: Place, last: number, page: number): Place | null {
  const clamp = (value: number): number => Math.max(0, Math.min(last, value));
  const moves: Readonly<Record<string, Place>> = {
    ArrowDown: { row: clamp(row + 1), col }, ArrowUp: { row: clamp(row - 1), col }, ArrowRight: { row, col: clamp(col + 1) }, ArrowLeft: { row, col: clamp(col - 1) },
    PageDown: { row: clamp(row + page), col }, PageUp: { row: clamp(row - page), col }, Home: { row, col: 0 }, End: { row, col: last },
  };
  return moves[key] ?? null;
}

function useView(): readonly [React.RefObject<HTMLDivElement | null>, View, () => void] {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ left: 0, top: 0, width: 1200, height: 700 });
  const look = (): void => {
    const element = box.current;
    if (element !== null && element.clientWidth > 0) setView({ left: element.scrollLeft, top: element.scrollTop, width: element.clientWidth, height: element.clientHeight });
  };
  useEffect(() => {
    const element = box.current;
    if (element === null || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, view, look];
}

/** Scrolls no further than it must to show the cell at these pixels. */
function reveal(element: HTMLElement, x: number, y: number): void {
  const into = (at: number, from: number, room: number): number => Math.max(Math.min(from, at), at + pitch - room);
  element.scrollTo?.(into(x, element.scrollLeft, element.clientWidth - edge.left), into(y, element.scrollTop, element.clientHeight - edge.top));
}

interface GridProps {
  readonly peers: readonly Peer[];
  readonly faceOf: FaceOf;
  readonly chosen: { readonly src: string; readonly dst: string } | null;
  readonly choose: (src: string, dst: string) => void;
  /** Enter on the chosen cell, or a double click. */
  readonly send: (src: string, dst: string) => void;
}

/** One tab stop: where it stands, and the keys that walk it. */
function useWalk({ peers, chosen, choose, send }: GridProps, band: Band, box: React.RefObject<HTMLDivElement | null>) {
  const [at, setAt] = useState<Place>({ row: 0, col: 0 });
  const trackOf = (index: number): number => band.tracks.findIndex((track) => isPeer(track) && track.index === index);
  const go = (place: Place): void => {
    setAt(place);
    const element = box.current;
    if (element === null) return;
    reveal(element, trackOf(place.col) * pitch, trackOf(place.row) * pitch);
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${place.row}"] [data-col="${place.col}"]`)?.focus({ preventScroll: true }));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = peers[at.row];
    const to = peers[at.col];
    const place = step(event.key, at, peers.length - 1, 10);
    if (place !== null) go(place);
    else if ((event.key === 'Enter' || event.key === ' ') && from !== undefined && to !== undefined) (chosen?.src === from.id && chosen.dst === to.id ? send : choose)(from.id, to.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { place: { row: Math.min(at.row, peers.length - 1), col: Math.min(at.col, peers.length - 1) }, setAt, onKeyDown };
}

interface RowProps extends Omit<GridProps, 'peers'> {
  readonly from: Peer;
  readonly index: number;
  /** Pixels from the grid's top. */
  readonly y: number;
  readonly band: Band;
  /** The columns in view. */
  readonly left: number;
  readonly right: number;
  readonly place: Place;
  readonly setAt: (place: Place) => void;
}

function PeerRow({ from, index, y, band, left, right, place, setAt, faceOf, chosen, choose, send }: RowProps): ReactNode {
  return (
    <div role="row" aria-rowindex={index + 2} data-row={index} className={`rg-row ${index === place.row ? 'at' : ''}`} style={{ top: y, width: edge.left + band.size }}>
      <div role="rowheader" aria-colindex={1} className="rg-name" style={{ width: edge.left }} title={from.id}><span>{from.name}</span></div>
      {band.tracks.slice(left, right).map((column, j) => isPeer(column) && (
        <Cell
          key={column.peer.id}
          face={faceOf(from, column.peer)}
          send={() => send(from.id, column.peer.id)}
          x={band.at(left + j) ?? 0}
          col={column.index}
          current={index === place.row && column.index === place.col}
          chosen={chosen?.src === from.id && chosen.dst === column.peer.id}
          focused={() => setAt({ row: index, col: column.index })}
          choose={() => {
            setAt({ row: index, col: column.index });
            choose(from.id, column.peer.id);
          }}
        />
      ))}
    </div>
  );
}

/** Who may connect to whom as a grid: rows are sources, columns destinations; the larger the square, the more ports. One tab stop; arrows walk it. */
export function ReachGrid(props: GridProps): ReactNode {
  const { peers, faceOf, chosen, choose, send } = props;
  const [box, view, look] = useView();
  const band = useMemo(() => bandOf(peers), [peers]);
  const { place, setAt, onKeyDown } = useWalk(props, band, box);
  const [top, bottom] = visible(band, view.top, view.height);
  const [left, right] = visible(band, view.left, view.width);
  return (
    <div className="rg" ref={box} onScroll={look}>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the focus is on a cell (WAI-ARIA grid) */}
      <div role="grid" aria-label="Who may connect to whom" aria-rowcount={peers.length + 1} aria-colcount={peers.length + 1} onKeyDown={onKeyDown} style={{ width: edge.left + band.size, height: edge.top + band.size, '--pitch': `${pitch}px` } as CSSProperties}>
        <Columns band={band} from={left} to={right} at={place.col} />
        {band.tracks.slice(top, bottom).map((track, i) => {
          const y = edge.top + (band.at(top + i) ?? 0);
          return isPeer(track)
            ? <PeerRow key={track.peer.id} from={track.peer} index={track.index} {...{ y, band, left, right, place, setAt, faceOf, chosen, choose, send }} />
            : <div key={`group ${track.name}`} role="presentation" className="rg-row" style={{ top: y, width: edge.left + band.size }}><div className="rg-name group" style={{ width: edge.left }}>{track.name}</div></div>;
        })}
      </div>
    </div>
  );
}
