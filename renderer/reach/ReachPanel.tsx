import { useEffect, useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { ChangesTools, ChangesView } from '../compare/ChangesView.tsx';
import { Menu } from '../shell/Menu.tsx';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { CoverageTools, CoverageView } from './CoverageView.tsx';
import { ExposureTools, ExposureView } from './ExposureView.tsx';
import { namespaceFaces, namespacePeers, pairFaces } from './face.ts';
import { ReachDetail } from './ReachDetail.tsx';
import { ReachGrid } from './ReachGrid.tsx';
import { countChanges, outsideGroup, pairOf, readPeer, shownPeers, type ReachChanges } from './reach-pairs.ts';
import { sendPair } from './send-pair.ts';
import { refreshReach, useReach, type ReachView } from './use-reach.ts';
import './views.css';

const plural = (count: number): string => (count === 1 ? '1 pair' : `${count} pairs`);

/** `2 pairs opened, 1 pair closed`; '' where nothing changed. */
export function changesInWords({ opened, closed, changed }: ReachChanges): string {
  return [[opened, 'opened'], [closed, 'closed'], [changed, 'changed']].filter(([count]) => count !== 0).map(([count, word]) => `${plural(count as number)} ${word as string}`).join(', ');
}

/** Shows some namespaces only; none = all of them. */
function Namespaces({ all }: { readonly all: readonly string[] }): ReactNode {
  const chosen = useReach((reach) => reach.namespaces);
  if (all.length < 2) return null;
  const items = [
    { id: '', text: 'All namespaces', label: 'All namespaces', checked: chosen.length === 0, run: () => useReach.setState({ namespaces: [] }) },
    ...all.map((name, i) => ({ id: name, text: name, label: name, rule: i === 0, checked: chosen.includes(name), run: () => useReach.setState({ namespaces: chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name] }) })),
  ];
  return <Menu label="Namespaces" className="pick" button={<><b>{chosen.length === 0 ? 'All namespaces' : chosen.length === 1 ? chosen[0] : `${chosen.length} namespaces`}</b><Icon name="down" /></>} items={items} />;
}

function GridTools(): ReactNode {
  const { filter, listeningOnly, grouping, now } = useReach();
  const namespaces = useMemo(() => [...new Set((now?.all.peers ?? []).map((id) => readPeer(id).group))], [now]);
  return (
    <>
      <label className="reach-filter"><Icon name="search" /><span className="visually-hidden">Filter workloads</span><input type="search" value={filter} placeholder="Filter workloads" onChange={(event) => useReach.setState({ filter: event.target.value })} /></label>
      <Namespaces all={namespaces} />
      {namespaces.length > 1 && <button type="button" className="toggle" aria-pressed={grouping === 'namespace'} onClick={() => useReach.setState({ grouping: grouping === 'namespace' ? 'workload' : 'namespace' })}>By namespace</button>}
      <button type="button" className="toggle" aria-pressed={listeningOnly} onClick={() => useReach.setState({ listeningOnly: !listeningOnly })}>Only declared ports</button>
    </>
  );
}

function Key({ edited, namespaces }: { readonly edited: boolean; readonly namespaces: boolean }): ReactNode {
  return (
    <ul className="reach-key" aria-label="Signs">
      <li><i className="all" />{namespaces ? 'every pair' : 'every port'}</li><li><i className="some" />{namespaces ? 'some pairs' : 'some ports'}</li><li><i className="dot" />nothing</li>
      {edited && <><li><i className="sign opened">+</i>opened</li><li><i className="sign closed">−</i>closed</li><li><i className="sign changed">~</i>changed</li></>}
    </ul>
  );
}

/** A pair of namespaces opened up: only their workloads, one by one. */
const openUp = (src: string, dst: string): void => useReach.setState({ grouping: 'workload', namespaces: [...new Set([src, dst])], chosen: null });

