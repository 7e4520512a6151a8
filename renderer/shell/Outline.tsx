import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useLayout } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { outlineRows, type OutlineRow } from './outline-rows.ts';

interface RowProps {
  readonly row: OutlineRow;
  readonly current: boolean;
  readonly end: 'from' | 'to' | null;
  readonly selected: boolean;
  readonly pick: () => void;
  readonly toggle: () => void;
  readonly hover: (id: string | null) => void;
  /** A screen reader may put the focus anywhere: the keys then mean that row. */
  readonly focused: () => void;
}

function Row({ row, current, end, selected, pick, toggle, hover, focused }: RowProps): ReactNode {
  const words = [end === 'from' ? 'source' : end === 'to' ? 'destination' : '', row.place?.address ?? ''].filter((word) => word !== '');
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree answers the keys, for whichever row has the focus
    <div
      role="treeitem"
      aria-level={row.level}
      aria-expanded={row.expanded}
      aria-selected={selected}
      aria-label={[row.name, row.note, ...words].filter((word) => word !== '').join(', ')}
      tabIndex={current ? 0 : -1}
      className={`row l${row.level} ${end === null ? '' : 'on'} ${selected ? 'selected' : ''}`}
      onClick={row.place === null ? toggle : pick}
      onPointerEnter={() => hover(row.place?.id ?? null)}
      onPointerLeave={() => hover(null)}
      onFocus={focused}
    >
      <Icon name={row.icon} />
      <span className="name">{row.name}</span>
      {row.note !== '' && <em>{row.note}</em>}
    </div>
  );
}

function moveTo(key: string, at: number, rows: readonly OutlineRow[]): number | null {
  const row = rows[at];
  if (key === 'ArrowDown') return Math.min(rows.length - 1, at + 1);
  if (key === 'ArrowUp') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return rows.length - 1;
  if (key === 'ArrowLeft' && row?.level === 2) return rows.findIndex(({ id }) => id === row.parent);
  if (key === 'ArrowRight' && row?.expanded === true) return at + 1;
  return null;
}

/** The cluster as a tree: nodes with their pods, Services, what is outside. The map in words, for keyboard and screen reader too. */
export function Outline(): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const request = useWorld((world) => world.request);
  const selection = useWorld((world) => world.selection);
  const actions = useWorld((world) => world.actions);
  const singleKeys = usePreferences((preferences) => preferences.singleKeys);
  const closeOutline = useLayout((layout) => layout.change);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState('');
  const tree = useRef<HTMLDivElement>(null);
  if (cluster === null) return <p className="side-empty">Nothing is open.</p>;
  const rows = outlineRows(cluster, toggled);
  const at = Math.max(0, rows.findIndex(({ id }) => id === focus));
  const go = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    setFocus(row.id);
    tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[index]?.focus();
  };
  const toggle = (row: OutlineRow): void => {
    const next = new Set(toggled);
    if (!next.delete(row.id)) next.add(row.id);
    setToggled(next);
  };
  const pick = (row: OutlineRow): void => {
    setFocus(row.id);
    if (row.place !== null) actions.pick(row.place.id);
  };
  const choose = (key: string, row: OutlineRow): boolean => {
    if (row.place === null || !singleKeys) return false;
    if (key === 's' && row.place.kind !== 'service') actions.chooseSource(row.place.id);
    else if (key === 'd') actions.chooseDestination(row.place.id);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moveTo(event.key, at, rows);
    const opens = (event.key === 'ArrowRight' && row.expanded === false) || (event.key === 'ArrowLeft' && row.expanded === true);
    if (to !== null) go(to);
    else if (opens) toggle(row);
    else if (event.key === 'Enter' || event.key === ' ') {
      if (row.place === null) toggle(row);
      else pick(row);
    } else if (event.key === 'Escape' || !choose(event.key, row)) {
      if (event.key === 'Escape') closeOutline({ outlineOpen: false });
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="tree" role="tree" tabIndex={-1} aria-label="Cluster" ref={tree} onKeyDown={onKeyDown}>
      {rows.map((row, i) => (
        <Row
          key={row.id}
          row={row}
          current={i === at}
          end={row.id === request.from ? 'from' : row.id === request.to ? 'to' : null}
          selected={selection?.kind === 'thing' && selection.id === row.id}
          pick={() => pick(row)}
          toggle={() => toggle(row)}
          hover={actions.hover}
          focused={() => setFocus(row.id)}
        />
      ))}
    </div>
  );
}
