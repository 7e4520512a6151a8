import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Cluster } from '../../shared/model/types.ts';
import { matchingThings } from '../state/filter.ts';
import { useLayout } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { closedOver, outlineRows, type OutlineRow } from './outline-rows.ts';

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
      onClick={isHeading(row) ? toggle : pick}
      onPointerEnter={() => hover(row.place?.id ?? null)}
      onPointerLeave={() => hover(null)}
      onFocus={focused}
    >
      <Icon name={row.icon} />
      <span className="name">{row.name}</span>
      {row.note !== '' && <em title={row.note}>{row.note}</em>}
    </div>
  );
}

/** Whether a row only opens and closes what is below it. */
const isHeading = ({ place, at }: OutlineRow): boolean => place === null && at === undefined;

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

/** S and D name the row's thing as source and destination; answers whether the key did something. */
function chooseByKey(key: string, { place }: OutlineRow): boolean {
  const { actions } = useWorld.getState();
  if (place === null || place.kind === 'policy' || !usePreferences.getState().singleKeys) return false;
  if (key === 's' && place.kind !== 'service') actions.chooseSource(place.id);
  else if (key === 'd') actions.chooseDestination(place.id);
  else return false;
  return true;
}

interface TreeMoves { readonly go: (index: number) => void; readonly toggle: (row: OutlineRow) => void; readonly pick: (row: OutlineRow) => void }

/** What a key does in the tree (WAI-ARIA tree view); answers whether it did something. */
function onTreeKey(key: string, at: number, rows: readonly OutlineRow[], { go, toggle, pick }: TreeMoves): boolean {
  const row = rows[at];
  if (row === undefined) return false;
  const to = moveTo(key, at, rows);
  const turns = (key === 'ArrowRight' && row.expanded === false) || (key === 'ArrowLeft' && row.expanded === true);
  const presses = key === 'Enter' || key === ' ';
  if (to !== null) go(to);
  else if (turns || (presses && isHeading(row))) toggle(row);
  else if (presses) pick(row);
  else return chooseByKey(key, row);
  return true;
}

const turn = (toggled: ReadonlySet<string>, id: string): ReadonlySet<string> => (toggled.has(id) ? new Set([...toggled].filter((one) => one !== id)) : new Set([...toggled, id]));

function Tree({ cluster }: { readonly cluster: Cluster }): ReactNode {
  const request = useWorld((world) => world.request);
  const selected = useWorld((world) => (world.selection?.kind === 'thing' ? world.selection.id : null));
  const actions = useWorld((world) => world.actions);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState('');
  const tree = useRef<HTMLDivElement>(null);
  const filter = useLayout((layout) => layout.filter);
  const shown = matchingThings(cluster, filter)?.shown ?? null;
  // what gets selected is to be found here too; closing its section again is then the person's
  useEffect(() => {
    const closed = selected === null ? null : closedOver(cluster, toggled, shown, selected);
    if (closed !== null) setToggled((was) => turn(was, closed));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a new selection opens a section
  }, [selected]);
  const rows = useMemo(() => outlineRows(cluster, toggled, shown), [cluster, toggled, shown]);
  const at = Math.max(0, rows.findIndex(({ id }) => id === focus));
  const moves: TreeMoves = {
    go: (index) => {
      setFocus(rows[index]?.id ?? '');
      tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]')[index]?.focus();
    },
    toggle: ({ id }) => setToggled((was) => turn(was, id)),
    pick: ({ id, place, at: written }) => {
      setFocus(id);
      if (place !== null) return actions.pick(place.id);
      if (written === undefined || written === null) return;
      actions.lightSpan(written);
      useLayout.getState().change({ drawerOpen: true, panel: 'manifests', file: written.file });
    },
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onTreeKey(event.key, at, rows, moves)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const endOf = (id: string): RowProps['end'] => (id === request.from ? 'from' : id === request.to ? 'to' : null);
  return (
    <div className="tree" role="tree" tabIndex={-1} aria-label="Cluster" ref={tree} onKeyDown={onKeyDown}>
      {rows.length === 0 && <p className="side-empty">Nothing answers to the filter.</p>}
      {rows.map((row, i) => (
        <Row key={row.id} row={row} current={i === at} end={endOf(row.id)} selected={selected === row.id || selected?.startsWith(`${row.id}/`) === true} pick={() => moves.pick(row)} toggle={() => moves.toggle(row)} hover={actions.hover} focused={() => setFocus(row.id)} />
      ))}
    </div>
  );
}

/** The cluster as a tree: nodes with their pods, Services, policies, what is outside. The map in words, for keyboard and screen reader too. */
export function Outline(): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  return cluster === null ? <p className="side-empty">Nothing is open.</p> : <Tree cluster={cluster} />;
}
