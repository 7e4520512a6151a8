import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { Branch, Step, Trace } from '../../shared/trace/types.ts';

/** What one branch's packet and its answer did to one rule, policy or route: how often it was met, and as which of the host's numbered stops. */
export interface Hit { readonly packets: number; readonly stops: readonly number[] }
export type Hits = ReadonlyMap<string, Hit>;

const noHits: Hits = new Map();

const idOf = (step: Step): string | null => (step.kind === 'rule' ? step.rule : step.kind === 'policy' ? step.chain : step.kind === 'route' ? step.route : null);

function tracesOf(trace: Trace): readonly Trace[] {
  return trace.reply ? [trace, ...tracesOf(trace.reply)] : [trace];
}

/** Everything that a branch met on one host, numbered from 1 in the order it was met, there and back. */
export function hitsOn(branch: Branch | undefined, netns: NetnsId): Hits {
  if (branch === undefined) return noHits;
  const hits = new Map<string, { packets: number; stops: number[] }>();
  let stop = 0;
  const steps = branch.legs.flatMap((leg) => tracesOf(leg.trace)).flatMap((trace) => trace.hops.filter((hop) => hop.netns === netns).flatMap((hop) => hop.steps));
  for (const step of steps) {
    const id = idOf(step);
    if (id === null) continue;
    stop += 1;
    const known = hits.get(id);
    if (known) {
      known.packets += 1;
      known.stops.push(stop);
    } else hits.set(id, { packets: 1, stops: [stop] });
  }
  return hits;
}

/** The hosts whose rules a branch met, in the order it came by. */
export const hostsMet = (branch: Branch | undefined): readonly NetnsId[] =>
  [...new Set((branch?.legs ?? []).flatMap((leg) => tracesOf(leg.trace)).flatMap((trace) => trace.hops.filter((hop) => hop.steps.some((step) => step.kind === 'rule' || step.kind === 'policy')).map((hop) => hop.netns)))];
