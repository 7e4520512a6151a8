import type { Sidecar, TextDocument } from '../api/shapes.ts';
import type { HistoryEntry } from '../api/edit-contract.ts';

/** All that a revision is made from. */
export interface Saved { readonly documents: readonly TextDocument[]; readonly title: string; readonly sidecar: Sidecar }
/** `joins` names what a further edit may be one step with. */
interface Moment { readonly entry: HistoryEntry; readonly after: Saved; readonly joins: string }
/** One timeline of edits and packets. `at` is the moment that stands; what comes after it was undone. */
export interface History { readonly moments: readonly Moment[]; readonly at: number; readonly nextId: number }

export const MAX_UNDO = 200;
const MAX_PACKETS = 1000;

/** What stands beside documents that were just opened. */
export const noSidecar: Sidecar = { positions: {} };

/** A timeline that begins with what was opened. */
export const startHistory = (saved: Saved, nextId = 0): History =>
  ({ moments: [{ entry: { id: nextId, kind: 'opened', title: saved.title === '' ? 'Open' : `Open ${saved.title}` }, after: saved, joins: '' }], at: 0, nextId: nextId + 1 });

const isEdit = (moment: Moment): boolean => moment.entry.kind === 'edited';

/** The oldest moments go as soon as more than 200 edits (or 1,000 packets) could be undone. */
function trimmed(moments: readonly Moment[]): readonly Moment[] {
  let edits = moments.slice(1).filter(isEdit).length;
  let packets = moments.filter((moment) => moment.entry.kind === 'packet').length;
  let from = 0;
  while (edits > MAX_UNDO) if (isEdit(moments[++from]!)) edits--;
  const kept = moments.slice(from);
  return packets <= MAX_PACKETS ? kept : kept.filter((moment, i) => i === 0 || moment.entry.kind !== 'packet' || packets-- <= MAX_PACKETS);
}

/** The timeline after an edit: what had been undone is gone. With `join` it becomes one with the last edit if both have the same `joins`. */
export function addEdit(history: History, title: string, after: Saved, joins = '', join = false): History {
  const last = history.moments[history.at]!;
  const one = join && joins !== '' && last.joins === joins && history.at === history.moments.length - 1;
  const moment: Moment = { entry: { id: one ? last.entry.id : history.nextId, kind: 'edited', title }, after, joins };
  const moments = trimmed([...history.moments.slice(0, one ? history.at : history.at + 1), moment]);
  return { moments, at: moments.length - 1, nextId: one ? history.nextId : history.nextId + 1 };
}

/** The timeline with a packet sent now; what had been undone can still be done again. */
export function addPacket(history: History, packet: Omit<Extract<HistoryEntry, { kind: 'packet' }>, 'id' | 'kind'>): History {
  const moment: Moment = { entry: { id: history.nextId, kind: 'packet', ...packet }, after: history.moments[history.at]!.after, joins: '' };
  const before = trimmed([...history.moments.slice(0, history.at + 1), moment]);
  return { moments: [...before, ...history.moments.slice(history.at + 1)], at: before.length - 1, nextId: history.nextId + 1 };
}

const undoIndex = (history: History): number => history.moments.findLastIndex((moment, i) => i <= history.at && i > 0 && isEdit(moment));
const redoIndex = (history: History): number => history.moments.findIndex((moment, i) => i > history.at && isEdit(moment));

/** What undo and redo would take back or do again; null where there is nothing. */
export const undoTitle = (history: History): string | null => history.moments[undoIndex(history)]?.entry.title ?? null;
export const redoTitle = (history: History): string | null => history.moments[redoIndex(history)]?.entry.title ?? null;

/** The timeline one edit earlier; null where there is none. */
export function stepBack(history: History): History | null {
  const index = undoIndex(history);
  return index < 0 ? null : { ...history, at: index - 1 };
}

/** The timeline one edit later; null where nothing was undone. */
export function stepForward(history: History): History | null {
  const index = redoIndex(history);
  return index < 0 ? null : { ...history, at: index };
}

/** The timeline at the moment after this entry; null where there is no such entry. */
export function goTo(history: History, id: number): History | null {
  const index = history.moments.findIndex((moment) => moment.entry.id === id);
  return index < 0 ? null : { ...history, at: index };
}

export const savedAt = (history: History): Saved => history.moments[history.at]!.after;
