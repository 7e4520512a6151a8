import type { AnalysisMethods } from './analysis-contract.ts';
import type { Problem, SourceSpan } from '../base/problem.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Grouping, Positions } from '../model/edit/types.ts';
import type { Cluster, HeldPlaces } from '../model/types.ts';
import type { Glossary, Journey, Probe } from '../trace/types.ts';
import type { AuthoringMethods } from './authoring-contract.ts';
import type { EditMethods } from './edit-contract.ts';
import type { DiffAnswer, ReachAnswer } from './reach-contract.ts';
import type { RulesMethods } from './rules-contract.ts';
import type { TrafficMethods } from './traffic-contract.ts';

/** One file's text. Bytes that are not valid UTF-8 travel as base64, so that the engine can say what is wrong where. */
export interface TextDocument { readonly name: string; readonly text: string; readonly encoding?: 'base64' }

/** What stands beside the documents and never in them, kept with the file: an engine that opens both shows what this one shows. */
export interface Sidecar {
  /** Places on the canvas that were chosen by hand. */
  readonly positions: Positions;
  /** Nodes and groups of pods that are drawn as one line each. */
  readonly folded?: readonly string[];
  /** By what pods are drawn as one; absent = each for itself. */
  readonly grouping?: Exclude<Grouping, 'none'>;
  /** Where pods stood and what addresses they had before the last edit, by `namespace/name`: an edit elsewhere moves none of them. */
  readonly held?: HeldPlaces;
  /** By node: what its stopped kube-proxy last saw. */
  readonly stale?: Readonly<Record<string, { readonly documents: readonly TextDocument[]; readonly held?: HeldPlaces }>>;
}

/** A revision as the engine understood it. The host keeps the documents, so that any engine can be restarted from them (DESIGN §8.1). */
export interface Opened {
  readonly revision: number;
  readonly title: string;
  readonly documents: readonly TextDocument[];
  readonly cluster: Cluster;
  readonly problems: readonly Problem[];
  readonly problemsOmitted: number;
  /** Objects read, by kind, for the "n objects ready" line. */
  readonly counts: Readonly<Record<string, number>>;
  /** Machines whose rules were read from a real node's own text, and from which documents. */
  readonly nodeRules?: readonly { readonly netns: NetnsId; readonly files: readonly string[] }[];
  readonly sidecar?: Sidecar;
  /** What undo and redo would take back or do again, in words ("Move api-1 to node b"); null where there is nothing. */
  readonly undo?: string | null;
  readonly redo?: string | null;
}

/** What an open would do, before anything is replaced (reliability §2 (b)). */
export interface Preview { readonly objects: number; readonly problems: readonly Problem[]; readonly problemsOmitted: number; readonly counts: Readonly<Record<string, number>> }

export interface Answer { readonly revision: number; readonly journey: Journey; readonly glossary: Glossary }

/** One printed line of a host's rules, with the rule it shows (null for headers, chains and COMMIT). */
export interface RuleLine { readonly text: string; readonly rule: string | null }
export type RulesFormat = 'iptables-save' | 'ipset' | 'nft' | 'ipvsadm' | 'ip-route' | 'ip-addr';

/** A step of the destination picker: what a destination offers. */
export interface Offer { readonly port: number; readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly name: string }

/**
 * The engine's whole surface: method → what it takes and gives. Everything is JSON-safe.
 * The client, the server's allow-list and the renderer's types derive from this table.
 */
export interface Methods extends RulesMethods, EditMethods, AuthoringMethods, TrafficMethods, AnalysisMethods {
  /** Answers at once unless the engine is busy; hosts use it as the heartbeat. */
  ping: { input: Record<string, never>; output: { revision: number } };
  /** Reads without changing anything. */
  preview: { input: { documents: readonly TextDocument[] }; output: Preview };
  /** Makes these documents the current revision. Documents with problems are opened as far as they can be read. */
  open: { input: { documents: readonly TextDocument[]; title: string; sidecar?: Sidecar }; output: Opened };
  /** One question, every branch; never changes the cluster. With `remember` it becomes a moment of the timeline. */
  ask: { input: { probe: Probe; remember?: boolean }; output: Answer };
  /** Ports that a destination offers, best first; empty where everything or nothing can be asked. */
  offers: { input: { to: string }; output: { offers: readonly Offer[] } };
  /** A host's kernel text, line by line. `format` null = what the proxy mode uses. */
  rules: { input: { netns: NetnsId; format: RulesFormat | null; family?: 4 | 6 }; output: { format: RulesFormat; lines: readonly RuleLine[] } };
  /** Where an object, or one field of it, stands in the text. */
  locate: { input: { ref: ObjectRef; field?: string }; output: { at: SourceSpan | null } };
  /** Who may connect to whom, workload by workload, by NetworkPolicy (CLI.md `reach`). */
  reach: { input: { listeningOnly: boolean; ipBlocksMatchPods: boolean }; output: ReachAnswer };
  /** What changed from these documents to the current revision. */
  diffReach: { input: { before: readonly TextDocument[] }; output: DiffAnswer };
}
export type Method = keyof Methods;
/** The table's names at run time; `schemas` has one entry for each. */
export const methods: readonly Method[] = ['ping', 'preview', 'open', 'ask', 'offers', 'rules', 'locate', 'reach', 'diffReach', 'explain', 'counters', 'sample', 'previewMode', 'endpointsOf', 'edit', 'previewEdit', 'undo', 'redo', 'history', 'restartFrom', 'causedBy', 'complete', 'traffic', 'exposure', 'coverage', 'diffBetween', 'compare'];
export type Input<M extends Method> = Methods[M]['input'];
export type Output<M extends Method> = Methods[M]['output'];

/** What the renderer calls, whichever host the engine lives in. Rejections are ApiError values' messages, never stack traces. */
export type SandboxApi = { readonly [M in Method]: (input: Input<M>) => Promise<Output<M>> };

/** An error as it crosses a channel. */
export interface ApiError { readonly code: 'bad-request' | 'problem' | 'engine-failed' | 'engine-stopped'; readonly message: string }
