import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Hits } from './hits.ts';
import type { ListedLine } from './listing.ts';
import { readRuleText } from '../inspect/rule-text.ts';

const pitch = 22;
const margin = 12;
/** Advance of one character at 12 px of the mono face, in px. */
const advance = 7.3;
/** Columns before the text: stops, packets. */
const before = 100;

interface LineProps { readonly line: ListedLine; readonly top: number; readonly id: string; readonly place: readonly [number, number]; readonly hits: Hits; readonly now: boolean; readonly chosen: boolean; readonly active: boolean; readonly pick: () => void }

function Text({ text }: { readonly text: string }): ReactNode {
  if (!/ -[jg] /.test(text)) return text;
  const words = readRuleText(text);
  const from = words.findIndex(({ strong }) => strong);
  return from < 0 ? text : <>{words.slice(0, from).map((word) => word.text).join(' ')} <mark>{words.slice(from).map((word) => word.text).join(' ')}</mark></>;
}

function Line({ line, top, id, place, hits, now, chosen, active, pick }: LineProps): ReactNode {
  const hit = line.id === null ? undefined : hits.get(line.id);
  const classes = ['rl', line.heading ? 'heading' : '', hit === undefined ? '' : 'met', now ? 'now' : '', active ? 'active' : ''].filter((name) => name !== '').join(' ');
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/prefer-tag-over-role -- the list has the focus and the keys, and an <option> holds only text
    <div id={id} className={classes} role="option" tabIndex={-1} aria-selected={chosen} aria-posinset={place[0]} aria-setsize={place[1]} aria-current={now ? 'step' : undefined} style={{ top, height: pitch }} onClick={pick}>
      <span className="rl-stops">{hit !== undefined && <><span className="visually-hidden">Stop </span>{hit.stops.slice(0, 2).join(' ')}{hit.stops.length > 2 && '…'}</>}</span>
      <span className="rl-packets">{line.id !== null && hits.size > 0 && <>{hit?.packets ?? 0}<span className="visually-hidden"> packets</span></>}</span>
      <code><Text text={line.text.replaceAll('\t', '  ')} /></code>
    </div>
  );
}

interface ListProps { readonly label: string; readonly lines: readonly ListedLine[]; readonly hits: Hits; readonly now: string | null; readonly chosen: string | null; readonly choose: (line: ListedLine) => void; /** Looks at no line any more. */ readonly drop: () => void }

function nextLine(key: string, at: number, count: number, page: number): number | null {
  const to = key === 'ArrowDown' ? at + 1 : key === 'ArrowUp' ? at - 1 : key === 'PageDown' ? at + page : key === 'PageUp' ? at - page : key === 'Home' ? 0 : key === 'End' ? count - 1 : null;
  return to === null ? null : Math.max(0, Math.min(count - 1, to));
}

/** How much of the box is seen, in px. */
function useWindow(box: React.RefObject<HTMLDivElement | null>): { readonly top: number; readonly height: number; readonly onScroll: () => void } {
  const [seen, setSeen] = useState({ top: 0, height: 400 });
  const onScroll = (): void => {
    const { current } = box;
    if (current !== null) setSeen({ top: current.scrollTop, height: current.clientHeight || 400 });
  };
  useEffect(() => {
    const { current } = box;
    if (current === null || typeof ResizeObserver === 'undefined') return;
    const watch = new ResizeObserver(() => setSeen({ top: current.scrollTop, height: current.clientHeight || 400 }));
    watch.observe(current);
    return () => watch.disconnect();
  }, [box]);
  return { ...seen, onScroll };
}

/** Brings a line into view; to the middle, where it was out of sight and nobody went to it by hand. */
function reveal(box: HTMLElement | null, index: number, centred: boolean): void {
  if (box === null) return;
  const [from, to] = [index * pitch, (index + 1) * pitch];
  if (from >= box.scrollTop && to <= box.scrollTop + box.clientHeight) return;
  box.scrollTop = centred ? from - box.clientHeight / 2 : from < box.scrollTop ? from : to - box.clientHeight;
}

/** The line that has the keyboard, and the keys that move it. */
function useWalk({ lines, chosen, choose, drop }: ListProps, box: React.RefObject<HTMLDivElement | null>, page: number): { readonly at: number; readonly go: (index: number) => void; readonly onKeyDown: (event: KeyboardEvent) => void } {
  const [active, setActive] = useState(0);
  const at = Math.min(active, Math.max(0, lines.length - 1));
  const go = (index: number): void => {
    const line = lines[index];
    if (line === undefined) return;
    setActive(index);
    reveal(box.current, index, false);
    choose(line);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && chosen !== null) {
      event.stopPropagation();
      return drop();
    }
    const to = nextLine(event.key, at, lines.length, page);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  return { at, go, onKeyDown };
}

/** A host's text, line by line, of any length: only what is seen is drawn. Arrows walk it, a click or an arrow looks at a line, Esc lets go. */
export function RulesList(props: ListProps): ReactNode {
  const { label, lines, hits, now, chosen, drop } = props;
  const box = useRef<HTMLDivElement>(null);
  const { top, height, onScroll } = useWindow(box);
  const { at, go, onKeyDown } = useWalk(props, box, Math.max(1, Math.floor(height / pitch) - 1));
  const nowAt = now === null ? -1 : lines.findIndex((line) => line.id === now);
  useEffect(() => {
    if (nowAt >= 0) reveal(box.current, nowAt, true);
  }, [nowAt]);
  const first = Math.max(0, Math.floor(top / pitch) - margin);
  const last = Math.min(lines.length, Math.ceil((top + height) / pitch) + margin);
  const width = Math.max(0, ...lines.slice(first, last).map(({ text }) => text.length)) * advance + before;
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <select> draws every one of its lines
    <div className="rules-list" ref={box} role="listbox" tabIndex={0} aria-label={label} aria-activedescendant={at >= first && at < last ? `rule-line-${lines[at]!.number}` : undefined} onScroll={onScroll} onKeyDown={onKeyDown}>
      <div className="rules-paper" style={{ height: lines.length * pitch, minWidth: width }} role="presentation">
        {lines.slice(first, last).map((line, i) => (
          <Line key={line.number} line={line} id={`rule-line-${line.number}`} top={(first + i) * pitch} place={[first + i + 1, lines.length]} hits={hits} now={line.id !== null && line.id === now} chosen={line.id !== null && line.id === chosen} active={first + i === at} pick={() => (line.id !== null && line.id === chosen ? drop() : go(first + i))} />
        ))}
      </div>
    </div>
  );
}
