import type { ReactNode } from 'react';
import { fromFractionJson, toNumber } from '../../shared/base/fraction.ts';
import { ShareBars } from '../charts/ShareBars.tsx';
import { ShareOverTime, type NamedRun } from '../charts/ShareOverTime.tsx';
import { windowOf } from '../charts/share-geometry.ts';
import { runCommand } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import { isComplete, titleOfRequest, toProbe } from '../state/request-words.ts';
import { useWorld } from '../state/use-world.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import type { Pair } from './create-traffic.ts';
import { rates } from './departures.ts';
import { countsOf, lookBack, sharesOf, type Epoch } from './tally.ts';
import { fatesOf, summaryOf } from './traffic-words.ts';
import { changeOf, trafficControls, useTraffic } from './traffic.ts';
import './traffic.css';

/** Bars shown at once; more are counted in words. */
const mostBars = 12;
/** A chart is at least so many virtual ms wide. */
const leastWindow = 20_000;
/** How often, in virtual ms, the summary is told anew. */
const toldEvery = 10_000;

function Rate({ pair, title }: { readonly pair: Pair; readonly title: string }): ReactNode {
  const at = rates.indexOf(pair.rate);
  const step = (by: 1 | -1): ReactNode => {
    const to = rates[at + by];
    const label = `${by < 0 ? 'Fewer' : 'More'} requests a second, ${title}`;
    return <button type="button" className="ib small" aria-label={label} title={label} aria-disabled={to === undefined} onClick={() => { if (to !== undefined) trafficControls.setRate(pair.id, to); }}><Icon name={by < 0 ? 'minus' : 'plus'} /></button>;
  };
  return <span className="rate">{step(-1)}<output aria-label={`${pair.rate} requests a second`}><b>{pair.rate}</b>/s</output>{step(1)}</span>;
}

function Fates({ pair }: { readonly pair: Pair }): ReactNode {
  if (pair.tally.problem !== null) return <p className="pair-problem"><Icon name="warning" />{pair.tally.problem}</p>;
  return (
    <ul className="pair-fates">
      {fatesOf(pair.tally).map(({ verdict, count }) => {
        const { icon, word, hue } = fateOf(verdict);
        return <li key={verdict} className={count === 0 ? 'none' : ''} title={word}><span style={count === 0 ? undefined : { color: colourOf(hue).ink }}><Icon name={icon} /></span><b>{count}</b><em>{word.toLowerCase()}</em></li>;
      })}
    </ul>
  );
}

function PairRow({ pair, chosen, alone }: { readonly pair: Pair; readonly chosen: boolean; readonly alone: boolean }): ReactNode {
  const title = titleOfRequest(pair.request);
  return (
    <li className={chosen && !alone ? 'on' : ''}>
      <div className="pair-line">
        <button type="button" className="pair-name" aria-pressed={chosen} onClick={() => trafficControls.choose(pair.id)} title={title}>{title}</button>
        <Rate pair={pair} title={title} />
        <button type="button" className="ib small" aria-label={`Take ${title} out of the traffic`} title={`Take ${title} out of the traffic`} onClick={() => trafficControls.remove(pair.id)}><Icon name="close" /></button>
      </div>
      <Fates pair={pair} />
    </li>
  );
}

const exactOf = ({ groups }: Epoch): readonly number[] => groups.map(({ odds }) => toNumber(fromFractionJson(odds)));

const toRun = (epoch: Epoch, i: number): NamedRun => ({
  since: epoch.since, exact: exactOf(epoch), bands: epoch.groups, began: i === 0 ? '' : changeOf(epoch.revision),
  points: epoch.points.map(({ at, counts }) => ({ at, shares: sharesOf(counts) })).filter(({ shares }) => shares.some((share) => share > 0)),
});

