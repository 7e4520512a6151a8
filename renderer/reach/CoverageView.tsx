import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import { labelOf } from '../scene/labels.ts';
import { Menu } from '../shell/Menu.tsx';
import { useLayout } from '../state/layout.ts';
import { useLibrary } from '../state/library.ts';
import { titleOfRequest, toRequest } from '../state/request-words.ts';
import { useWorld } from '../state/use-world.ts';
import type { Probe } from '../../shared/trace/types.ts';
import { Icon } from '../theme/Icon.tsx';
import { coverageRows, refreshCoverage, useCoverage, type CoverageRow } from './use-coverage.ts';
import './views.css';

const pitch = 28;
const words: Readonly<Record<CoverageRow['state'], string>> = { met: 'Met', unmet: 'Not met', shadowed: 'Shadowed', 'selects-nothing': 'Selects nothing', 'matches-nothing': 'Matches nothing', unreachable: 'Unreachable' };
const icons = { met: 'ok', unmet: 'unmodelled', shadowed: 'minus', 'selects-nothing': 'unmodelled', 'matches-nothing': 'unmodelled', unreachable: 'close' } as const;

/** Sends the question and leaves the list open: its rule is met from then on. */
async function send(probe: Probe): Promise<void> {
  const { actions } = useWorld.getState();
  actions.setRequest(toRequest(probe));
  await actions.send();
}

function show({ at }: CoverageRow): void {
  if (at === undefined) return;
  useWorld.getState().actions.lightSpan(at);
  useLayout.getState().change({ drawerOpen: true, panel: 'manifests', file: at.file });
}

