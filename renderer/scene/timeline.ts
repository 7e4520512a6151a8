import { assertNever } from '../../shared/base/assert-never.ts';
import type { Glossary, HttpAnswer, Journey, Leg, Trace } from '../../shared/trace/types.ts';
import { fateOf } from '../theme/fate.ts';
import { readHop } from './hop-moments.ts';
import { labelOf } from './labels.ts';
import type { LegWords, Moment, MomentKind, Timeline } from './types.ts';

/** Playback milliseconds at 1× (LOOKS.md "Motion"): a hop 760, a rewrite 420 and 200 to read it, a sleeve 260 to get there and 320 to close. */
export function durationOf(kind: MomentKind): number {
  switch (kind) {
    case 'enter':
      return 760;
    case 'deliver':
      return 760;
    case 'originate':
    case 'lookup':
      return 480;
    case 'rewrite':
      return 620;
    case 'choice':
      return 420;
    case 'encap':
    case 'decap':
      return 580;
    case 'bridge':
    case 'route':
    case 'rule':
      return 320;
    case 'conntrack':
      return 240;
    case 'fate':
      return 480;
    default:
      return assertNever(kind);
  }
}

/** A refusal runs back at double speed; after a timeout the source is seen to wait. */
function paceOf({ kind, direction }: Pick<Moment, 'kind' | 'direction'>, verdict: Timeline['verdict']): number {
  if (kind === 'fate') return verdict === 'timeout' ? 900 : durationOf(kind);
  return verdict === 'refused' && direction === 'reply' ? durationOf(kind) / 2 : durationOf(kind);
}

type Unplaced = Omit<Moment, 'index' | 'start' | 'duration'>;

function traceMoments(trace: Trace, leg: number, direction: 'forward' | 'reply', glossary: Glossary): readonly Unplaced[] {
  let { packet } = trace.flow;
  return trace.hops.flatMap((hop, index) => {
    const read = readHop(hop, { packet, from: trace.hops[index - 1]?.netns ?? '', reply: direction === 'reply', ends: index === trace.hops.length - 1, glossary });
    packet = read.packet;
    return read.drafts.map(({ first, last, ...draft }): Unplaced => ({ ...draft, leg, direction, hop: index, netns: hop.netns, steps: [first, last] }));
  });
}

const legMoments = (leg: Leg, index: number, glossary: Glossary): readonly Unplaced[] => [
  ...traceMoments(leg.trace, index, 'forward', glossary),
  ...(leg.trace.reply === undefined ? [] : traceMoments(leg.trace.reply, index, 'reply', glossary)),
];

/** The name that was turned into an address without a packet, said so (DESIGN §8.6). */
function lookupMoment({ resolution }: Journey, first: Unplaced | undefined): readonly Unplaced[] {
  if (resolution?.how !== 'without-packets' || first === undefined) return [];
  return [{ leg: first.leg, direction: 'forward', hop: 0, netns: first.netns, steps: [0, 0], kind: 'lookup', title: `${resolution.name} → ${resolution.ip}`, detail: 'without a packet', packet: first.packet }];
}

function marksOf(moments: readonly Moment[]): Timeline['marks'] {
  const starts = moments.filter((m, i) => {
    const before = moments[i - 1];
    return m.kind !== 'lookup' && (before === undefined || before.kind === 'lookup' || before.hop !== m.hop || before.direction !== m.direction || before.leg !== m.leg);
  });
  return starts.map((m, i) => ({ moment: m.index, label: m.direction === 'reply' && starts[i - 1]?.direction === 'forward' ? 'reply' : labelOf(m.netns), netns: m.netns, direction: m.direction }));
}

/** What the packets of a leg say above their ports. */
function legWordsOf({ kind, what }: Leg, http: HttpAnswer | null): LegWords | null {
  if (kind === 'lookup') return { key: 'asks', text: what };
  const client = http?.forwarded?.['X-Forwarded-For'];
  if (kind === 'onward') return client === undefined ? null : { key: 'adds', text: `X-Forwarded-For: ${client}` };
  return http?.request === undefined ? null : { key: 'asks', text: `${http.request.method} ${http.request.host}${http.request.path}` };
}

/** Unrolls one branch of a journey into moments: every hop and step in words, with its place in time. An index that the journey lacks is our own bug and throws. */
export function buildTimeline(journey: Journey, branch: number, glossary: Glossary): Timeline {
  const chosen = journey.branches[branch];
  if (chosen === undefined) throw new RangeError(`no branch ${branch} of ${journey.branches.length}`);
  const travelled = chosen.legs.flatMap((leg, index) => legMoments(leg, index, glossary));
  const last = travelled.at(-1);
  const fate: readonly Unplaced[] = last === undefined ? [] : [{ leg: last.leg, direction: last.direction, hop: last.hop, netns: last.netns, steps: last.steps, packet: last.packet, kind: 'fate', title: fateOf(chosen.verdict).word, detail: chosen.code }];
  let start = 0;
  const moments = [...lookupMoment(journey, travelled[0]), ...travelled, ...fate].map((moment, index): Moment => {
    const duration = paceOf(moment, chosen.verdict);
    const placed = { ...moment, index, start, duration };
    start += duration;
    return placed;
  });
  return { moments, totalMs: start, marks: marksOf(moments), verdict: chosen.verdict, code: chosen.code, sentence: chosen.sentence, said: chosen.legs.map((leg) => legWordsOf(leg, chosen.http)) };
}

/** The moment that a cursor (ms) stands in; a moment owns its end, so that resting at its end still shows it. */
export function momentAt({ moments }: Timeline, ms: number): number {
  let low = 0;
  let high = moments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((moments[middle]?.start ?? 0) < ms) low = middle;
    else high = middle - 1;
  }
  return low;
}
