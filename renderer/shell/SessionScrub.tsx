import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { LaneItem } from './lane-items.ts';
import { itemWords } from './session-moves.ts';

const percent = (at: number, count: number): string => `${count < 2 ? 0 : (at / (count - 1)) * 100}%`;

/** The session as one bar: dragging or arrows go back and forth through packets and edits alike. While a place is on its way the last one asked for wins. */
export function SessionScrub({ items, standing, go }: { readonly items: readonly LaneItem[]; readonly standing: number; readonly go: (to: number) => Promise<void> }): ReactNode {
  const [held, setHeld] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  const at = held ?? standing;
  const follow = async (to: number): Promise<void> => {
    const idle = wanted.current === null;
    wanted.current = to;
    setHeld(to);
    if (!idle) return;
    for (let next = to; ; next = wanted.current) {
      await go(next);
      if (wanted.current === next) break;
    }
    wanted.current = null;
    setHeld(null);
  };
  // arrows step through the session here, not through the packet on stage
  const onKeyDown = (event: KeyboardEvent): void => { if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') event.stopPropagation(); };
  const item = items[at];
  return (
    <div className="session">
      <div className="session-line" aria-hidden="true">
        {items.length > 120 ? null : items.map(({ kind }, i) => <i key={i} className={`${kind} ${i <= at ? 'past' : ''}`} style={{ left: percent(i, items.length) }} />)}
        <b style={{ left: percent(at, items.length) }} />
      </div>
      <input type="range" aria-label="Moment of the session" min={0} max={items.length - 1} value={at} aria-valuetext={item === undefined ? '' : `${at + 1} of ${items.length}. ${itemWords(item)}`} onKeyDown={onKeyDown} onChange={(event) => void follow(Number(event.target.value))} />
    </div>
  );
}
