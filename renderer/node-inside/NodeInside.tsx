import { useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { Hop } from '../../shared/trace/types.ts';
import { useSize } from '../canvas/use-size.ts';
import { usePlayback } from '../playback/playback.ts';
import { destinationOf, labelOf, sourceOf } from '../scene/labels.ts';
import { findPlace } from '../state/places.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { Chains } from './Chains.tsx';
import './inside.css';
import { useInside } from './inside-store.ts';
import { layRails, type Gate, type Plan, type Rail as RailPlaces } from './rail-geometry.ts';
import { Rail } from './Rail.tsx';
import { passesOf } from './railway.ts';
import { readLinks, type LinkRow } from './read-links.ts';
import { LinkTable, RouteTable } from './Tables.tsx';
import { useNodeText, type NodeText } from './use-node-text.ts';
import { stayAt, type Stay } from './visit-of-node.ts';

/** With more pods than this only those that the packet touches and the first ones have a place on the rails. */
const mostPods = 5;

function gatesOf(links: readonly LinkRow[], hop: Hop | null): readonly Gate[] {
  const used = new Set((hop?.steps ?? []).flatMap((s) => (s.kind === 'enter' || s.kind === 'leave' ? [s.link] : [])));
  const pods = links.filter((l) => l.peer.startsWith('pod/'));
  const shown = pods.length <= mostPods ? pods : pods.filter((l, i) => used.has(l.name) || i < mostPods - used.size).slice(0, mostPods);
  return [
    ...shown.map((l): Gate => ({ link: l.name, label: labelOf(l.peer), kind: 'pod', dns: l.peer.startsWith('pod/kube-system/coredns') })),
    ...links.filter((l) => l.kind === 'tunnel').map((l): Gate => ({ link: l.name, label: l.name, kind: 'tunnel', dns: false })),
  ];
}

/** The stay's ways over this node's rails; a node without a packet has rails and no ways. */
function usePlan(text: NodeText | null, stay: Stay | null): { readonly plan: Plan; readonly links: readonly LinkRow[] } | null {
  const links = useMemo(() => (text === null ? null : readLinks(text.links)), [text]);
  const hop = stay?.hop ?? null;
  return useMemo(() => {
    if (links === null || text === null) return null;
    const plan: Plan = {
      gates: gatesOf(links, hop), bridge: links.find((l) => l.kind === 'bridge')?.name ?? '', tunnel: links.find((l) => l.kind === 'tunnel')?.name ?? '', nftables: text.nftables,
      passes: hop === null ? [] : passesOf(hop, text.nftables),
    };
    return { plan, links };
  }, [links, text, hop]);
}

function useStay(node: string): { readonly stay: Stay | null; readonly title: string; readonly ends: readonly [string, string] | null; readonly moment: number; readonly of: number } {
  const { answer, branch, timeline } = useWorld();
  const moment = usePlayback((p) => (p.timeline === timeline ? p.moment : 0));
  const stay = useMemo(() => (answer === null || timeline === null ? null : stayAt(answer.journey, branch, timeline, moment, node)), [answer, branch, timeline, moment, node]);
  const now = timeline?.moments[moment];
  return { stay, title: now?.title ?? '', ends: now === undefined ? null : [sourceOf(now.packet), destinationOf(now.packet)], moment, of: timeline?.moments.length ?? 0 };
}

const routeStep = (stay: Stay | null): string => {
  const found = stay?.hop.steps.find((s) => s.kind === 'route');
  return found?.kind !== 'route' || found.dev === undefined ? '' : found.local === true ? 'this node' : `via ${found.dev}`;
};

function Crumb({ node, leave }: { readonly node: string; readonly leave: () => void }): ReactNode {
  const address = useWorld((w) => (w.opened === null ? '' : (findPlace(w.opened.cluster, node)?.address ?? '')));
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <nav className="inside-crumb" aria-label="Place">
      <button type="button" ref={back} className="link" onClick={leave}>Cluster</button><Icon name="right" /><b>{labelOf(node)}</b><code>{address}</code><kbd>Esc</kbd>
    </nav>
  );
}

/** Stages lower than this get tighter rows, px. */
const lowStage = 620;

/** One node from inside: its hooks as a railway with the packet on it, its routes and interfaces, and the rules that decided. */
export function NodeInside({ node }: { readonly node: string }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const leave = useInside((i) => i.leave);
  const text = useNodeText(node);
  const { stay, title, ends, moment, of } = useStay(node);
  const made = usePlan(text, stay);
  const wrap = stay?.hop.steps.find((s) => s.kind === 'encap');
  const outer = wrap?.kind === 'encap' ? wrap.packet.outer : undefined;
  const low = size.height < lowStage;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    leave();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc leaves, whatever inside has the focus
    <section className="node-inside" ref={frame} aria-label={`${labelOf(node)} from inside`} onKeyDown={onKeyDown} data-low={low ? '' : undefined}>
      <Crumb node={node} leave={leave} />
      {made === null || size.width === 0 ? <p className="hint">Reading the node’s tables…</p> : (
        <>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <section className="railway-scroll" data-keys="canvas" tabIndex={0} aria-label="Hooks and tables">
            <Rail plan={made.plan} width={size.width - 40} low={low} step={stay?.step ?? -1} showPacket={stay?.here === true} routeWords={routeStep(stay)} label={`${labelOf(node)}: ${stay === null ? 'no packet comes here' : `${made.plan.passes.flatMap((p) => p.visits.map((v) => v.stop.replace(':', ' '))).join(', ')}`}`}
              wrapWords={outer === undefined ? '' : `Wrapped in ${outer.kind.toUpperCase()}. From here the node itself sends to ${outer.dst}.`} />
            {stay?.here !== true || ends === null ? null : <PacketCard title={title} ends={ends} moment={moment} of={of} rail={layRails(made.plan, size.width - 40, low)} />}
          </section>
          <div className="inside-tabs">
            <div className="inside-tables"><RouteTable lines={text?.routes ?? []} stay={stay} /><LinkTable links={made.links} stay={stay} /></div>
            <Chains lines={text?.rules ?? []} stay={stay} node={node} />
          </div>
        </>
      )}
    </section>
  );
}

function PacketCard({ title, ends: [src, dst], moment, of, rail }: { readonly title: string; readonly ends: readonly [string, string]; readonly moment: number; readonly of: number; readonly rail: RailPlaces }): ReactNode {
  return (
    <div className="inside-card" style={{ top: rail.card.y, left: rail.card.x }}>
      <div className="cap"><span>{title}</span><em>step {moment + 1} of {of}</em></div>
      <div className="hd"><i>src</i><span>{src}</span><i>dst</i><span>{dst}</span></div>
    </div>
  );
}
