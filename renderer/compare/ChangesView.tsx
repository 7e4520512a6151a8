import { useEffect, useMemo, type KeyboardEvent, type ReactNode } from 'react';
import type { Side, SideDiff } from '../../shared/api/analysis-contract.ts';
import type { ChangeKind, PathSide } from '../../shared/api/reach-contract.ts';
import { printAllowed, readPeer } from '../reach/reach-pairs.ts';
import { Menu, type MenuItem } from '../shell/Menu.tsx';
import { useWorld } from '../state/use-world.ts';
import { fateOf, type FateName } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import { questionOfCall, questionOfPair } from './pair-question.ts';
import { chooseSide, compareWithFiles, openComparison, refreshDiff, useCompare } from './use-compare.ts';
import './compare.css';

/** Rows drawn; more are counted. */
const mostRows = 400;
/** Moments of the timeline that the menus list. */
const mostMoments = 20;
const signs: Readonly<Record<ChangeKind, string>> = { opened: '+', closed: '−', changed: '~' };
const words: Readonly<Record<ChangeKind, string>> = { opened: 'Opened', closed: 'Closed', changed: 'Changed' };

interface Row { readonly key: string; readonly change: ChangeKind; readonly from: string; readonly to: string; readonly was: string; readonly is: string; readonly by: string; readonly open: (() => void) | null }

/** `1/2 delivered shop/api[Deployment]:8080` as it is read: `1/2 Delivered by api:8080`. */
function branchWords(branch: string): string {
  const [, odds = '', verdict = '', who = ''] = /^(\S+) (\S+) ?(.*)$/.exec(branch) ?? [];
  const word = fateOf(verdict as FateName)?.word ?? verdict;
  const [, peer, port] = /^(.*\]|[^:]*):(\d+)$/.exec(who) ?? [];
  const by = peer === undefined ? (who === '' ? '' : `: ${who.replaceAll('-', ' ')}`) : ` by ${readPeer(peer).name}:${port}`;
  return `${odds === '1' ? '' : `${odds} `}${word}${by}`;
}
const sideWords = (side: PathSide | null): string => (side === null ? 'Not there' : side.branches.map(branchWords).join(', '));

function rowsOf(diff: SideDiff, sides: { readonly before: Side; readonly after: Side }): readonly Row[] {
  const { opened } = useWorld.getState();
  const pairs = diff.connections.map(({ src, dst, change, before, after }): Row => {
    const asked = opened === null ? null : questionOfPair(opened.cluster, src, dst, before, after);
    return { key: `${src} ${dst}`, change, from: readPeer(src).name, to: readPeer(dst).name, was: printAllowed(before), is: printAllowed(after), by: 'By policy', open: asked && (() => void openComparison(asked.question, asked.title, sides)) };
  });
  const calls = diff.services.map((call): Row => {
    const { question, title } = questionOfCall(call);
    return { key: title + call.from, change: call.change, from: readPeer(call.from).name, to: `${call.to.split('/').at(-1)}:${call.port}`, was: sideWords(call.before), is: sideWords(call.after), by: 'Call to a Service', open: () => void openComparison(question, title, sides) };
  });
  const rank: Readonly<Record<ChangeKind, number>> = { closed: 0, opened: 1, changed: 2 };
  return [...pairs, ...calls].toSorted((a, b) => rank[a.change] - rank[b.change]);
}

function useSideItems(which: 'before' | 'after'): readonly MenuItem[] {
  const { entries, current } = useWorld((world) => world.history);
  const chosen = useCompare((compare) => compare[which]);
  const moments = entries.filter(({ kind }) => kind !== 'packet').slice(-mostMoments).toReversed();
  const first: Side = which === 'before' ? { kind: 'before-last-edit' } : { kind: 'current' };
  const item = (side: Side, text: string, rule = false): MenuItem => ({ id: JSON.stringify(side).slice(0, 80), text, label: text, rule, checked: JSON.stringify(side) === JSON.stringify(chosen), run: () => chooseSide({ [which]: side }) });
  return [
    item(first, which === 'before' ? 'Before the last edit' : 'Now'),
    ...moments.map(({ id, title }, i) => item({ kind: 'entry', entry: id }, id === current ? `${title} (stands now)` : title, i === 0)),
    { id: 'files', text: 'Open files', label: 'Open files to compare with…', rule: true, run: () => void compareWithFiles(which, false) },
    { id: 'folder', text: 'Open a folder', label: 'Open a folder to compare with…', run: () => void compareWithFiles(which, true) },
  ];
}

