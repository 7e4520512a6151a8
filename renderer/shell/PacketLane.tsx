import { memo, useDeferredValue, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useCompanions } from '../playback/companions.ts';
import type { SentPacket, WorldStore } from '../state/world-store.ts';
import { useWorld } from '../state/use-world.ts';
import { TrafficToggle } from '../traffic/TrafficToggle.tsx';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import { laneItems, type LaneItem } from './lane-items.ts';
import { SessionScrub } from './SessionScrub.tsx';
import { moveTo, standingAt } from './session-moves.ts';

/** A session's line may hold hundreds: only what changed of it is drawn again. */
const Sent = memo(function Sent({ packet, current, mark, undone, reopen }: { readonly packet: SentPacket; readonly current: boolean; /** It is one of several on the stage: its number on the parcel. */ readonly mark: boolean; readonly undone: boolean; readonly reopen: (id: number) => void }): ReactNode {
  const fate = fateOf(packet.answer.journey.verdict);
  const colour = colourOf(fate.hue);
  return (
    <li className={undone ? 'undone' : ''}>
      <button type="button" aria-current={current ? 'true' : undefined} className={current ? 'on' : ''} onClick={() => reopen(packet.id)} aria-label={`${packet.title}, ${fate.word}${mark ? `, packet ${packet.id} on the map` : ''}`} title={`${packet.title}: ${fate.word}`}>
        <svg className="fate-line" viewBox="0 0 44 6" aria-hidden="true"><path d="M2 3H42" stroke={colour.line} strokeWidth="3" strokeLinecap="round" strokeDasharray={fate.dash.join(' ')} /></svg>
        <span style={{ color: colour.ink }}><Icon name={fate.icon} /></span>
        {mark ? <b className="packet-mark">{packet.id}</b> : null}
        <span>{packet.title}</span>
      </button>
    </li>
  );
});

const words = { past: 'Go back to after it', current: 'The cluster stands here', undone: 'Undone. Go forward to it' } as const;

function Edit({ item, go }: { readonly item: Extract<LaneItem, { kind: 'edit' }>; readonly go: () => void }): ReactNode {
  const { entry, state } = item;
  const title = entry.kind === 'opened' ? 'Opened' : entry.title;
  return (
    <li className={`edit ${state}`}>
      <button type="button" aria-current={state === 'current' ? 'step' : undefined} onClick={go} aria-label={`${title}. ${words[state]}`} title={`${title}. ${words[state]}`}>
        <svg className="diamond" viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1 11 6 6 11 1 6z" /></svg>
        <span>{title}</span>
      </button>
    </li>
  );
}

const sessionOf = ({ packets, history, packet, timeline }: WorldStore) => ({ packets, history, current: packet, timeline });

/** The session in one line, newest last: packets, each of which can be put back on stage as it was, and edits, to each of which the cluster can go back. */
export function PacketLane(): ReactNode {
  const { packets, history, current, timeline } = useDeferredValue(useWorld(useShallow(sessionOf)));
  const { reopen, restartFrom, clearStage } = useWorld((world) => world.actions);
  const beside = useCompanions(timeline);
  const marked = (id: number): boolean => beside.length > 0 && (id === current || beside.some((one) => one.id === id));
  const list = useRef<HTMLOListElement>(null);
  const items = useMemo(() => laneItems(history, packets), [history, packets]);
  const standing = standingAt(items, current);
  /** To one thing of the session: its packet on stage, its cluster open. */
  const go = async (to: number): Promise<void> => {
    const { reopen: id, restart, clear } = moveTo(items, to);
    if (clear) clearStage();
    if (restart !== null) await restartFrom(restart);
    if (id !== null) reopen(id);
  };
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [items.length]);
  return (
    <div className="lane">
      <h2><Icon name="packet" /><span>Timeline</span>{items.length > 1 ? <SessionScrub items={items} standing={standing} go={go} /> : null}</h2>
      {items.length === 0 ? <p>Packets you send and edits you make are kept here.</p> : (
        <ol aria-label="Packets and edits" ref={list}>
          {items.map((item) => (item.kind === 'edit'
            ? <Edit key={`edit ${item.entry.id}`} item={item} go={() => void (item.state === 'current' ? undefined : restartFrom(item.entry.id))} />
            : <Sent key={item.packet.id} packet={item.packet} undone={item.undone} current={item.packet.id === current} mark={marked(item.packet.id)} reopen={reopen} />))}
        </ol>
      )}
      <TrafficToggle />
    </div>
  );
}
