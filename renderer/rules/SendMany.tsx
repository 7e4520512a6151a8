import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import type { Answer } from '../../shared/api/shapes.ts';
import type { SampleBin } from '../../shared/api/rules-contract.ts';
import { fromFractionJson, printFraction, toNumber } from '../../shared/base/fraction.ts';
import { endOfBranch } from '../inspect/Branches.tsx';
import { fateOf } from '../theme/fate.ts';
import { batch, countsOf, sendMany, sendOnOneConnection, useMany } from './send-many.ts';
import './rules.css';

/** An SVG's own units across one bar. */
const across = 100;

function nameOf(bin: SampleBin, answer: Answer): string {
  const branch = answer.journey.branches[bin.branches[0] ?? -1];
  if (branch === undefined) return bin.sentence ?? 'Elsewhere';
  return branch.endpoint === null ? fateOf(branch.verdict).word : endOfBranch(branch);
}

function Bar({ bin, answer, count, counted, widest }: { readonly bin: SampleBin; readonly answer: Answer; readonly count: number; readonly counted: number; readonly widest: number }): ReactNode {
  const odds = toNumber(fromFractionJson(bin.odds));
  const share = counted === 0 ? 0 : count / counted;
  const scale = scaleLinear([0, widest], [0, across]);
  return (
    <li>
      <span title={nameOf(bin, answer)}>{nameOf(bin, answer)}</span>
      <svg viewBox={`0 0 ${across} 14`} preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" x="0" y="3" width={across} height="8" />
        <rect className="bar" x="0" y="3" width={scale(share)} height="8" />
        <line className="odds" x1={scale(odds)} x2={scale(odds)} y1="0" y2="14" vectorEffect="non-scaling-stroke" />
      </svg>
      <small><b>{count}</b> · {printFraction(bin.odds)}</small>
    </li>
  );
}

/** The same question a hundred times: where they ended, beside the exact odds (the tick). Connections of their own approach them; requests on one connection follow it. */
export function SendMany({ answer }: { readonly answer: Answer }): ReactNode {
  const { of, sampled, connection, counted, asking, failure } = useMany();
  const mine = of === answer ? sampled : null;
  const counts = mine === null ? [] : countsOf(mine, counted);
  const { protocol } = answer.journey;
  const keeps = protocol === 'tcp' || protocol === 'sctp';
  const widest = Math.max(0.01, ...(mine?.bins ?? []).map((bin, i) => Math.max(toNumber(fromFractionJson(bin.odds)), counted === 0 ? 0 : counts[i]! / counted)));
  return (
    <section className="many" aria-label="Sent many times">
      <div className="many-head">
        <button type="button" className="link" disabled={asking} onClick={() => void sendMany(answer)}>Send {batch}{mine === null || connection > 0 ? '' : ' more'}</button>
        {keeps && <button type="button" className="link" disabled={asking} onClick={() => void sendOnOneConnection(answer)}>{connection > 0 && of === answer ? 'On another connection' : `${batch} on one connection`}</button>}
        <output>{failure ?? (mine === null ? '' : connection > 0 ? `${counted} on one` : `${counted} sent`)}</output>
      </div>
      {mine !== null && <ul>{mine.bins.map((bin, i) => <Bar key={`${i} ${bin.branches.join()}`} bin={bin} answer={answer} count={counts[i]!} counted={counted} widest={widest} />)}</ul>}
    </section>
  );
}
