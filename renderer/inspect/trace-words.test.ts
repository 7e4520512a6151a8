import { describe, expect, test } from 'vitest';
import { buildTimeline } from '../scene/timeline.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import { readRuleText } from './rule-text.ts';
import { foldPassed, hopsOf } from './trace-hops.ts';
import { traceText } from './trace-text.ts';

const answer = recordedAnswer();
const timeline = buildTimeline(answer.journey, 1, answer.glossary);

describe('rule text', () => {
  test.each([
    ['-A KUBE-SEP-X -p tcp -m tcp -j DNAT --to-destination 10.0.0.1:80', '--to-destination 10.0.0.1:80'],
    ['-A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-Y', '-j KUBE-SVC-Y'],
    ['-A X -m comment --comment "say -j DROP twice" -j DROP', '-j DROP'],
    ['-A X -j REJECT --reject-with icmp-port-unreachable', '--reject-with icmp-port-unreachable'],
    ['10.244.2.0/24 via 192.168.56.12 dev eth0', ''],
  ])('of %s, what acts is %j', (text, strong) => {
    const tokens = readRuleText(text);
    expect(tokens.map((token) => token.text).join(' ')).toBe(text);
    expect(tokens.filter((token) => token.strong).map((token) => token.text).join(' ')).toBe(strong);
  });
});

describe('hops of a trace', () => {
  const hops = hopsOf(timeline);

  test('hold every moment once, in order', () => {
    expect(hops.flatMap(({ moments }) => moments)).toEqual(timeline.moments);
  });

  test('the lookup is a line of its own before the way there and the way back', () => {
    expect([hops[0]?.lookup, hops[1]?.netns, hops.at(-1)?.netns, hops.at(-1)?.direction]).toEqual([true, 'pod/shop/web-1', 'pod/shop/web-1', 'reply']);
  });

  test('a short trace is never folded', () => {
    for (const { moments } of hops) expect(foldPassed(moments, 12)).toEqual({ shown: moments, folded: 0 });
  });

  test('a passed hop of a long one keeps its rules and rewrites', () => {
    const nodeA = hops.find(({ netns }) => netns === 'node/a')!;
    const { shown, folded } = foldPassed(nodeA.moments, 40);
    expect(folded).toBe(nodeA.moments.length - shown.length);
    expect(shown.map(({ kind }) => kind)).toEqual(['enter', 'rule', 'choice', 'rewrite', 'encap']);
  });
});

test('the trace as text says the verdict, the odds, each hop and the rule that rewrote', () => {
  const text = traceText(answer, 1, timeline);
  expect(text.split('\n').slice(0, 2)).toEqual(['web-1 → api:80: delivered, branch 2 of 3 (1/3)', 'api-2 answered on port 8080.']);
  expect(text).toContain('10.244.1.12:41870 > 10.96.14.7:80 becomes 10.244.1.12:41870 > 10.244.2.21:8080');
  expect(text).toContain('--to-destination 10.244.2.21:8080');
  expect(text).toContain('Node b (the answer)');
});
