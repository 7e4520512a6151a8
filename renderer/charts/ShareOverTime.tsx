import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { drawShares, type DrawnRun, type ShareRun } from './share-geometry.ts';
import './charts.css';

/** A band's name and fate; its hue is the fate's, its neighbour of the same fate is a shade apart. */
export interface Band { readonly name: string; readonly verdict: ProbeVerdict }
export interface NamedRun extends ShareRun { readonly bands: readonly Band[]; /** What began it, '' for the start. */ readonly began: string }

const left = 34;

function useWidth(): readonly [React.RefObject<HTMLElement | null>, number] {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(300);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(120, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

function Run({ run, drawn, height }: { readonly run: NamedRun; readonly drawn: DrawnRun; readonly height: number }): ReactNode {
  return (
    <g>
      {drawn.bands.map((d, i) => {
        const { verdict, name } = run.bands[i] ?? { verdict: 'unmodelled', name: '' };
        const { hue } = fateOf(verdict);
        return <path key={`${i} ${name}`} d={d} className={`band ${i % 2 === 0 ? 'even' : 'odd'} ${verdict === 'delivered' ? '' : 'lost'}`} style={{ '--fate': colourOf(hue).line } as React.CSSProperties} />;
      })}
      {drawn.borders.map((y) => <line key={y} className="exact" x1={drawn.x0} x2={Math.max(drawn.x0, drawn.x1)} y1={y} y2={y} />)}
      {run.began === '' ? null : <path className="edit-mark" d={`M${drawn.x0} -9V${height}`} />}
      {run.began === '' ? null : <path className="edit-diamond" d={`M${drawn.x0} -13l4 4l-4 4l-4 -4z`} />}
    </g>
  );
}

/** A band's name stands right of it, or inside it once there is no room; where it is too thin for a line of text the list has it. */
function Names({ run, drawn, plot }: { readonly run: NamedRun; readonly drawn: DrawnRun; readonly plot: number }): ReactNode {
  return drawn.ends.map(({ y, height }, i) => {
    const name = run.bands[i]?.name ?? '';
    const outside = drawn.x1 + 8 + name.length * 7 < plot;
    if (height < 14 || (!outside && drawn.x1 - drawn.x0 < name.length * 7 + 10)) return null;
    return <text key={name} className={`band-name ${outside ? '' : 'inside'}`} x={outside ? drawn.x1 + 6 : drawn.x1 - 6} y={y + 4} textAnchor={outside ? 'start' : 'end'}>{name}</text>;
  });
}

/** Shares over time as stacked bands, the exact fractions as dashed lines that they approach, and a mark at each moment where those changed. Times in virtual ms. */
export function ShareOverTime({ runs, from, until, height, label }: { readonly runs: readonly NamedRun[]; readonly from: number; readonly until: number; readonly height: number; readonly label: string }): ReactNode {
  const [box, width] = useWidth();
  const plot = width - left - 2;
  const drawn = drawShares(runs, { width: plot, height, from, until });
  const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
  return (
    <figure className="share-chart" ref={box}>
      <figcaption className="visually-hidden">{label}</figcaption>
      <svg width={width} height={height + 36} aria-hidden="true">
        <g transform={`translate(${left} 16)`}>
          <rect className="plot" width={plot} height={height} />
          {runs.map((run, i) => <Run key={run.since} run={run} drawn={drawn[i]!} height={height} />)}
          {runs.length === 0 ? null : <Names run={runs.at(-1)!} drawn={drawn.at(-1)!} plot={plot} />}
          {[0, 0.5, 1].map((share) => <text key={share} className="tick" x={-6} y={height * (1 - share) + 4} textAnchor="end">{share === 0.5 ? '1/2' : share}</text>)}
          <text className="tick" x="0" y={height + 15}>{seconds(from)}</text>
          <text className="tick" x={plot} y={height + 15} textAnchor="end">{seconds(until)}</text>
        </g>
      </svg>
    </figure>
  );
}
