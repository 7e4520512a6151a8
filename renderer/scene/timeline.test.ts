import { describe, expect, test } from 'vitest';
import { droppedBranch, recordedAnswer } from '../testing/fixture.ts';
import { buildTimeline, durationOf, momentAt } from './timeline.ts';

const { journey, glossary } = recordedAnswer('vxlan');
const timeline = buildTimeline(journey, 1, glossary);
const lines = timeline.moments.map((m) => `${m.direction} ${m.netns}: ${m.title}`);

describe('a branch unrolled', () => {
  test('reads as the trip reads: hops in order, each change named, the fate last', () => {
    expect(lines).toEqual([
      'forward pod/shop/web-1: api → 10.96.14.7',
      'forward pod/shop/web-1: opens a connection',
      'forward pod/shop/web-1: Route: default via 10.244.1.1, eth0',
      'forward node/a: arrives from web-1',
      'forward node/a: Conntrack: new flow',
      'forward node/a: KUBE-SERVICES matches api',
      'forward node/a: KUBE-SVC-RUKNB3TURLFC6SGL rule 3',
      'forward node/a: Destination rewritten',
      'forward node/a: Route: 10.244.2.0/24 via flannel.1',
      'forward node/a: Forward: no rule stops it',
      'forward node/a: Wrapped in VXLAN',
      'forward node/b: arrives on eth0',
      'forward node/b: Unwrapped',
      'forward node/b: Conntrack: new flow',
      'forward node/b: Route: 10.244.2.0/24 via cbr0',
      'forward node/b: Forward: no rule stops it',
      'forward pod/shop/api-2: receives it',
      'reply pod/shop/api-2: answers',
      'reply node/b: arrives from api-2',
      'reply node/b: Conntrack: known flow',
      'reply node/b: Route: 10.244.1.0/24 via flannel.1',
      'reply node/b: Wrapped in VXLAN',
      'reply node/a: arrives on eth0',
      'reply node/a: Unwrapped',
      'reply node/a: Conntrack: answer of a known flow',
      'reply node/a: Source restored',
      'reply node/a: Route: 10.244.1.0/24 via cbr0',
      'reply pod/shop/web-1: gets the answer',
      'reply pod/shop/web-1: Delivered',
    ]);
  });
  test('every step of every hop but a switch’s belongs to exactly one moment', () => {
    const trace = journey.branches[1]!.legs[0]!.trace;
    const covered = (direction: 'forward' | 'reply', hop: number): number[] =>
      timeline.moments.filter((m) => m.direction === direction && m.hop === hop && m.kind !== 'fate' && m.kind !== 'lookup').flatMap((m) => Array.from({ length: m.steps[1] - m.steps[0] + 1 }, (_, i) => m.steps[0] + i));
    const whole = [['forward', trace.hops], ['reply', trace.reply!.hops]] as const;
    const wrong = whole.flatMap(([direction, hops]) => hops.flatMap((hop, i) => (hop.netns.startsWith('switch/') || covered(direction, i).join() === hop.steps.map((_, n) => n).join() ? [] : [`${direction} ${i}`])));
    expect(wrong).toEqual([]);
  });
  test('a NAT rule and its rewrite are one moment that names the rule', () => {
    const rewrite = timeline.moments.find((m) => m.kind === 'rewrite');
    expect({ cause: rewrite?.cause, before: rewrite?.before?.dst, after: rewrite?.packet.dst, detail: rewrite?.detail }).toEqual({ cause: 'node/a ip/nat/KUBE-SEP-UAJY57NEIIUYRE5B/2', before: '10.96.14.7', after: '10.244.2.21', detail: '10.244.2.21:8080' });
  });
  test('a choice carries its odds', () => expect(timeline.moments.find((m) => m.kind === 'choice')?.odds).toEqual({ num: 1, den: 3 }));
  test('moments follow each other without a gap', () => {
    let at = 0;
    for (const m of timeline.moments) {
      expect([m.start, m.duration]).toEqual([at, durationOf(m.kind)]);
      at += m.duration;
    }
    expect(timeline.totalMs).toBe(at);
  });
  test('the transport’s bar is marked at each hop, the way back once by name', () =>
    expect(timeline.marks.map((m) => m.label)).toEqual(['web-1', 'Node a', 'Node b', 'api-2', 'reply', 'Node b', 'Node a', 'web-1']));
  test('a dropped packet ends where the rule stands', () => {
    const dropped = buildTimeline({ ...journey, branches: [droppedBranch()] }, 0, glossary);
    expect(dropped.moments.slice(-2).map((m) => `${m.netns} ${m.title}`)).toEqual(['node/b FORWARD drops it', 'node/b Dropped']);
  });
});

test('a refusal runs back at double speed, and after a timeout there is time to see the source wait', () => {
  const branch = journey.branches[0]!;
  const played = (verdict: 'refused' | 'timeout') => buildTimeline({ ...journey, branches: [{ ...branch, verdict }] }, 0, glossary).moments;
  const enters = (direction: 'forward' | 'reply') => played('refused').find((m) => m.kind === 'enter' && m.direction === direction)?.duration;
  expect([enters('forward'), enters('reply'), played('timeout').at(-1)?.duration, played('refused').at(-1)?.duration]).toEqual([760, 380, 900, 480]);
});

test('a mark is said by what it means: a policy that allows, and its mark taken off again', () => {
  const branch = droppedBranch();
  const leg = branch.legs[0]!;
  const last = leg.trace.hops.at(-1)!;
  const marks = (n: number, value: number) => ({ kind: 'rule', hook: 'forward', chain: 'ip/filter/PODS', rule: `ip/filter/PODS/${n}`, did: { kind: 'set-mark', value, mask: 0x1_0000, form: 'xmark' } }) as const;
  const hop = { ...last, steps: [last.steps[0], marks(1, 0), marks(2, 0x1_0000), ...last.steps.slice(1)] as const };
  const marked = { ...branch, legs: [{ ...leg, trace: { ...leg.trace, hops: [leg.trace.hops[0], ...leg.trace.hops.slice(1, -1), hop] as const } }] };
  const known: typeof glossary = { ...glossary, 'node/b ip/filter/PODS/2': { text: '', why: '', by: 'network-policy', for: { kind: 'NetworkPolicy', namespace: 'shop', name: 'web-may' } } };
  expect(buildTimeline({ ...journey, branches: [marked] }, 0, known).moments.slice(-4, -2).map((m) => m.title)).toEqual(['Mark cleared', 'Allowed by policy web-may']);
});

test('a moment owns its end: resting at the end of one still shows it', () => {
  const [first, second] = timeline.moments;
  expect([0, 1, first!.duration, first!.duration + 1, second!.start + second!.duration, 1e9].map((ms) => momentAt(timeline, ms))).toEqual([0, 0, 0, 1, 1, timeline.moments.length - 1]);
});
