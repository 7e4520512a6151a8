import type { LaneItem } from './lane-items.ts';

/** What going to one thing of the session takes: a packet put back on stage, the cluster put back to the moment after an entry of the timeline, or both. */
export interface SessionMove { readonly reopen: number | null; readonly restart: number | null; /** The stage is emptied: at an edit that stands, what was sent after it is not there yet. */ readonly clear: boolean }

/** Where the session stands: at the packet on stage if the cluster is still the one it was sent in, else at the edit that stands. −1 where there is nothing. */
export function standingAt(items: readonly LaneItem[], packet: number | null): number {
  const edit = items.findIndex((item) => item.kind === 'edit' && item.state === 'current');
  const shown = items.findIndex((item) => item.kind === 'packet' && item.packet.id === packet && !item.undone);
  return shown > edit && !items.slice(edit + 1, shown).some(({ kind }) => kind === 'edit') ? shown : edit >= 0 ? edit : items.length - 1;
}

/** What it takes to go to `items[to]`. A packet that was sent in the cluster that stands needs no restart. */
export function moveTo(items: readonly LaneItem[], to: number): SessionMove {
  const item = items[to];
  if (item === undefined) return { reopen: null, restart: null, clear: false };
  if (item.kind === 'edit') {
    const stands = item.state === 'current';
    return { reopen: null, restart: stands ? null : item.entry.id, clear: stands };
  }
  const before = items.slice(0, to).findLast(({ kind }) => kind === 'edit');
  const stands = !item.undone && (before === undefined || (before.kind === 'edit' && before.state === 'current'));
  return { reopen: item.packet.id, restart: stands ? null : (item.packet.entry ?? null), clear: false };
}

/** One thing of the session in words, as a slider's value. */
export const itemWords = (item: LaneItem): string => (item.kind === 'edit' ? `Edit: ${item.entry.kind === 'opened' ? 'Opened' : item.entry.title}` : `Packet: ${item.packet.title}`);
