import { addFractions, toNumber, zero, type Fraction } from '../../shared/base/fraction.ts';
import type { SendBranch } from '../../shared/engine/types.ts';
import type { Trace } from '../../shared/trace/types.ts';
import type { KernelAnswer, KernelResult } from './lab-process.ts';

/** `delivered|BACKEND|SOURCE|ADDRESS|PORT`, `refused` or `lost`: what both sides can tell. */
export type Fate = string;

const port = (trace: Trace): number => (trace.outcome.kind === 'delivered' && trace.outcome.as.l4.proto !== 'icmp' ? trace.outcome.as.l4.dport : 0);
const cameBack = (trace: Trace): boolean => trace.reply?.outcome.kind === 'delivered';

/** What the engine says became of a connection. `labelOf` names the listener as the lab does. */
export function fateOf(trace: Trace): Fate {
  const { outcome } = trace;
  if (outcome.kind === 'unmodelled') return `unmodelled|${outcome.what}`;
  if (outcome.kind === 'delivered' && cameBack(trace)) return `delivered|${outcome.to}|${outcome.as.src}|${outcome.as.dst}|${port(trace)}`;
  if ((outcome.kind === 'rejected' || outcome.kind === 'refused') && cameBack(trace)) return 'refused';
  return 'lost';
}

/** What the kernel did; EPERM on a local UDP send, unreachables and timeouts are one class (kernel-lab §3.11). */
export function kernelFate(result: KernelResult): Fate {
  if (result.outcome === 'connected') return `delivered|${result.backend}|${result.src}|${result.at}|${result.port}`;
  return result.outcome === 'refused' ? 'refused' : 'lost';
}

/** The engine's distribution over fates. */
export function distribution(branches: readonly SendBranch[]): ReadonlyMap<Fate, Fraction> {
  const fates = new Map<Fate, Fraction>();
  for (const { odds, trace } of branches) {
    const fate = fateOf(trace);
    fates.set(fate, addFractions(fates.get(fate) ?? zero, odds));
  }
  return fates;
}

/** So many tries that a fate of probability p stays unseen less than once in 10⁹; capped, then only the support is compared. */
export const triesFor = (p: number): number => (p >= 1 ? 2 : Math.ceil(Math.log(1e-9) / Math.log(1 - p)));

/** Everything in which kernel and engine differ, in words; empty when they agree. */
export function disagreements(expected: ReadonlyMap<Fate, Fraction>, answer: KernelAnswer, exhaustive: boolean): string[] {
  const seen = new Map<Fate, number>();
  for (const result of answer.results) {
    const fate = kernelFate(result);
    seen.set(fate, (seen.get(fate) ?? 0) + result.n);
  }
  const total = [...seen.values()].reduce((sum, n) => sum + n, 0);
  const found: string[] = [];
  for (const [fate, n] of seen) if (!expected.has(fate)) found.push(`the kernel did ${fate} (${n} of ${total}), which the engine calls impossible`);
  for (const [fate, odds] of expected) {
    if (exhaustive && !seen.has(fate) && total >= triesFor(toNumber(odds))) found.push(`the engine says ${fate} with ${odds.num}/${odds.den}, the kernel never did it in ${total}`);
  }
  if (found.length > 0) found.push(`engine: ${[...expected].map(([f, o]) => `${f} ${o.num}/${o.den}`).join(', ')}; kernel: ${[...seen].map(([f, n]) => `${f} ×${n}`).join(', ')}`);
  return found;
}