function GridView(): ReactNode {
  const { now, before, listeningOnly, filter, chosen, failure, grouping, namespaces } = useReach();
  const edition = useWorld((world) => world.edition);
  const enforced = useWorld((world) => world.opened?.cluster.settings.enforcesNetworkPolicy ?? true);
  useEffect(() => void refreshReach(), [edition]);
  const which = listeningOnly ? 'listening' : 'all';
  const answer = now?.[which] ?? null;
  const was = before?.[which] ?? null;
  const whole = grouping === 'namespace';
  const peers = useMemo(() => {
    const shown = answer === null ? [] : shownPeers(answer, filter, namespaces);
    return whole ? namespacePeers(shown) : shown;
  }, [answer, filter, namespaces, whole]);
  const faceOf = useMemo(() => (answer === null ? null : whole ? namespaceFaces(answer, was) : pairFaces(answer, was)), [answer, was, whole]);
  const words = useMemo(() => (answer === null ? '' : changesInWords(countChanges(answer, was))), [answer, was]);
  if (failure !== null) return <p className="reach-empty">{failure}</p>;
  if (answer === null || faceOf === null) return <p className="reach-empty">Working out who may connect to whom…</p>;
  const known = !whole && chosen !== null && answer.peers.includes(chosen.src) && answer.peers.includes(chosen.dst) ? chosen : null;
  return (
    <div className="reach">
      <div className="reach-main">
        {peers.length === 0 ? <p className="reach-empty">{filter === '' ? 'No workload is here yet.' : 'No workload by that name.'}</p> : (
          <ReachGrid key={grouping} peers={peers} faceOf={faceOf} chosen={known} choose={(src, dst) => (whole ? openUp(src, dst) : useReach.setState({ chosen: { src, dst } }))} send={(src, dst) => (whole ? openUp(src, dst) : void sendPair(src, dst, pairOf(answer, was, src, dst)))} />
        )}
      </div>
      <div className="reach-side">
        {!enforced && <p className="hint">This pod network does not enforce NetworkPolicy: the grid shows what policies ask for.</p>}
        <output className="reach-changes">{was === null ? '' : words === '' ? 'The last edit changed no pair.' : `The last edit: ${words}.`}</output>
        {known === null ? <p className="hint">{whole ? `Choose a cell to see its pairs one by one.${peers.some(({ id }) => id === outsideGroup) ? ` ${outsideGroup} is every address without a pod.` : ''}` : 'Choose a cell to see who decides; Enter again, or a double click, sends the packet.'}</p> : <ReachDetail src={known.src} dst={known.dst} pair={pairOf(answer, was, known.src, known.dst)} />}
        <Key edited={was !== null} namespaces={whole} />
      </div>
    </div>
  );
}

const views: readonly { readonly id: ReachView; readonly title: string; readonly tools: () => ReactNode; readonly body: () => ReactNode }[] = [
  { id: 'grid', title: 'Grid', tools: GridTools, body: GridView },
  { id: 'changes', title: 'Changes', tools: ChangesTools, body: ChangesView },
  { id: 'coverage', title: 'Coverage', tools: CoverageTools, body: CoverageView },
  { id: 'exposure', title: 'Exposure', tools: ExposureTools, body: ExposureView },
];

function Views({ view }: { readonly view: ReachView }): ReactNode {
  const show = (id: ReachView): void => useReach.setState({ view: id });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = (views.findIndex(({ id }) => id === view) + by + views.length) % views.length;
    show(views[to]!.id);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div className="tabs" role="tablist" tabIndex={-1} aria-label="Reach" onKeyDown={onKeyDown}>
      {views.map(({ id, title }) => <button key={id} type="button" role="tab" id={`reach-tab-${id}`} aria-selected={id === view} aria-controls="reach-view" tabIndex={id === view ? 0 : -1} onClick={() => show(id)}>{title}</button>)}
    </div>
  );
}

/** Who may connect to whom by NetworkPolicy, what changed of it, which rules were met, and who could come. */
export function ReachPanel(): ReactNode {
  const view = useReach((reach) => reach.view);
  const { tools: Tools, body: Body } = views.find(({ id }) => id === view) ?? views[0]!;
  return (
    <div className="reach-box">
      <div className="reach-bar"><Views view={view} /><span className="bar-rule" /><Tools /></div>
      <div id="reach-view" role="tabpanel" aria-labelledby={`reach-tab-${view}`} style={{ minHeight: 0, position: 'relative' }}><Body /></div>
    </div>
  );
}