function Shares({ pair, counted }: { readonly pair: Pair; readonly counted: number }): ReactNode {
  const { epochs } = pair.tally;
  const epoch = epochs.at(-1);
  if (epoch === undefined) return null;
  const counts = countsOf(epoch);
  const shares = sharesOf(counts);
  const sum = counts.reduce((a, b) => a + b, 0);
  const { from, until } = windowOf(counted, leastWindow, lookBack);
  const title = titleOfRequest(pair.request);
  const since = epochs.length < 2 ? null : changeOf(epoch.revision);
  return (
    <section className="traffic-shares" aria-label={`Shares of ${title}`}>
      <h2>Where they ended <small>{sum} {since === null ? 'sent' : 'since the change'}</small></h2>
      <ShareBars label={`Where requests of ${title} ended, counted and exact`} most={mostBars} bars={epoch.groups.map(({ key, name, verdict, odds }, i) => ({ key, name, verdict, odds, count: counts[i]!, share: shares[i]! }))} />
      <h2>Share over time {since === null ? null : <small title={since}><svg className="diamond" viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1 11 6 6 11 1 6z" /></svg>{since}</small>}</h2>
      <ShareOverTime runs={epochs.map(toRun)} from={from} until={until} height={120} label={summaryOf(title, pair.tally)} />
      <p className="traffic-key"><svg viewBox="0 0 24 4" aria-hidden="true"><path d="M0 2H24" /></svg>the exact odds, which the shares approach</p>
    </section>
  );
}

function Controls(): ReactNode {
  const status = useTraffic((t) => t.status);
  const change = useLayout((layout) => layout.change);
  const flowing = status === 'flowing';
  return (
    <div className="th-line">
      <h1>Traffic</h1>
      <span className="traffic-controls">
        <button type="button" className="primary" onClick={() => runCommand('traffic-flow')}><Icon name={flowing ? 'pause' : 'play'} />{flowing ? 'Pause' : status === 'paused' ? 'Go on' : 'Start'}</button>
        <button type="button" className="plain" disabled={status === 'off'} onClick={() => runCommand('traffic-stop')}>Stop</button>
        <button type="button" className="ib small" aria-label="Close traffic" title="Close traffic: what flows goes on" onClick={() => change({ trafficOpen: false })}><Icon name="close" /></button>
      </span>
    </div>
  );
}

function AddPair(): ReactNode {
  const request = useWorld((world) => world.request);
  const pairs = useTraffic((t) => t.pairs);
  if (!isComplete(request) || pairs.some(({ id }) => id === JSON.stringify(toProbe(request)))) return pairs.length === 0 ? <p className="hint">Choose who asks whom in the bar above, then start.</p> : null;
  return <button type="button" className="link" onClick={() => runCommand('traffic-add')}><Icon name="plus" /> {titleOfRequest(request)}</button>;
}

/** What a screen reader hears: a sentence every ten virtual seconds, never one a request. */
function Told({ pair, counted }: { readonly pair: Pair; readonly counted: number }): ReactNode {
  const turn = `${Math.floor(counted / toldEvery)} ${pair.id} ${pair.tally.epochs.at(-1)?.revision ?? ''}`;
  return <output className="visually-hidden" aria-live="polite" key={turn}>{Math.floor(counted / toldEvery) === 0 ? '' : summaryOf(titleOfRequest(pair.request), pair.tally)}</output>;
}

/** The trace's column while traffic is looked at: the pairs with their rates and fates, where the chosen pair's requests ended, and its shares over time. */
export function TrafficPanel(): ReactNode {
  const pairs = useTraffic((t) => t.pairs);
  const chosen = useTraffic((t) => t.chosen);
  const counted = useTraffic((t) => t.counted);
  const failure = useTraffic((t) => t.failure);
  const shown = pairs.find(({ id }) => id === chosen) ?? pairs[0];
  return (
    <div className="traffic-panel">
      <header className="th">
        <Controls />
        {failure === null ? null : <p className="stale"><Icon name="warning" /><span>{failure}</span></p>}
        <ul className="pairs" aria-label="Pairs">{pairs.map((pair) => <PairRow key={pair.id} pair={pair} chosen={pair === shown} alone={pairs.length === 1} />)}</ul>
        <AddPair />
      </header>
      {shown === undefined ? null : <Shares pair={shown} counted={counted} />}
      {shown === undefined ? null : <Told pair={shown} counted={counted} />}
    </div>
  );
}
