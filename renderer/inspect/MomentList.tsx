import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { printFraction } from '../../shared/base/fraction.ts';
import type { Glossary, Leg } from '../../shared/trace/types.ts';
import { useMomentOf, usePlayback } from '../playback/playback.ts';
import { labelOf } from '../scene/labels.ts';
import type { Moment, Timeline } from '../scene/types.ts';
import { findPlace } from '../state/places.ts';
import { useWorld } from '../state/use-world.ts';
import { CurrentStep } from './CurrentStep.tsx';
import { PlaceName, TitleWords } from './TitleWords.tsx';
import { LegLines } from './LegLines.tsx';
import { foldPassed, hopsOf, type TraceHop } from './trace-hops.ts';

interface LineProps { readonly stop: boolean; readonly moment: Moment; readonly head: string | null; readonly detail: string; readonly state: 'past' | 'future'; readonly edge: string }

/** Up and down walk the list's buttons; Tab leaves it. */
function walk(event: KeyboardEvent<HTMLButtonElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return;
  const buttons = [...(event.currentTarget.closest('ol')?.querySelectorAll('button') ?? [])];
  event.preventDefault();
  buttons[buttons.indexOf(event.currentTarget) + by]?.focus();
}

function Line({ stop, moment, head, detail, state, edge }: LineProps): ReactNode {
  const kind = moment.kind === 'lookup' ? 'dnsl' : head === null ? 'st' : '';
  return (
    <li className={`${kind} ${state === 'future' ? 'f' : ''} ${edge}`}>
      <button type="button" tabIndex={stop ? 0 : -1} onKeyDown={walk} onClick={() => usePlayback.getState().seek(moment.index)} title={moment.title}>
        {head !== null && <b><PlaceName name={head} /></b>}
        <span><TitleWords text={moment.title} /></span>
        {moment.odds !== undefined && <span className="odd">{printFraction(moment.odds)}</span>}
        {detail !== '' && moment.odds === undefined && <em className={/\d[.:]/.test(detail) ? 'mono' : ''}>{detail}</em>}
      </button>
    </li>
  );
}

interface HopProps { /** The step that Tab reaches. */ readonly stop: number; readonly hop: TraceHop; readonly at: number; readonly timeline: Timeline; readonly glossary: Glossary; readonly address: string; readonly last: boolean; readonly follow: boolean; readonly open: boolean; readonly startsLine: boolean; readonly toggle: () => void }

function HopLines({ stop, hop, at, timeline, glossary, address, last, follow, open, startsLine, toggle }: HopProps): ReactNode {
  const passed = hop.moments.at(-1)!.index < at;
  const { shown, folded } = passed && !open ? foldPassed(hop.moments, timeline.moments.length) : { shown: hop.moments, folded: 0 };
  const starts = hop.moments[0].index === 0 || hop.lookup || startsLine;
  return (
    <>
      {shown.map((moment, i) => {
        const first = i === 0;
        if (moment.index === at) return <CurrentStep key={moment.index} moment={moment} timeline={timeline} explained={moment.cause === undefined ? undefined : glossary[moment.cause]} first={first && !hop.lookup} follow={follow} />;
        const head = hop.lookup ? 'Lookup' : first ? labelOf(hop.netns) : null;
        const edge = `${first && starts ? 'first' : ''} ${last && i === shown.length - 1 ? 'last' : ''} ${hop.lookup ? 'last' : ''}`;
        return <Line key={moment.index} stop={moment.index === stop} moment={moment} head={head} detail={first ? (hop.lookup ? moment.detail : address) : ''} state={moment.index < at ? 'past' : 'future'} edge={edge} />;
      })}
      {folded > 0 && <li className="st folded"><button type="button" tabIndex={-1} onKeyDown={walk} onClick={toggle}>{folded} more steps</button></li>}
    </>
  );
}

const legOf = (hop: TraceHop): number => hop.moments[0].leg;
const startsLeg = (hops: readonly TraceHop[], i: number): boolean => i > 0 && hops[i] !== undefined && legOf(hops[i]) !== legOf(hops[i - 1]!);

/** The branch's hops and steps in words, in order; a click takes the playback there. */
export function MomentList({ timeline, glossary, legs }: { readonly timeline: Timeline; readonly glossary: Glossary; readonly legs: readonly Leg[] }): ReactNode {
  const at = useMomentOf(timeline);
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const hops = useMemo(() => hopsOf(timeline), [timeline]);
  const [turned, setTurned] = useState<ReadonlyMap<number, boolean>>(new Map());
  const firstReplies = new Set(hops.flatMap((hop, i) => (hop.direction === 'reply' && (hops[i - 1]?.direction !== 'reply' || startsLeg(hops, i)) ? [i] : [])));
  const lines = (hop: TraceHop, i: number): ReactNode => (
    <HopLines
      key={hop.key}
      hop={hop}
      stop={at + 1 < timeline.moments.length ? at + 1 : at - 1}
      at={at}
      timeline={timeline}
      glossary={glossary}
      address={firstReplies.has(i) ? 'the answer' : (findPlace(cluster, hop.netns)?.address ?? '')}
      last={i === hops.length - 1 || startsLeg(hops, i + 1)}
      follow
      open={opened.has(hop.key)}
      startsLine={hops[i - 1]?.lookup === true || startsLeg(hops, i)}
      toggle={() => setOpened(new Set([...opened, hop.key]))}
    />
  );
  if (legs.length < 2) return <ol className="steps" aria-label="Steps">{hops.map(lines)}</ol>;
  return (
    <ol className="steps" aria-label="Steps">
      {legs.map((leg, number) => {
        const own = hops.flatMap((hop, i) => (legOf(hop) === number ? [i] : []));
        const here = own.some((i) => hops[i]!.moments.some(({ index }) => index === at));
        const open = here || (turned.get(number) ?? leg.kind !== 'lookup');
        return (
          <LegLines key={`${number} ${leg.what}`} leg={leg} open={open} held={here} toggle={() => setTurned(new Map([...turned, [number, !open]]))}>
            {open && own.map((i) => lines(hops[i]!, i))}
          </LegLines>
        );
      })}
    </ol>
  );
}
