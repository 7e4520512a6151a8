import { addFractions, toNumber, zero, type Fraction } from '../../shared/base/fraction.ts';
import type { Packet } from '../../shared/dataplane/packet.ts';
import type { SendBranch } from '../../shared/engine/types.ts';
import type { Trace } from '../../shared/trace/types.ts';
import type { KernelAnswer, KernelResult } from './lab-process.ts';

/** `delivered|BACKEND|SOURCE|ADDRESS|PORT`, `refused|HOW` (`tcp rst`, `icmp 3/3 from SENDER`) or `lost`: what both sides can tell. */
export type Fate = string;

const port = (packet: Packet): number => (packet.l4.proto !== 'icmp' ? packet.l4.dport : 0);
const delivered = (to: string, as: Packet): Fate => `delivered|${to}|${as.src}|${as.dst}|${port(as)}`;

// A TCP answer that says no is a RST, the rest is ICMP port unreachable: other ICMP errors leave a socket waiting, as if lost (kernel-lab §3.11).
function refusal(answer: Packet): Fate {
  const { l4 } = answer;
  if (l4.proto === 'tcp') return 'refused|tcp rst';
  if (l4.proto !== 'icmp') return 'lost';
  const v6 = answer.src.includes(':');
  const closed = v6 ? l4.type === 1 && l4.code === 4 : l4.type === 3 && l4.code === 3;
  return closed ? `refused|${v6 ? 'icmp6' : 'icmp'} ${l4.type}/${l4.code} from ${answer.src}` : 'lost';
}

/** What the engine says became of a connection. */
export function fateOf(trace: Trace): Fate {
  const { outcome, reply } = trace;
  if (outcome.kind === 'unmodelled') return `unmodelled|${outcome.what}`;
  if (outcome.kind === 'left-cluster' && outcome.as) return delivered(outcome.via, outcome.as);
  if (reply?.outcome.kind !== 'delivered') return 'lost';
  if (outcome.kind === 'delivered') return delivered(outcome.to, outcome.as);
  return outcome.kind === 'rejected' || outcome.kind === 'refused' ? refusal(reply.outcome.as) : 'lost';
}

const lost: readonly string[] = ['timeout', 'unreachable', 'blocked-locally'];

/** What the kernel did; EPERM on a local send, unreachables and timeouts are one class (kernel-lab §3.11). */
export function kernelFate(result: KernelResult): Fate {
  if (result.outcome === 'connected') return `delivered|${result.backend}|${result.src}|${result.at}|${result.port}`;
  if (result.outcome === 'refused') return `refused|${result.how}`;
  return lost.includes(result.outcome) ? 'lost' : `${result.outcome}|${result.how ?? ''}`;
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

/** The kernel's fates and how often each was seen. */
export function tally(answer: KernelAnswer): ReadonlyMap<Fate, number> {
  const seen = new Map<Fate, number>();
  for (const result of answer.results) seen.set(kernelFate(result), (seen.get(kernelFate(result)) ?? 0) + result.n);
  return seen;
}

/** So many tries that a fate of probability p stays unseen less than once in 10⁹. */
export const triesFor = (p: number): number => (p >= 1 ? 2 : Math.ceil(Math.log(1e-9) / Math.log(1 - p)));

/** Everything in which kernel and engine differ, in words; empty when they agree. Not `exhaustive`: what was not seen is no difference. */
export function disagreements(expected: ReadonlyMap<Fate, Fraction>, answer: KernelAnswer, exhaustive: boolean): string[] {
  const seen = tally(answer);
  const total = [...seen.values()].reduce((sum, n) => sum + n, 0);
  const found: string[] = [];
  for (const [fate, n] of seen) if (!expected.has(fate)) found.push(`the kernel did ${fate} (${n} of ${total}), which the engine calls impossible`);
  for (const [fate, odds] of expected) {
    if (exhaustive && !seen.has(fate) && total >= triesFor(toNumber(odds))) found.push(`the engine says ${fate} with ${odds.num}/${odds.den}, the kernel never did it in ${total}`);
  }
  if (found.length > 0) found.push(`engine: ${[...expected].map(([f, o]) => `${f} ${o.num}/${o.den}`).join(', ')}; kernel: ${[...seen].map(([f, n]) => `${f} ×${n}`).join(', ')}`);
  return found;
}
