import { create } from 'zustand';
import type { Coverage, KernelRuleCoverage, PolicyRuleCoverage } from '../../shared/api/analysis-contract.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { Probe } from '../../shared/trace/types.ts';
import { useLibrary } from '../state/library.ts';
import { currentHost, useWorld } from '../state/use-world.ts';

export type CoverageFilter = 'all' | 'not-met';
interface CoverageState {
  readonly coverage: Coverage | null;
  readonly failure: string | null;
  /** The cluster, the questions and the host that `coverage` belongs to. */
  readonly key: string;
  /** Whose rules are listed; null = the policies'. */
  readonly netns: NetnsId | null;
  readonly filter: CoverageFilter;
  /** Whether the scenario's own expectations are asked as well. */
  readonly expectations: boolean;
}
const nothing: CoverageState = { coverage: null, failure: null, key: '', netns: null, filter: 'all', expectations: true };

/** Which rules the questions of this session met. */
export const useCoverage = create<CoverageState>()(() => nothing);

/** Questions asked at most; the engine takes 2000. */
const mostQuestions = 500;

/** The questions of this session, and those that the open scenario expects something of. */
export function questionsAsked(): { readonly sent: readonly Probe[]; readonly expected: readonly Probe[] } {
  const sent = useWorld.getState().packets.map(({ answer }) => answer.journey.probe);
  return { sent, expected: useCoverage.getState().expectations ? (useLibrary.getState().current?.expected ?? []) : [] };
}

/** Counts again, unless that is known for these questions and this cluster. */
export async function refreshCoverage(): Promise<void> {
  const { opened, edition } = useWorld.getState();
  if (opened === null) return;
  const { sent, expected } = questionsAsked();
  const { netns } = useCoverage.getState();
  const probes = [...sent, ...expected].slice(0, mostQuestions);
  const key = JSON.stringify([edition, netns, probes]);
  if (useCoverage.getState().key === key) return;
  useCoverage.setState({ key });
  try {
    const coverage = await currentHost().engine.coverage(netns === null ? { probes } : { probes, netns });
    if (useCoverage.getState().key === key) useCoverage.setState({ coverage, failure: null });
  } catch (thrown) {
    if (useCoverage.getState().key === key) useCoverage.setState({ coverage: null, failure: thrown instanceof Error ? thrown.message : 'The engine did not answer' });
  }
}

/** One line of the list, whatever kind of rule it is about. */
export interface CoverageRow {
  readonly key: string;
  readonly hits: number;
  readonly state: PolicyRuleCoverage['state'] | KernelRuleCoverage['state'];
  readonly text: string;
  readonly why: string;
  readonly probe: Probe | null;
  readonly at: PolicyRuleCoverage['at'];
}

/** The rules to list: the policies', or one host's. */
export function coverageRows({ policyRules, hosts }: Coverage, netns: NetnsId | null, filter: CoverageFilter): readonly CoverageRow[] {
  const rows = netns === null
    ? policyRules.map(({ policy, field, hits, state, why, probe, at }): CoverageRow => ({ key: `${policy.namespace}/${policy.name} ${field}`, text: `${policy.namespace}/${policy.name} ${field.replace('spec.', '')}`, hits, state, why, probe, at }))
    : (hosts.find((host) => host.netns === netns)?.rules ?? []).map(({ id, text, hits, state, why, probe }): CoverageRow => ({ key: id, text, hits, state, why, probe, at: undefined }));
  return filter === 'all' ? rows : rows.filter(({ hits }) => hits === 0);
}

/** Forgets everything; for tests. */
export const resetCoverage = (): void => useCoverage.setState(nothing);