/** Whose rules are listed, which of them, and what was asked. */
export function CoverageTools(): ReactNode {
  const { netns, filter, expectations, coverage } = useCoverage();
  const scenario = useLibrary((library) => library.current);
  const nodes = useWorld((world) => world.opened?.cluster.nodes);
  const hosts: readonly NetnsId[] = coverage?.hosts.map((host) => host.netns) ?? (nodes ?? []).map(({ name }) => `node/${name}`);
  const pick = (id: NetnsId | null) => (): void => useCoverage.setState({ netns: id });
  return (
    <>
      <Menu label="Whose rules" className="pick" button={<><b>{netns === null ? 'Policy rules' : labelOf(netns)}</b><Icon name="down" /></>} items={[
        { id: '', text: 'Policy rules', label: 'Policy rules', checked: netns === null, run: pick(null) },
        ...hosts.map((id, i) => ({ id, text: labelOf(id), label: `Kernel rules of ${labelOf(id)}`, checked: netns === id, rule: i === 0, run: pick(id) })),
      ]} />
      <button type="button" className="toggle" aria-pressed={filter === 'not-met'} onClick={() => useCoverage.setState({ filter: filter === 'all' ? 'not-met' : 'all' })}>Only what was not met</button>
      {scenario !== null && scenario.expected.length > 0 && <button type="button" className="toggle" aria-pressed={expectations} onClick={() => useCoverage.setState({ expectations: !expectations })}>With the scenario's expectations</button>}
    </>
  );
}

interface LineProps { readonly row: CoverageRow; readonly place: readonly [at: number, of: number]; readonly stop: boolean; readonly mono: boolean }

function Line({ row, place, stop, mono }: LineProps): ReactNode {
  const { hits, state, text, why, probe } = row;
  const title = probe === null ? '' : titleOfRequest(toRequest(probe));
  return (
    <li className={`cv-row ${state}`} style={{ top: place[0] * pitch, height: pitch }} aria-posinset={place[0] + 1} aria-setsize={place[1]}>
      <span className="cv-hits">{hits}<span className="visually-hidden"> {hits === 1 ? 'question' : 'questions'}</span></span>
      <span className="cv-state"><Icon name={icons[state]} />{words[state]}</span>
      {row.at === undefined ? <span className={`cv-text ${mono ? 'mono' : ''}`} title={text}>{text}</span> : <button type="button" className="cv-text link" tabIndex={stop ? 0 : -1} title={`${text}: show it in the manifests`} onClick={() => show(row)}>{text}</button>}
      <span className="cv-end">
        {why !== '' && <span className="cv-why" title={why}>{why}</span>}
        {probe !== null && <button type="button" className="link cv-send" tabIndex={stop ? 0 : -1} aria-label={`Send ${title}`} title={`Send ${title}, which meets it`} onClick={() => void send(probe)}><Icon name="packet" />{title}</button>}
      </span>
    </li>
  );
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  event.preventDefault();
  event.stopPropagation();
  buttons[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

function Rows({ rows, mono }: { readonly rows: readonly CoverageRow[]; readonly mono: boolean }): ReactNode {
  const box = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const look = (): void => {
    const { current } = box;
    if (current !== null && current.clientHeight > 0) setSeen({ top: current.scrollTop, height: current.clientHeight });
  };
  const from = Math.max(0, Math.floor(seen.top / pitch) - 4);
  const shown = rows.slice(from, Math.ceil((seen.top + seen.height) / pitch) + 4);
  const stop = shown.find(({ at, probe }) => at !== undefined || probe !== null)?.key;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- a region that scrolls must be reachable by keyboard; arrows walk the buttons in it
    <section className="cv-list" ref={box} onScroll={look} onKeyDown={walk} tabIndex={0} aria-label="Rules">
      <ul style={{ height: rows.length * pitch }} aria-label="Rules and what met them">{shown.map((row, i) => <Line key={row.key} row={row} place={[from + i, rows.length]} stop={row.key === stop} mono={mono} />)}</ul>
    </section>
  );
}

function Sum({ rows, sent }: { readonly rows: readonly CoverageRow[]; readonly sent: number }): ReactNode {
  const met = rows.filter(({ hits }) => hits > 0).length;
  return (
    <div className="cv-sum">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect className="track" width="100" height="8" /><rect className="bar" width={rows.length === 0 ? 0 : (met / rows.length) * 100} height="8" /></svg>
      <output>{rows.length === 0 ? 'There is no such rule.' : `${met} of ${rows.length} rules met by ${sent === 1 ? '1 question' : `${sent} questions`}.`}</output>
    </div>
  );
}

/** Which rules the packets of this session met, why the others were not, and the question that would meet each. */
export function CoverageView(): ReactNode {
  const { coverage, failure, netns, filter, expectations } = useCoverage();
  const edition = useWorld((world) => world.edition);
  const packets = useWorld((world) => world.packets);
  // a scenario is known as the open one only after its documents are
  const scenario = useLibrary((library) => library.current);
  useEffect(() => void refreshCoverage(), [edition, packets, netns, expectations, scenario]);
  const all = useMemo(() => (coverage === null ? [] : coverageRows(coverage, netns, 'all')), [coverage, netns]);
  const rows = filter === 'all' ? all : all.filter(({ hits }) => hits === 0);
  if (failure !== null) return <p className="reach-empty">{failure}</p>;
  if (coverage === null) return <p className="reach-empty">Counting…</p>;
  const omitted = coverage.hosts.find((host) => host.netns === netns)?.omitted ?? 0;
  return (
    <div className="cv">
      <Sum rows={all} sent={coverage.sent} />
      {coverage.note !== null && <p className="hint">{coverage.note}</p>}
      {coverage.notSent.length > 0 && <p className="hint">{coverage.notSent.length === 1 ? 'One question' : `${coverage.notSent.length} questions`} sent no packet: {coverage.notSent[0]}</p>}
      {rows.length > 0 ? <Rows rows={rows} mono={netns !== null} /> : <p className="hint">{all.length === 0 ? (netns === null ? 'No NetworkPolicy has a rule here.' : '') : 'Every rule was met.'}</p>}
      {netns !== null && omitted > 0 && <p className="hint">{omitted} more rules are not listed.</p>}
    </div>
  );
}
