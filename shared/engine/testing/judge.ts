import { addFractions, printFraction, type Fraction } from '../../base/fraction.ts';
import type { Dataplane } from '../../dataplane/netns.ts';
import { checkOdds } from '../../trace/check-odds.ts';
import { checkTrace } from '../../trace/check-trace.ts';
import { formatTrace } from '../../trace/format-trace.ts';
import type { Trace } from '../../trace/types.ts';
import { verdictOf } from '../../trace/verdict.ts';
import { rewritesOf } from '../../trace/rewrites.ts';
import { ask, type Question } from './ask.ts';

/** One branch as the kernel lab writes it: who answered and whom it saw, or the verdict and its code. */
export function told(trace: Trace): string {
  const { verdict, code } = verdictOf(trace);
  const { endpoint, sourceSeen } = rewritesOf(trace);
  if (verdict === 'delivered') return `${endpoint?.netns.split('/')[1] ?? 'outside'} saw ${sourceSeen?.ip ?? '?'}`;
  const answer = verdict === 'refused' && (trace.outcome.kind === 'rejected' || trace.outcome.kind === 'refused') ? ` from ${trace.reply?.outcome.kind === 'delivered' ? trace.reply.outcome.as.src : trace.outcome.answer.src}` : '';
  return `${verdict} ${code}${answer}`;
}

/** Asks, checks every invariant of every branch, and sums the odds of branches that look alike: `1/3 a1 saw 10.244.1.1`. Throws, with the trace, where an invariant is broken. */
export function judge(dataplane: Dataplane, question: Question): readonly string[] {
  const { branches } = ask(dataplane, question);
  const sums = new Map<string, Fraction>();
  for (const { odds, trace } of branches) {
    broken(checkTrace(trace), trace);
    const key = told(trace);
    const before = sums.get(key);
    sums.set(key, before ? addFractions(before, odds) : odds);
  }
  broken(checkOdds(branches), branches[0].trace);
  return [...sums].map(([key, odds]) => `${printFraction(odds)} ${key}`);
}

function broken(complaints: readonly string[], trace: Trace): void {
  if (complaints.length > 0) throw new Error(`${complaints.join('\n')}\n${formatTrace(trace)}`);
}

/** Every branch's trace as text, for a failing test to show. */
export const explain = (dataplane: Dataplane, question: Question): string => ask(dataplane, question).branches.map(({ trace }) => formatTrace(trace)).join('\n\n');
