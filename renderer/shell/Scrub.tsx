import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useMomentOf, usePlayback } from '../playback/playback.ts';
import type { Timeline } from '../scene/types.ts';
import { shortName } from '../state/places.ts';
import { placeOnBar, scrubMarks } from './scrub-marks.ts';

const percent = (at: number): string => `${at * 100}%`;

function Marks({ timeline, moment }: { readonly timeline: Timeline; readonly moment: number }): ReactNode {
  const [width, setWidth] = useState(600);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.offsetWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const count = timeline.moments.length;
  return (
    <div className="scrub-marks" ref={bar} aria-hidden="true">
      {count <= 80 && timeline.moments.map(({ index }) => <i key={index} className="scrub-dot" style={{ left: percent(placeOnBar(index, count)) }} />)}
      {scrubMarks(timeline, width).map((mark) => (
        <div key={mark.moment} className={`scrub-mark ${mark.moment <= moment ? 'past' : ''} ${mark.align}`} style={{ left: percent(mark.at) }}>
          {mark.label !== '' && <span>{mark.label}</span>}
        </div>
      ))}
    </div>
  );
}

const seek = (to: number): void => usePlayback.getState().seek(to);

/** What a key does on the bar at this moment; page keys go hop by hop. */
function keyActions({ marks, moments }: Timeline, moment: number): Readonly<Record<string, () => void>> {
  const starts = marks.map((mark) => mark.moment);
  return {
    ArrowRight: () => usePlayback.getState().next(),
    ArrowLeft: () => usePlayback.getState().previous(),
    PageUp: () => seek(starts.findLast((mark) => mark < moment) ?? 0),
    PageDown: () => seek(starts.find((mark) => mark > moment) ?? moments.length - 1),
  };
}

/** The playback's bar: a slider over the steps, with a mark and a name at each hop. Page keys go hop by hop. */
export function Scrub({ timeline }: { readonly timeline: Timeline }): ReactNode {
  const moment = useMomentOf(timeline);
  const count = timeline.moments.length;
  const current = timeline.moments[moment];
  const at = percent(placeOnBar(moment, count));
  const onKeyDown = (event: KeyboardEvent): void => {
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keyActions(timeline, moment)[event.key];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  return (
    <div className="scrub">
      <div className="scrub-line" />
      <div className="scrub-done" style={{ width: at }} />
      <Marks timeline={timeline} moment={moment} />
      <div className="scrub-knob" style={{ left: at }} />
      <input
        type="range"
        aria-label="Step"
        min={1}
        max={count}
        value={moment + 1}
        aria-valuetext={current === undefined ? '' : `Step ${moment + 1} of ${count}, ${shortName(current.netns)}: ${current.title}`}
        onChange={(event) => seek(Number(event.target.value) - 1)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
