import type { Answer, Offer, Preview, TextDocument } from '../../shared/api/shapes.ts';
import type { Edited, EditPreview, HistoryEntry } from '../../shared/api/edit-contract.ts';
import type { KeptLayout } from '../../shared/api/layout-file.ts';
import type { ObjectRef } from '../../shared/base/object-ref.ts';
import type { Problem, SourceSpan } from '../../shared/base/problem.ts';
import type { ClusterEdit } from '../../shared/model/edit/types.ts';
import type { Journey } from '../../shared/trace/types.ts';
import type { Skipped } from '../host/read-files.ts';
import type { Choosing, Request, Selection, World } from './world.ts';

/** One packet of this session, kept whole: opening it again asks the engine nothing. */
export interface SentPacket { readonly id: number; /** The cluster it was asked of; see WorldStore.edition. */ readonly edition: number; readonly request: Request; readonly answer: Answer; /** `web-1 → api:80` */ readonly title: string; /** Its entry of the timeline, once that is known. */ readonly entry?: number }

/** What the last edit did, in a sentence. */
export interface Notice { readonly title: string; readonly how: 'edited' | 'undone' | 'redone' | 'restarted'; readonly note: string | null; readonly summary: string; /** What became of rules and pairs: `+4 −2 rules on 3 nodes`. */ readonly facts: readonly string[] }
/** The timeline as the engine keeps it; `current` is the entry that stands. */
export interface Timetable { readonly entries: readonly HistoryEntry[]; readonly current: number | null }

/** Documents that wait for merge or replace. `preview` is null while the engine reads them. */
export interface Incoming {
  readonly documents: readonly TextDocument[];
  readonly title: string;
  readonly skipped: readonly Skipped[];
  readonly preview: Preview | null;
}

/** The World plus what only panels need. */
export interface WorldStore extends World {
  readonly incoming: Incoming | null;
  /** Texts as typed, by document name, where they differ from the opened revision's. */
  readonly drafts: Readonly<Record<string, string>>;
  /** What is wrong with the drafts while they are not good enough to replace the cluster; null when there is nothing pending. */
  readonly draftProblems: readonly Problem[] | null;
  readonly packets: readonly SentPacket[];
  /** Counts the clusters this window has shown; unlike the engine's revision it never starts again. */
  readonly edition: number;
  /** Whether the cluster that is shown was opened, or is what an edit made of the one before. */
  readonly changed: 'opened' | 'edited';
  /** Which packet is on stage. */
  readonly packet: number | null;
  readonly history: Timetable;
  /** Until the next question, or until it is put away. */
  readonly notice: Notice | null;
  /** Set where the answer on stage was asked for by itself: after which edit, and what the answer was before. */
  readonly again: { readonly after: string; readonly before: Journey['verdict'] } | null;
  /** One sentence about what could not be done, until the next action. */
  readonly failure: string | null;
  readonly actions: WorldActions;
}

export interface Offering { readonly documents: readonly TextDocument[]; readonly title: string; readonly skipped?: readonly Skipped[] }

export interface WorldActions {
  /** Makes these documents the cluster, arranged as the layout beside them says, as given, or as they were last; what was asked before goes away. Answers whether it worked. */
  readonly open: (documents: readonly TextDocument[], title: string, arranged?: KeptLayout) => Promise<boolean>;
  /** Reads documents without opening them, for the dialog that asks merge or replace. */
  readonly offer: (offering: Offering) => Promise<void>;
  readonly acceptIncoming: (how: 'merge' | 'replace') => Promise<void>;
  readonly dismissIncoming: () => void;
  /** Types one document's text; the cluster follows after 300 ms of quiet, if the text can be read. */
  readonly edit: (name: string, text: string) => void;
  /** Sends what was typed at once. */
  readonly flushTyping: () => Promise<void>;
  /** Changes the cluster by hand; null = it could not be, and `failure` says why. */
  readonly applyEdit: (edit: ClusterEdit) => Promise<Edited | null>;
  readonly previewEdit: (edit: ClusterEdit) => Promise<EditPreview | null>;
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
  /** Goes back (or forward) to the moment after this entry of the timeline. */
  readonly restartFrom: (entry: number) => Promise<void>;
  readonly dismissNotice: () => void;
  readonly setRequest: (part: Partial<Request>) => void;
  readonly chooseSource: (id: string) => void;
  readonly chooseDestination: (id: string) => void;
  readonly startChoosing: (kind: Choosing) => void;
  /** A click on a thing: names the source, the destination, or selects, as `choosing` says. */
  readonly pick: (id: string) => void;
  readonly send: () => Promise<void>;
  readonly playBranch: (index: number) => void;
  /** Puts an earlier packet back on stage. */
  readonly reopen: (id: number) => void;
  readonly clearStage: () => void;
  readonly select: (selection: Selection) => void;
  readonly hover: (id: string | null) => void;
  /** Finds the object, or one field of it, in the manifests and lights it there. */
  readonly lightUp: (ref: ObjectRef, field?: string) => Promise<void>;
  readonly lightSpan: (span: SourceSpan | null) => void;
  readonly fail: (sentence: string | null) => void;
}

export const emptyRequest: Request = { from: '', to: '', port: null, protocol: 'tcp' };
export const noOffers: readonly Offer[] = [];
