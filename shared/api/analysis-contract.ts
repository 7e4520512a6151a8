import type { ObjectRef } from '../base/object-ref.ts';
import type { SourceSpan } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { SymbolicPeer } from '../model/policy/meaning.ts';
import type { Probe } from '../trace/types.ts';
import type { Answer, TextDocument } from './shapes.ts';
import type { Allowed, DiffAnswer } from './reach-contract.ts';

/** The entry of a policy's rule that lets somebody pass, and where it is written. */
export interface AdmittedBy { readonly namespace: string; readonly name: string; /** `spec.ingress[0].from[1]` */ readonly field: string; readonly at?: SourceSpan }

/** One way in or out: who, on which ports, by which entry; `by` null = because no policy isolates the pod. */
export interface ExposureEntry {
  readonly peer: SymbolicPeer;
  /** `any pod with app=web of namespace shop` */
  readonly words: string;
  readonly allowed: readonly Allowed[];
  readonly by: AdmittedBy | null;
  /** How many pods it means today. */
  readonly now: number;
  /** Their workloads by name, at most 20. */
  readonly today: readonly string[];
  /** Policies that would judge the other side, too, were it a pod with only these labels; they are not counted in `allowed`. */
  readonly alsoJudgedBy: readonly string[];
}
export interface Exposure {
  /** The pod that was looked at, `pod/NS/NAME`. */
  readonly pod: string;
  readonly isolated: { readonly ingress: boolean; readonly egress: boolean };
  readonly ingress: readonly ExposureEntry[];
  readonly egress: readonly ExposureEntry[];
  /** Other pods of the workload that policies treat in another way than this one. */
  readonly unlike: readonly string[];
  /** Null, or why policies do not act on it, in a sentence. */
  readonly note: string | null;
}

/** `unmet`: no question met it · `selects-nothing`: it speaks of no pod, nobody or no port today · `shadowed`: without it the same would pass. */
export type PolicyRuleState = 'met' | 'unmet' | 'selects-nothing' | 'shadowed';
export interface PolicyRuleCoverage {
  readonly policy: ObjectRef;
  /** `spec.ingress[0]` */
  readonly field: string;
  /** How many of the questions sent a packet that this rule lets pass, whether or not another one does, too. */
  readonly hits: number;
  readonly state: PolicyRuleState;
  /** Why it is in this state; '' where the state says it all. */
  readonly why: string;
  /** The cheapest question that would meet it; null where it was met, or nobody could ask it today. */
  readonly probe: Probe | null;
  readonly at?: SourceSpan;
}

/** `unreachable`: no rule that can match leads to its chain · `matches-nothing`: it asks for a set that is empty · `shadowed`: an earlier rule of its chain ends every packet that it could match. */
export type KernelRuleState = 'met' | 'unmet' | 'shadowed' | 'matches-nothing' | 'unreachable';
export interface KernelRuleCoverage {
  readonly id: string;
  /** As its tool prints it. */
  readonly text: string;
  /** How many of the questions met it on at least one of their branches, there or back. */
  readonly hits: number;
  readonly state: KernelRuleState;
  readonly why: string;
  /** A question that was tried and met it, the shortest way first; null where it was met or none of those tried did. */
  readonly probe: Probe | null;
}
export interface HostCoverage {
  readonly netns: NetnsId;
  readonly total: number;
  readonly counts: Readonly<Record<KernelRuleState, number>>;
  /** Rule by rule in the printed order, for the asked hosts. */
  readonly rules: readonly KernelRuleCoverage[];
  readonly omitted: number;
}
export interface Coverage {
  readonly revision: number;
  /** Questions that sent packets. */
  readonly sent: number;
  readonly notSent: readonly string[];
  readonly policyRules: readonly PolicyRuleCoverage[];
  readonly hosts: readonly HostCoverage[];
  /** Questions that were tried to find those that would meet what was not met. */
  readonly tried: number;
  /** Null, or why no policy's rule can be met here, in a sentence. */
  readonly note: string | null;
}

/** A set of manifests to compare: as it stands now, as it stood after an entry of the timeline, or other documents. */
export type Side = { readonly kind: 'current' } | { readonly kind: 'before-last-edit' } | { readonly kind: 'entry'; readonly entry: number } | { readonly kind: 'documents'; readonly documents: readonly TextDocument[]; readonly title: string };
/** What is asked of both sides: one question as typed, or a pair of peers as `reach` names them (`to` may be `service/NS/NAME`), each spoken for by whoever stands there on that side. */
export type Question = { readonly kind: 'probe'; readonly probe: Probe } | { readonly kind: 'pair'; readonly from: string; readonly to: string; readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly port: number };
/** One side's answer, or the sentence why that question cannot be asked there. */
export type SideAnswer = { readonly title: string } & ({ readonly answer: Answer; readonly why: null } | { readonly answer: null; readonly why: string });
export interface SideDiff extends DiffAnswer { readonly beforeTitle: string; readonly afterTitle: string }

/** What can be said of a whole cluster, or of two. None of it changes anything. */
export interface AnalysisMethods {
  /** Who could reach a pod and whom it could reach, pods that do not exist yet among them; of a workload, its first ready pod. */
  exposure: { input: { of: string }; output: Exposure };
  /** Which rules these questions met, on all their branches. `netns` = the hosts whose rules are wanted one by one ('all' = every host). */
  coverage: { input: { probes: readonly Probe[]; netns?: NetnsId }; output: Coverage };
  /** What became reachable, what stopped, what changed its way, from one side to the other. Without `calls` only what policies judge: nothing is compiled for it. */
  diffBetween: { input: { before: Side; after: Side; calls?: boolean }; output: SideDiff };
  /** The same question put to both sides. */
  compare: { input: { before: Side; after: Side; question: Question }; output: { before: SideAnswer; after: SideAnswer } };
}
