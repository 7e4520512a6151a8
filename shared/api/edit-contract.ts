import type { ObjectRef } from '../base/object-ref.ts';
import type { Problem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Alternative, ClusterEdit } from '../model/edit/types.ts';
import type { Journey, Probe } from '../trace/types.ts';
import type { Opened, RulesFormat } from './shapes.ts';

/** What an edit does to the cluster. Lists are cut where they grow long, and `omitted` counts the rest. */
export interface EditEffect {
  /** One sentence: what changes for packets. */
  readonly summary: string;
  /** Pods that come, go, or stand elsewhere; `before` or `after` null = not there. */
  readonly pods: readonly { readonly pod: string; readonly before: PodPlace | null; readonly after: PodPlace | null }[];
  /** Services whose endpoints change, `IP:port` each. */
  readonly endpoints: readonly { readonly service: ObjectRef; readonly added: readonly string[]; readonly removed: readonly string[] }[];
  /** Problems that the edit brings or takes away. */
  readonly problemsAdded: readonly Problem[];
  readonly problemsRemoved: readonly Problem[];
  readonly omitted: number;
}
export interface PodPlace { readonly node: string; readonly ips: readonly string[]; readonly ready: boolean }

export type EditDone = Extract<Edited, { readonly kind: 'done' }>;
/** An edit carried out, or the question that must be answered first (each alternative is an edit to send instead). */
export type Edited =
  | { readonly kind: 'done'; readonly title: string; /** What else the person should know, one sentence. */ readonly note: string | null; readonly effect: EditEffect; readonly opened: Opened }
  | { readonly kind: 'choose'; readonly question: string; readonly alternatives: readonly Alternative[] };

/** A pair of workloads (or ranges) that policies judge otherwise, in `reach`'s words: `TCP 80, UDP all`; '' = nothing. */
export interface PairChange { readonly from: string; readonly to: string; readonly before: string; readonly after: string }
/** What an edit would do. Nothing has changed. */
export type EditPreview =
  | {
    readonly kind: 'effect'; readonly title: string; readonly note: string | null; readonly effect: EditEffect;
    /** Lines of each host's rules that come and go; hosts without any are left out. `hostsOmitted` were not compared. */
    readonly rules: readonly { readonly netns: NetnsId; readonly added: number; readonly removed: number }[];
    readonly hostsOmitted: number;
    /** The lines themselves for the asked host, else for the first that changes. */
    readonly text: { readonly netns: NetnsId; readonly format: RulesFormat; readonly added: readonly string[]; readonly removed: readonly string[] } | null;
    /** Pairs that NetworkPolicy opens, closes or changes. */
    readonly opens: readonly PairChange[];
    readonly closes: readonly PairChange[];
    readonly changes: readonly PairChange[];
    readonly pairsOmitted: number;
    /** The documents' text as it would be, only those that change; null = taken away. */
    readonly documents: readonly { readonly name: string; readonly text: string | null }[];
  }
  | { readonly kind: 'choose'; readonly question: string; readonly alternatives: readonly Alternative[] };

/** One moment of the timeline: what was opened, edited or sent. */
export type HistoryEntry =
  | { readonly id: number; readonly kind: 'opened' | 'edited'; readonly title: string }
  | { readonly id: number; readonly kind: 'packet'; readonly title: string; readonly probe: Probe; readonly verdict: Journey['verdict'] };

/** The surface for changing the cluster by hand: edits, their previews, undo, redo and the timeline. */
export interface EditMethods {
  /** Changes the cluster's text by one edit; refused with a sentence where it cannot be. `join` makes it one step with the edit before if that was of the same kind (typing, a long drag). */
  edit: { input: { edit: ClusterEdit; join?: boolean }; output: Edited };
  /** What that edit would do; nothing changes. `rulesOf` = the host whose lines are wanted. */
  previewEdit: { input: { edit: ClusterEdit; rulesOf?: NetnsId }; output: EditPreview };
  /** The text before the last edit, byte for byte; refused where there is none. 200 edits are kept. */
  undo: { input: Record<string, never>; output: EditDone };
  redo: { input: Record<string, never>; output: EditDone };
  /** The timeline, oldest first; `current` is the entry that stands, later ones were undone. */
  history: { input: Record<string, never>; output: { entries: readonly HistoryEntry[]; current: number | null } };
  /** Goes to the moment after this entry; later entries stay until the next edit. */
  restartFrom: { input: { entry: number }; output: EditDone };
}
