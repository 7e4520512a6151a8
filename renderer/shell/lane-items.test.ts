import { describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../shared/api/edit-contract.ts';
import type { SentPacket } from '../state/world-store.ts';
import { noticeWords } from './EditNotice.tsx';
import { laneItems } from './lane-items.ts';

const opened: HistoryEntry = { id: 0, kind: 'opened', title: 'Open Shop' };
const edited = (id: number, title: string): HistoryEntry => ({ id, kind: 'edited', title });
const sent = (id: number): HistoryEntry => ({ id, kind: 'packet', title: 'web → api', probe: { from: 'pod/default/web', to: 'api' }, verdict: 'delivered' });
const packet = (id: number, entry?: number): SentPacket => ({ id, edition: 1, request: { from: '', to: '', port: null, protocol: 'tcp' }, answer: {} as SentPacket['answer'], title: `p${id}`, ...(entry === undefined ? {} : { entry }) });
const shown = (...given: Parameters<typeof laneItems>): readonly string[] => laneItems(...given).map((item) => (item.kind === 'edit' ? `${item.entry.title}: ${item.state}` : `${item.packet.title}${item.undone ? ' undone' : ''}`));

describe('the session in one line', () => {
  test('without edits it is the packets', () => expect(shown({ entries: [opened, sent(1)], current: 1 }, [packet(7, 1)])).toEqual(['p7']));
  test('edits and packets stand in order, the last edit is where the cluster is', () =>
    expect(shown({ entries: [opened, edited(1, 'Move'), sent(2), edited(3, 'Scale')], current: 3 }, [packet(7, 2)])).toEqual(['Open Shop: past', 'Move: past', 'p7', 'Scale: current']));
  test('what was undone stays, and says so', () =>
    expect(shown({ entries: [opened, edited(1, 'Move'), sent(2), edited(3, 'Scale')], current: 0 }, [packet(7, 2)])).toEqual(['Open Shop: current', 'Move: undone', 'p7 undone', 'Scale: undone']));
  test('a packet that the timeline has not told yet comes last', () => expect(shown({ entries: [opened], current: 0 }, [packet(7), packet(8, 99)])).toEqual(['p7', 'p8']));
});

describe('the notice of an edit', () => {
  const notice = { title: 'Move', how: 'edited', note: null, summary: '1 pod on another node', facts: ['+4 −2 rules on 3 nodes'] } as const;
  test.each([
    [notice, '2 pairs opened', ['1 pod on another node', '+4 −2 rules on 3 nodes', '2 pairs opened']],
    [{ ...notice, facts: ['2 pairs open'] }, '2 pairs opened', ['1 pod on another node', '2 pairs open']],
    [{ ...notice, summary: 'No pod, endpoint or problem changes' }, '', ['+4 −2 rules on 3 nodes']],
    [{ ...notice, facts: [], note: 'It stays behind.' }, '', ['1 pod on another node', 'It stays behind']],
  ] as const)('%j with "%s" says %j', (given, pairs, words) => expect(noticeWords(given, pairs)).toEqual(words));
});
