import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { fromFractionJson, printFraction, toNumber, type FractionJson } from '../../shared/base/fraction.ts';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import './charts.css';

export interface ShareBar { readonly key: string; readonly name: string; readonly verdict: ProbeVerdict; readonly count: number; /** 0 to 1. */ readonly share: number; readonly odds: FractionJson }

/** An SVG's own units across one bar. */
const across = 100;

function Bar({ bar, widest }: { readonly bar: ShareBar; readonly widest: number }): ReactNode {
  const { name, verdict, count, share, odds } = bar;
  const fate = fateOf(verdict);
  const { line, ink } = colourOf(fate.hue);
  const x = scaleLinear([0, widest], [0, across]);
  const exact = x(toNumber(fromFractionJson(odds)));
  return (
    <li>
      <span className="bar-name" title={name}><span style={{ color: ink }}><Icon name={fate.icon} /></span>{name}</span>
      <svg viewBox={`0 0 ${across} 16`} preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" x="0" y="4" width={across} height="8" />
        <line x1="0" x2={x(share)} y1="8" y2="8" stroke={line} strokeWidth="8" vectorEffect="non-scaling-stroke" strokeDasharray={fate.dash.join(' ')} />
        <line className="exact-tick" x1={exact} x2={exact} y1="0" y2="16" vectorEffect="non-scaling-stroke" />
      </svg>
      <small><b>{count}</b><i>{printFraction(odds)}</i></small>
    </li>
  );
}

/** Each end's share as a bar, its exact fraction as a tick on the bar and in words; the likeliest first where not all have room. */
export function ShareBars({ bars, most, label }: { readonly bars: readonly ShareBar[]; readonly most: number; readonly label: string }): ReactNode {
  const widest = Math.max(0.01, ...bars.map(({ share, odds }) => Math.max(share, toNumber(fromFractionJson(odds)))));
  const shown = bars.length <= most ? bars : bars.toSorted((a, b) => b.share - a.share).slice(0, most);
  return (
    <>
      <ul className="share-bars" aria-label={label}>{shown.map((bar) => <Bar key={bar.key} bar={bar} widest={widest} />)}</ul>
      {bars.length > shown.length ? <p className="share-more">and {bars.length - shown.length} more</p> : null}
    </>
  );
}
