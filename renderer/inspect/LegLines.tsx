import type { ReactNode } from 'react';
import type { Leg } from '../../shared/trace/types.ts';
import { Icon } from '../theme/Icon.tsx';
import type { IconName } from '../theme/icon-paths.ts';

const words: Readonly<Record<Leg['kind'], readonly [string, IconName]>> = { lookup: ['Lookup', 'dns'], connection: ['Connection', 'packet'], onward: ['Onward', 'ingress'] };

/** A leg's heading: `Lookup  api.shop.svc.cluster.local`, and what came of it. */
export function legWords({ kind, what, answer, queries }: Leg): { readonly head: string; readonly what: string; readonly end: string } {
  const asked = queries === undefined ? '' : queries === 1 ? '1 query' : `${queries} queries`;
  return { head: words[kind][0], what, end: [answer ?? '', asked].filter((word) => word !== '').join(', ') };
}

/** One leg of the journey: a heading that opens and closes it, and its steps. The leg the packet is in stays open. */
export function LegLines({ leg, open, held, toggle, children }: { readonly leg: Leg; readonly open: boolean; readonly held: boolean; readonly toggle: () => void; readonly children: ReactNode }): ReactNode {
  const { head, what, end } = legWords(leg);
  return (
    <>
      <li className={`leg ${leg.kind}`}>
        <button type="button" aria-expanded={open} aria-disabled={held} onClick={held ? undefined : toggle} title={what}>
          <Icon name={open ? 'down' : 'right'} />
          <Icon name={words[leg.kind][1]} />
          <b>{head}</b>
          <code>{what.replace(' ', '\u00a0')}</code>
          {end !== '' && <em>{end}</em>}
        </button>
      </li>
      {open && leg.questions !== undefined && (
        <li className="leg-questions">
          {leg.server !== undefined && <p>Asked of <code>{leg.server}</code></p>}
          <dl aria-label={`Asked about ${what.slice(what.indexOf(' ') + 1)}`}>{leg.questions.map(({ type, answer }, i) => <div key={`${type} ${i}`}><dt><code>{type}</code></dt><dd><code>{answer}</code></dd></div>)}</dl>
        </li>
      )}
      {children}
    </>
  );
}