function titleOf(side: Side, entries: readonly { readonly id: number; readonly title: string }[]): string {
  if (side.kind === 'current') return 'Now';
  if (side.kind === 'before-last-edit') return 'Before the last edit';
  return side.kind === 'documents' ? side.title : (entries.find(({ id }) => id === side.entry)?.title ?? 'An earlier moment');
}

function SideMenu({ which }: { readonly which: 'before' | 'after' }): ReactNode {
  const items = useSideItems(which);
  const side = useCompare((compare) => compare[which]);
  const entries = useWorld((world) => world.history.entries);
  return <Menu label={which === 'before' ? 'Compare from' : 'Compare to'} className="pick" button={<><span className="quiet">{which === 'before' ? 'From' : 'to'}</span> <b>{titleOf(side, entries)}</b><Icon name="down" /></>} items={items} />;
}

/** The two sides that are compared, for the panel's bar. */
export function ChangesTools(): ReactNode {
  return <><SideMenu which="before" /><SideMenu which="after" /></>;
}

function walk(event: KeyboardEvent<HTMLUListElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
}

function Line({ row, stop }: { readonly row: Row; readonly stop: boolean }): ReactNode {
  const { change, from, to, was, is, by, open } = row;
  const inside = (
    <>
      <i className={`sign ${change}`} aria-hidden="true">{signs[change]}</i><span className="change-word">{words[change]}</span>
      <b>{from} → {to}</b><span className="change-was"><span className="visually-hidden">was </span>{was}</span><span aria-hidden="true">⇒</span><span className="change-is"><span className="visually-hidden">now </span>{is}</span><small>{by}</small>
    </>
  );
  return <li>{open === null ? <span className="change-row">{inside}</span> : <button type="button" className="change-row" tabIndex={stop ? 0 : -1} title={`${from} → ${to}: ${was} ⇒ ${is}. Both traces side by side`} onClick={open}>{inside}</button>}</li>;
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function Peers({ diff }: { readonly diff: SideDiff }): ReactNode {
  const { peersAdded, peersRemoved } = diff;
  if (peersAdded.length + peersRemoved.length === 0) return null;
  const names = (peers: readonly string[]): string => peers.slice(0, 12).map((peer) => readPeer(peer).name).join(', ') + (peers.length > 12 ? ` and ${peers.length - 12} more` : '');
  return <p className="hint">{peersAdded.length > 0 && `New: ${names(peersAdded)}. `}{peersRemoved.length > 0 && `Gone: ${names(peersRemoved)}.`}</p>;
}

/** What opened, what closed and what changed its way between two sets of manifests; each line opens both traces side by side. */
export function ChangesView(): ReactNode {
  const { diff, more, failure, before, after } = useCompare();
  const edition = useWorld((world) => world.edition);
  useEffect(() => void refreshDiff(), [edition, before, after]);
  const rows = useMemo(() => (diff === null ? [] : rowsOf(diff, { before, after })), [diff, before, after]);
  if (failure !== null) return <p className="reach-empty">{failure === 'Nothing was edited yet' ? 'Nothing was edited yet. Edit something, or choose two sides to compare above.' : failure}</p>;
  if (diff === null) return <p className="reach-empty">Comparing…</p>;
  const count = (change: ChangeKind): number => rows.filter((row) => row.change === change).length;
  const stop = rows.findIndex(({ open }) => open !== null);
  return (
    <div className="changes">
      <output className="reach-changes">{rows.length === 0 ? 'Nobody can reach more or less than before.' : `${plural(count('opened'), 'opens', 'open')}, ${plural(count('closed'), 'closes', 'close')}, ${plural(count('changed'), 'changes', 'change')} otherwise.`}</output>
      <Peers diff={diff} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows walk the buttons in it */}
      <ul aria-label="What changed" onKeyDown={walk}>{rows.slice(0, mostRows).map((row, i) => <Line key={`${row.by} ${row.key}`} row={row} stop={i === stop} />)}</ul>
      {rows.length > mostRows && <p className="hint">{rows.length - mostRows} more are not listed.</p>}
      {more && <p className="hint">Comparing calls to Services…</p>}
      {!more && diff.questionsLeftOut > 0 && <p className="hint">{diff.questionsLeftOut} calls to Services were not compared: there are too many.</p>}
    </div>
  );
}
