import { describe, expect, test } from 'vitest';
import type { LaneItem } from './lane-items.ts';
import { itemWords, moveTo, standingAt } from './session-moves.ts';

const edit = (id: number, state: 'past' | 'current' | 'undone'): LaneItem => ({ kind: 'edit', entry: { id, kind: id === 0 ? 'opened' : 'edited', title: `e${id}` }, state });
const packet = (id: number, entry: number, undone = false): LaneItem => ({ kind: 'packet', packet: { id, entry, edition: 1, request: { from: '', to: '', port: null, protocol: 'tcp' }, answer: {} as never, title: `p${id}` }, undone });
const session = [edit(0, 'past'), packet(1, 1), edit(2, 'current'), packet(2, 3), edit(4, 'undone'), packet(3, 5, true)];

describe('scrubbing through the session', () => {
  test('it stands at the packet on stage where that belongs to the cluster as it is, else at the edit', () =>
    expect([null, 1, 2, 3].map((shown) => standingAt(session, shown))).toEqual([2, 2, 3, 2]));
  test('without edits it stands at the packet on stage, or at the last', () => expect([standingAt([packet(1, 1), packet(2, 2)], 1), standingAt([packet(1, 1), packet(2, 2)], null), standingAt([], null)]).toEqual([0, 1, -1]));
  test('an edit is gone to by its entry, the one that stands by taking away what was sent after it', () => expect([0, 2, 4].map((to) => moveTo(session, to))).toEqual([{ reopen: null, restart: 0, clear: false }, { reopen: null, restart: null, clear: true }, { reopen: null, restart: 4, clear: false }]));
  test('a packet is put back on stage, in the cluster that it was sent in', () => expect([1, 3, 5].map((to) => moveTo(session, to))).toEqual([{ reopen: 1, restart: 1, clear: false }, { reopen: 2, restart: null, clear: false }, { reopen: 3, restart: 5, clear: false }]));
  test('nothing is where there is nothing', () => expect(moveTo(session, 99)).toEqual({ reopen: null, restart: null, clear: false }));
  test('each says what it is', () => expect(session.slice(0, 3).map(itemWords)).toEqual(['Edit: Opened', 'Packet: p1', 'Edit: e2']));
});
