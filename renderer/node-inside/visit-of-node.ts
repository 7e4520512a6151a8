import type { Hop, Journey } from '../../shared/trace/types.ts';
import type { Moment, Timeline } from '../scene/types.ts';

/** A packet's stay on one node: the hop, and how far it has come at a moment. */
export interface Stay {
  readonly hop: Hop;
  readonly direction: 'forward' | 'reply';
  /** The hop's last step so far; −1 before it came, the hop's length after it left. */
  readonly step: number;
  /** The packet is on this node now. */
  readonly here: boolean;
}

const sameStay = (a: Moment, b: Moment): boolean => a.leg === b.leg && a.direction === b.direction && a.hop === b.hop;

/** The stay on a node that a moment is in, else the last one before it, else the first to come; null where the branch never comes here. */
export function stayAt(journey: Journey, branch: number, { moments }: Timeline, index: number, node: string): Stay | null {
  const now = moments[index];
  const onNode = moments.filter((m) => m.netns === node && m.kind !== 'fate' && m.kind !== 'lookup');
  const of = onNode.findLast((m) => m.index <= index) ?? onNode[0];
  if (of === undefined || now === undefined) return null;
  const trace = journey.branches[branch]?.legs[of.leg]?.trace;
  const hop = (of.direction === 'forward' ? trace : trace?.reply)?.hops[of.hop];
  if (hop === undefined) return null;
  const here = sameStay(now, of);
  const ended = moments.at(-1)?.kind === 'fate' && sameStay(moments.at(-1)!, of);
  return { hop, direction: of.direction, here: here || ended, step: of.index > index ? -1 : here ? now.steps[1] : hop.steps.length };
}
