import { useEffect, useMemo, type ReactNode } from 'react';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { ReachDetail } from './ReachDetail.tsx';
import { ReachGrid } from './ReachGrid.tsx';
import { countChanges, pairOf, shownPeers, type ReachChanges } from './reach-pairs.ts';
import { refreshReach, useReach } from './use-reach.ts';

const plural = (count: number): string => (count === 1 ? '1 pair' : `${count} pairs`);

/** `2 pairs opened, 1 pair closed`; '' where nothing changed. */
export function changesInWords({ opened, closed, changed }: ReachChanges): string {
  return [[opened, 'opened'], [closed, 'closed'], [changed, 'changed']].filter(([count]) => count !== 0).map(([count, word]) => `${plural(count as number)} ${word as string}`).join(', ');
}

function Tools(): ReactNode {
  const { filter, listeningOnly } = useReach();
  return (
    <div className="reach-tools">
      <label className="reach-filter"><Icon name="search" /><span className="visually-hidden">Filter workloads</span><input type="search" value={filter} placeholder="Filter workloads" onChange={(event) => useReach.setState({ filter: event.target.value })} /></label>
      <button type="button" className="toggle" aria-pressed={listeningOnly} onClick={() => useReach.setState({ listeningOnly: !listeningOnly })}>Only declared ports</button>
    </div>
  );
}

function Key({ edited }: { readonly edited: boolean }): ReactNode {
  return (
    <ul className="reach-key" aria-label="Signs">
      <li><i className="all" />every port</li><li><i className="some" />some ports</li><li><i className="dot" />nothing</li>
      {edited && <><li><i className="sign opened">+</i>opened</li><li><i className="sign closed">−</i>closed</li><li><i className="sign changed">~</i>changed</li></>}
    </ul>
  );
}

/** Who may connect to whom by NetworkPolicy, and what the last edit changed of it. */
export function ReachPanel(): ReactNode {
  const { now, before, listeningOnly, filter, chosen, failure } = useReach();
  const edition = useWorld((world) => world.edition);
  const enforced = useWorld((world) => world.opened?.cluster.settings.enforcesNetworkPolicy ?? true);
  useEffect(() => void refreshReach(), [edition]);
  const which = listeningOnly ? 'listening' : 'all';
  const answer = now?.[which] ?? null;
  const was = before?.[which] ?? null;
  const peers = useMemo(() => (answer === null ? [] : shownPeers(answer, filter)), [answer, filter]);
  const words = useMemo(() => (answer === null ? '' : changesInWords(countChanges(answer, was))), [answer, was]);
  if (failure !== null) return <p className="reach-empty">{failure}</p>;
  if (answer === null) return <p className="reach-empty">Working out who may connect to whom…</p>;
  const known = chosen !== null && answer.peers.includes(chosen.src) && answer.peers.includes(chosen.dst) ? chosen : null;
  return (
    <div className="reach">
      <div className="reach-main">
        {peers.length === 0 ? <p className="reach-empty">{filter === '' ? 'No workload is here yet.' : 'No workload by that name.'}</p> : (
          <ReachGrid peers={peers} now={answer} before={was} chosen={known} choose={(src, dst) => useReach.setState({ chosen: { src, dst } })} />
        )}
      </div>
      <div className="reach-side">
        <Tools />
        {!enforced && <p className="hint">This pod network does not enforce NetworkPolicy: the grid shows what policies ask for.</p>}
        <output className="reach-changes">{was === null ? '' : words === '' ? 'The last edit changed no pair.' : `The last edit: ${words}.`}</output>
        {known === null ? <p className="hint">Choose a cell to see who decides.</p> : <ReachDetail src={known.src} dst={known.dst} pair={pairOf(answer, was, known.src, known.dst)} />}
        <Key edited={was !== null} />
      </div>
    </div>
  );
}
