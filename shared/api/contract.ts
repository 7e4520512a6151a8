import type { AnalysisMethods } from './analysis-contract.ts';
import type { SourceSpan } from '../base/problem.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Probe } from '../trace/types.ts';
import type { AuthoringMethods } from './authoring-contract.ts';
import type { EditMethods } from './edit-contract.ts';
import type { DiffAnswer, ReachAnswer } from './reach-contract.ts';
import type { RulesMethods } from './rules-contract.ts';
import type { Answer, Offer, Opened, Preview, RuleLine, RulesFormat, Sidecar, TextDocument } from './shapes.ts';
import type { TrafficMethods } from './traffic-contract.ts';

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
