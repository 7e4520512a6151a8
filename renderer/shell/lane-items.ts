import type { HistoryEntry } from '../../shared/api/edit-contract.ts';
import type { SentPacket, Timetable } from '../state/world-store.ts';

/** One thing on the session's line: an edit (or the start), or a packet that was sent. */
export type LaneItem =
  | { readonly kind: 'edit'; readonly entry: HistoryEntry; readonly state: 'past' | 'current' | 'undone' }
  | { readonly kind: 'packet'; readonly packet: SentPacket; readonly undone: boolean };

/** Edits and packets in the order they happened. The start is shown once there is something to go back from. */
export function laneItems({ entries, current }: Timetable, packets: readonly SentPacket[]): readonly LaneItem[] {
  const at = entries.findIndex(({ id }) => id === current);
  const edited = entries.some(({ kind }) => kind === 'edited');
  // the last edit (or the start) up to the moment that stands is where the cluster is
  const standing = entries.findLastIndex(({ kind }, i) => i <= at && kind !== 'packet');
  const items = entries.flatMap((entry, i): readonly LaneItem[] => {
    const undone = i > at;
    if (entry.kind === 'packet') return packets.filter((packet) => packet.entry === entry.id).map((packet): LaneItem => ({ kind: 'packet', packet, undone }));
    return entry.kind === 'opened' && !edited ? [] : [{ kind: 'edit', entry, state: undone ? 'undone' : i === standing ? 'current' : 'past' }];
  });
  const placed = new Set(entries.map(({ id }) => id));
  return [...items, ...packets.filter(({ entry }) => entry === undefined || !placed.has(entry)).map((packet): LaneItem => ({ kind: 'packet', packet, undone: false }))];
}
