import { addFractions, fraction, fromFractionJson, printFraction, toNumber, zero, type Fraction } from '../base/fraction.ts';
import type { Branch, Journey, Step, Trace } from '../trace/types.ts';
import type { Expectation, PerDatapath } from './types.ts';

/** The value for this datapath, where an expectation gives one per datapath. */
function forDatapath<T>(value: PerDatapath<T> | undefined, datapath: string): T | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return (value as Record<string, T>)[datapath];
  return value as T | undefined;
}

function* stepsOf(trace: Trace): Generator<Step> {
  for (const hop of trace.hops) yield* hop.steps;
}

const connectionSteps = (branch: Branch): Step[] => branch.legs.filter((leg) => leg.kind !== 'lookup').flatMap((leg) => [...stepsOf(leg.trace)]);

function passed(branch: Branch, what: string): boolean {
  const steps = connectionSteps(branch);
  const did = (kind: string): boolean => steps.some((step) => step.kind === 'rule' && step.did.kind === kind);
  switch (what) {
    case 'masquerade': return did('masquerade');
    case 'dnat': return branch.dnat !== null;
    case 'snat': return branch.snat !== null;
    case 'encap': return steps.some((step) => step.kind === 'encap');
    default: return branch.snat !== null && branch.endpoint?.netns === branch.legs.at(-1)?.trace.flow.from;
  }
}

const share = (branches: readonly Branch[]): Fraction =>
  branches.filter((b) => b.verdict === 'delivered').reduce((sum, b) => addFractions(sum, fromFractionJson(b.odds)), zero);

function parseShare(text: string): Fraction {
  const [num, den = '1'] = text.split('/');
  return fraction(BigInt(num!), BigInt(den));
}

/** For each way that the connection can go: its requests by who answers them, most first. */
function spreads({ branches }: Journey): readonly string[] {
  const whoOf = ({ endpoint }: Branch): string => `${endpoint?.ip}:${endpoint?.port}`;
  const everyone = new Set(branches.filter((branch) => branch.endpoint !== null).map(whoOf));
  const ways = new Map<Trace | undefined, Map<string, Fraction>>();
  for (const branch of branches) {
    const trace = branch.legs.find((leg) => leg.kind === 'connection')?.trace;
    const way = ways.get(trace) ?? new Map([...everyone].map((who) => [who, zero]));
    ways.set(trace, way.set(whoOf(branch), addFractions(way.get(whoOf(branch)) ?? zero, branch.http?.requests ? fromFractionJson(branch.http.requests.here) : zero)));
  }
  return [...ways.values()].map((way) => [...way.values()].toSorted((a, b) => toNumber(b) - toNumber(a)).map(printFraction).join('/'));
}

/** Everything in which the journey differs from the expectation, in words; empty when it is met. `addressOf` turns `node/c` and the like into its addresses. */
export function differences(expected: Expectation, journey: Journey, datapath: string, addressesOf: (thing: string) => readonly string[]): string[] {
  const found: string[] = [];
  const differ = (what: string, want: unknown, got: unknown): void => void found.push(`${what}: expected ${String(want)}, got ${String(got)}`);
  const verdict = forDatapath(expected.verdict, datapath);
  if (verdict !== undefined && journey.verdict !== verdict) differ('verdict', verdict, `${journey.verdict} (${[...new Set(journey.branches.map((b) => b.sentence))].slice(0, 5).join(' · ')})`);
  const code = forDatapath(expected.code, datapath);
  if (code !== undefined && !journey.branches.some((b) => b.code === code)) differ('code', code, journey.branches.map((b) => b.code || '(none)').join(', '));
  const branches = forDatapath(expected.branches, datapath);
  if (branches !== undefined && journey.branches.length !== branches) differ('branches', branches, journey.branches.length);
  for (const branch of expected.http === undefined ? [] : journey.branches) if (branch.http?.status !== expected.http) differ('http status', expected.http, branch.http?.status);
  for (const branch of expected.queries === undefined ? [] : journey.branches) {
    const asked = branch.legs.reduce((sum, leg) => sum + (leg.queries ?? 0), 0);
    if (asked !== expected.queries) differ('DNS questions', expected.queries, asked);
  }
  const delivered = forDatapath(expected.delivered, datapath);
  const sourceSeen = forDatapath(expected.sourceSeen, datapath);
  if (delivered !== undefined) {
    const [want, got] = [printFraction(parseShare(delivered)), printFraction(share(journey.branches))];
    if (want !== got) differ('share delivered', want, got);
  }
  if (expected.spread !== undefined) for (const got of spreads(journey)) if (got !== expected.spread.join('/')) differ('requests of one connection', expected.spread.join('/'), got);
  const met = new Set(journey.branches.flatMap((b) => b.legs.filter((leg) => leg.kind !== 'lookup').flatMap(({ trace }) => [...trace.hops, ...(trace.reply?.hops ?? [])].map((hop) => hop.netns))));
  for (const machine of expected.avoids ?? []) if (met.has(machine)) differ('avoids', machine, 'it came by there');
  for (const [pod, want] of Object.entries(expected.shares ?? {})) {
    const got = printFraction(share(journey.branches.filter((b) => b.endpoint?.pod === pod)));
    if (printFraction(parseShare(want)) !== got) differ(`share of ${pod}`, want, got);
  }
  for (const branch of journey.branches.filter((b) => b.verdict === 'delivered')) {
    for (const [field, want] of Object.entries(expected.endpoint ?? {})) {
      const got = branch.endpoint?.[field as 'node'];
      if (got !== want) differ(`endpoint.${field}`, want, got);
    }
    if (sourceSeen !== undefined) {
      const seen = branch.sourceSeen?.ip;
      if (!seen || !addressesOf(sourceSeen).includes(seen)) differ('sourceSeen', sourceSeen, seen);
    }
    for (const what of expected.passes ?? []) if (!passed(branch, what)) differ('passes', what, 'it did not');
  }
  return found;
}
