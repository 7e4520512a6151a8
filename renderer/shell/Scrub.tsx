import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { usePlayback } from '../playback/playback.ts';
import { labelOf } from '../scene/labels.ts';
import type { Timeline } from '../scene/types.ts';
import { placeOnBar, scrubMarks } from './scrub-marks.ts';

function useWidth(): readonly [React.RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const bar = element.current;
    if (bar === null) return;
    const observer = new ResizeObserver(() => setWidth(bar.offsetWidth));
    observer.observe(bar);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

const percent = (at: number): string => `${at * 100}%`;

/** The playback's bar: a slider over the steps, with a mark and a name at each hop. Clicking a mark is the same as dragging there. */
export function Scrub({ timeline }: { readonly timeline: Timeline }): ReactNode {
  const moment = usePlayback((playback) => playback.moment);
  const [bar, width] = useWidth();
  const { seek, next, previous, first, last } = usePlayback.getState();
  const count = timeline.moments.length;
  const current = timeline.moments[moment];
  const at = placeOnBar(moment, count);
  const seekTo = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    seek(Math.max(0, Math.min(count - 1, Math.round(((event.clientX - box.left) / Math.max(1, box.width)) * (count - 1)))));
  };
  const jumpHop = (by: 1 | -1): void => {
    const marks = timeline.marks.map((mark) => mark.moment);
    const to = by === 1 ? marks.find((mark) => mark > moment) : marks.findLast((mark) => mark < moment);
    seek(to ?? (by === 1 ? count - 1 : 0));
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: next, ArrowUp: next, ArrowLeft: previous, ArrowDown: previous, Home: first, End: last, PageUp: () => jumpHop(-1), PageDown: () => jumpHop(1),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  return (
    <div
      className="scrub"
      role="slider"
      tabIndex={0}
      aria-label="Step"
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={moment + 1}
      aria-valuetext={current === undefined ? '' : `Step ${moment + 1} of ${count}, ${labelOf(current.netns)}: ${current.title}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && seekTo(event)}
      ref={bar}
    >
      <div className="scrub-line" />
      <div className="scrub-done" style={{ width: percent(at) }} />
      {count <= 80 && timeline.moments.map(({ index }) => <i key={index} className="scrub-dot" style={{ left: percent(placeOnBar(index, count)) }} />)}
      {scrubMarks(timeline, width).map((mark) => (
        <div key={mark.moment} className={`scrub-mark ${mark.moment <= moment ? 'past' : ''} ${mark.align}`} style={{ left: percent(mark.at) }}>
          {mark.label !== '' && <span>{mark.label}</span>}
        </div>
      ))}
      <div className="scrub-knob" style={{ left: percent(at) }} />
    </div>
  );
}
