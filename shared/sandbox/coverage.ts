import { candidateProbes } from '../analysis/candidate-probes.ts';
import { entryProbes, policyCoverage } from '../analysis/coverage.ts';
import { neverMet, type NeverMet } from '../analysis/rule-coverage.ts';
import type { Coverage, HostCoverage, KernelRuleCoverage, KernelRuleState } from '../api/analysis-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { printRule } from '../dataplane/text/print-rule.ts';
import type { Probe } from '../trace/types.ts';
import { ask } from './ask.ts';
import { locate } from './locate.ts';
import { hitsOf, type ProbeHits } from './probe-hits.ts';
import type { World } from './world.ts';

/** Questions tried, beside those given, to find the ones that meet what was not met. */
const MAX_TRIED = 240;
/** Rules of a host told one by one. */
const MAX_RULES = 4000;
/** In a cluster of more pods than this no questions are tried: each takes its time. */
const TRY_UP_TO_PODS = 400;

interface Asked { readonly probe: Probe; readonly hits: ProbeHits }

const titleOf = (probe: Probe): string => probe.name ?? `${probe.from} → ${probe.to}`;

/** Asks it; a sentence where it sends no packet. */
function asked(world: World, probe: Probe): Asked | string {
  try {
    const { journey } = ask(world, probe);
    if (journey.branches.some(({ legs }) => legs.length > 0)) return { probe, hits: hitsOf(world, journey) };
    return `${titleOf(probe)}: ${journey.branches[0]?.sentence ?? 'not sent'}`;
  } catch (thrown) {
    if (thrown instanceof ApiFailure) return `${titleOf(probe)}: ${thrown.message}`;
    throw thrown;
  }
}

/** The same questions asked twice meet the same: asked once, counted as often as given. */
function askAll(world: World, probes: readonly Probe[]): { readonly sent: readonly Asked[]; readonly notSent: readonly string[] } {
  const known = new Map<string, Asked | string>();
  const all = probes.map((probe) => {
    const { name: _, ...rest } = probe;
    const key = JSON.stringify(rest);
    let one = known.get(key);
    if (one === undefined) known.set(key, (one = asked(world, probe)));
    return one;
  });
  return { sent: all.filter((one) => typeof one !== 'string'), notSent: all.filter((one) => typeof one === 'string') };
}

interface Sought { readonly world: World; readonly met: ReadonlyMap<string, number>; readonly finds: ReadonlyMap<string, Probe> }

/** What is known of one rule, by how often it was met. */
const judged = (hits: number, known: NeverMet | undefined): { readonly state: KernelRuleState; readonly why: string } => (hits > 0 ? { state: 'met', why: '' } : known ?? { state: 'unmet', why: '' });

const zero: Readonly<Record<KernelRuleState, number>> = { met: 0, unmet: 0, shadowed: 0, 'matches-nothing': 0, unreachable: 0 };

/** A host's rules counted by state; told one by one, as their tool prints them, only where they are wanted. */
function hostCoverage({ world, met, finds }: Sought, id: NetnsId, wanted: boolean): readonly HostCoverage[] {
  const netns = world.dataplane.netns(id);
  if (!netns) return [];
  const never = neverMet(netns);
  const counts = { ...zero };
  const rules: KernelRuleCoverage[] = [];
  let total = 0;
  for (const table of netns.tables) {
    for (const chain of table.chains) {
      for (const rule of chain.rules) {
        const key = `${id} ${rule.id}`;
        const hits = met.get(key) ?? 0;
        const { state, why } = judged(hits, never.get(rule.id));
        total += 1;
        counts[state] += 1;
        if (wanted && rules.length < MAX_RULES) rules.push({ id: rule.id, text: printRule(rule, chain, table), hits, state, why, probe: hits > 0 ? null : finds.get(key) ?? null });
      }
    }
  }
  return total === 0 ? [] : [{ netns: id, total, counts, rules, omitted: total - rules.length }];
}

/** For each rule that nobody met yet the tried question that meets it by the shortest way. */
function findsAmong(tried: readonly Asked[], met: ReadonlyMap<string, number>): ReadonlyMap<string, Probe> {
  const finds = new Map<string, Probe>();
  for (const { probe, hits } of tried.toSorted((a, b) => a.hits.steps - b.hits.steps)) for (const key of hits.rules) if (!met.has(key) && !finds.has(key)) finds.set(key, probe);
  return finds;
}

const inert = 'This pod network does not enforce NetworkPolicy: no policy has rules in any kernel, so no packet can meet one.';

/** Which policy rules and which kernel rules these questions met on all their branches, why others were not met, and the questions that would meet them: each of those was tried, or derived from the policy itself. */
export function coverageOf(world: World, probes: readonly Probe[], netns: NetnsId | undefined): Coverage {
  if (netns !== undefined && netns !== 'all' && !world.dataplane.netns(netns)) throw new ApiFailure('problem', `there is no host "${netns}"`);
  const { sent, notSent } = askAll(world, probes);
  const met = new Map<string, number>();
  for (const { hits } of sent) for (const key of hits.rules) met.set(key, (met.get(key) ?? 0) + 1);
  const policyRules = policyCoverage(world.cluster, sent.map(({ hits }) => hits.judged)).map((rule) => {
    const at = locate(world.objects, rule.policy, rule.field);
    return { ...rule, ...(at ? { at } : {}) };
  });
  const small = world.cluster.pods.length <= TRY_UP_TO_PODS;
  const candidates = netns === undefined || !small ? [] : [...entryProbes(world.cluster, MAX_TRIED / 2), ...candidateProbes(world.cluster, MAX_TRIED)].slice(0, MAX_TRIED);
  const tried = askAll(world, candidates).sent;
  const sought: Sought = { world, met, finds: findsAmong(tried, met) };
  const hosts = world.dataplane.ids.filter((id) => !id.startsWith('pod/')).flatMap((id) => hostCoverage(sought, id, netns === 'all' || netns === id));
  return { revision: world.revision, sent: sent.length, notSent, policyRules, hosts, tried: tried.length, note: world.cluster.settings.enforcesNetworkPolicy || policyRules.length === 0 ? null : inert };
}
