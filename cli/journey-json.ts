import type { Branch, Journey, Leg, Trace } from '../shared/trace/types.ts';

const reply = (trace: Trace): unknown => (trace.reply ? { hops: trace.reply.hops, outcome: trace.reply.outcome } : null);
const leg = (one: Leg): unknown => ({
  kind: one.kind,
  what: one.what,
  ...(one.answer === undefined ? {} : { answer: one.answer }),
  ...(one.queries === undefined ? {} : { queries: one.queries, questions: one.questions ?? [] }),
  ...(one.server === undefined ? {} : { server: one.server }),
  packet: one.trace.flow.packet,
  hops: one.trace.hops,
  outcome: one.trace.outcome,
  reply: reply(one.trace),
});

function endpoint(branch: Branch): unknown {
  if (!branch.endpoint) return null;
  const { ip, port, pod, node } = branch.endpoint;
  return { ip, port, ...(pod === undefined ? {} : { pod }), ...(node === undefined ? {} : { node }) };
}

const branchJson = (branch: Branch): unknown => ({
  odds: branch.odds,
  verdict: branch.verdict,
  code: branch.code,
  sentence: branch.sentence,
  dnat: branch.dnat,
  snat: branch.snat,
  endpoint: endpoint(branch),
  sourceSeen: branch.sourceSeen,
  http: branch.http,
  decidedBy: branch.decidedBy,
  legs: branch.legs.map(leg),
});

/** A journey in CLI.md's JSON form; keys are only ever added. */
export const journeyJson = (journey: Journey): unknown => ({
  ...(journey.probe.name === undefined ? {} : { name: journey.probe.name }),
  from: journey.from,
  to: journey.target,
  protocol: journey.protocol,
  ...(journey.port === null ? {} : { port: journey.port }),
  verdict: journey.verdict,
  ...(journey.resolution === null ? {} : { resolution: journey.resolution }),
  branches: journey.branches.map(branchJson),
});
