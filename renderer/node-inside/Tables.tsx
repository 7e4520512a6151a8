import type { ReactNode } from 'react';
import type { RuleLine } from '../../shared/api/shapes.ts';
import { labelOf } from '../scene/labels.ts';
import type { LinkRow } from './read-links.ts';
import type { Stay } from './visit-of-node.ts';

const routesTaken = (stay: Stay | null): ReadonlySet<string> => new Set((stay?.hop.steps ?? []).flatMap((s, i) => (s.kind === 'route' && s.route !== null && i <= (stay?.step ?? -1) ? [s.route] : [])));

/** `10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink` as its columns. */
function columnsOf(text: string): readonly [string, string, string] {
  const [dst = '', ...rest] = text.trim().split(' ');
  const words = rest.join(' ').replace(/ ?proto kernel| ?scope \S+| ?src \S+/g, '');
  const via = /via \S+/.exec(words)?.[0] ?? 'link';
  return [dst, via, words.replace(via, '').trim()];
}

/** The main table as `ip route` prints it, the routes that were taken lit. */
export function RouteTable({ lines, stay }: { readonly lines: readonly RuleLine[]; readonly stay: Stay | null }): ReactNode {
  const taken = routesTaken(stay);
  return (
    <div className="inside-tab">
      <h2>Routes <span>main table</span></h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className="table-scroll" data-keys="canvas" tabIndex={0} aria-label="Routes of the main table">
        <table><tbody>
          {lines.map(({ text, rule }) => {
            const hit = taken.has(rule ?? text.trim()) || taken.has(text.trim());
            const [dst, via, dev] = columnsOf(text);
            return <tr key={text} className={hit ? 'hit' : ''}><td>{dst}</td><td>{via}</td><td>{dev}</td><td>{hit ? '✓' : ''}</td></tr>;
          })}
        </tbody></table>
      </section>
    </div>
  );
}

/** The node's interfaces as `ip addr` prints them, those that the packet used lit. */
export function LinkTable({ links, stay }: { readonly links: readonly LinkRow[]; readonly stay: Stay | null }): ReactNode {
  const used = new Set((stay?.hop.steps ?? []).flatMap((s, i) => (i > (stay?.step ?? -1) ? [] : s.kind === 'enter' || s.kind === 'leave' ? [s.link] : s.kind === 'bridge' ? [s.bridge] : [])));
  const shown = links.filter((l) => l.kind !== 'loopback');
  return (
    <div className="inside-tab">
      <h2>Interfaces <span>{shown.length}</span></h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className="table-scroll" data-keys="canvas" tabIndex={0} aria-label="The node’s interfaces">
        <table><tbody>
          {shown.map((l) => (
            <tr key={l.name} className={used.has(l.name) || shown.some((port) => port.master === l.name && used.has(port.name)) ? 'hit' : ''}>
              <td>{l.name}</td><td>{l.addresses[0] ?? (l.peer === '' ? '' : labelOf(l.peer))}</td><td>{l.master === '' ? `mtu ${l.mtu}${l.kind === 'bridge' ? ', bridge' : l.kind === 'tunnel' ? ', tunnel' : ''}` : `on ${l.master}`}</td><td>{l.up ? '' : 'down'}</td>
            </tr>
          ))}
        </tbody></table>
      </section>
    </div>
  );
}
