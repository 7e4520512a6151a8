import type { RuleLine } from '../api/shapes.ts';
import { ApiFailure } from '../api/failure.ts';
import type { Counted, HitCounters } from '../api/rules-contract.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { emptyState } from '../engine/send.ts';
import type { Probe, Trace } from '../trace/types.ts';
import { settleProbe } from './ask.ts';
import { sendOnce } from './sample.ts';
import type { World } from './world.ts';

type Counting = Record<NetnsId, Record<string, number>>;

/** Counts every rule that matched and every policy that a packet fell to, on the way and on the way back. */
function count(counters: Counting, trace: Trace): void {
  for (const { netns, steps } of trace.hops) {
    for (const step of steps) {
      if (step.kind !== 'rule' && step.kind !== 'policy') continue;
      const id = step.kind === 'rule' ? step.rule : step.chain;
      const own = (counters[netns] ??= {});
      own[id] = (own[id] ?? 0) + 1;
    }
  }
  if (trace.reply) count(counters, trace.reply);
}

/** The packets that each rule and policy saw in these traces. */
export function hitCounters(traces: readonly Trace[]): HitCounters {
  const counters: Counting = {};
  for (const trace of traces) count(counters, trace);
  return counters;
}

/** Sends each question once, in order, as the seed decides, the kernels remembering the ones before; a question that names nobody is left out and said. */
export function countProbes(world: World, probes: readonly Probe[], seed: number = world.cluster.settings.seed): Counted {
  const traces: Trace[] = [];
  const notSent: string[] = [];
  let state = emptyState();
  probes.forEach((probe, i) => {
    try {
      const settled = settleProbe(world, probe);
      if ('ended' in settled) return void notSent.push(`${probe.name ?? `${probe.from} → ${probe.to}`}: ${settled.ended.branches[0]?.sentence ?? 'not sent'}`);
      const sent = sendOnce(settled.asked, { ...state, now: Math.max(state.now, probe.now ?? 0) }, seed, i);
      state = sent.state;
      traces.push(sent.trace);
    } catch (thrown) {
      if (!(thrown instanceof ApiFailure)) throw thrown;
      notSent.push(`${probe.name ?? `${probe.from} → ${probe.to}`}: ${thrown.message}`);
    }
  });
  return { revision: world.revision, sent: traces.length, notSent, counters: hitCounters(traces) };
}

const chainLine = /^:(\S+) (\S+) \[0:0\]$/;

/**
 * A listing with its counters: `[packets:bytes]` before each rule as `iptables-save -c` writes it, a `# packets N` behind each rule that was
 * met in other formats, where it is a comment. Bytes are always 0: packets here have headers and no payload.
 */
export function withCounters(lines: readonly RuleLine[], hits: Readonly<Record<string, number>>): readonly RuleLine[] {
  const family = lines.some(({ rule }) => rule?.startsWith('ip6/') === true) ? 'ip6' : 'ip';
  let table = '';
  return lines.map((line) => {
    if (line.text.startsWith('*')) table = line.text.slice(1);
    const chain = table === '' ? null : chainLine.exec(line.text);
    if (chain) return { ...line, text: `:${chain[1]!} ${chain[2]!} [${hits[`${family}/${table}/${chain[1]!}`] ?? 0}:0]` };
    if (line.rule === null) return line;
    const packets = hits[line.rule] ?? 0;
    if (line.text.startsWith('-A ')) return { ...line, text: `[${packets}:0] ${line.text}` };
    return packets === 0 ? line : { ...line, text: `${line.text} # packets ${packets}` };
  });
}
