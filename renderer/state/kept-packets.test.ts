import { describe, expect, test } from 'vitest';
import { recordedAnswer } from '../testing/fixture.ts';
import { keptPackets } from './kept-packets.ts';
import { emptyRequest, type SentPacket } from './world-store.ts';

const answer = recordedAnswer();
const [branch] = answer.journey.branches;

const sent = (count: number, branches: number): readonly SentPacket[] => Array.from({ length: count }, (_, id): SentPacket => ({
  id, edition: 0, request: emptyRequest, title: '', answer: { ...answer, journey: { ...answer.journey, branches: Array.from({ length: branches }, () => branch!) } },
}));
const idsOf = (packets: readonly SentPacket[]): readonly number[] => [packets[0]!.id, packets.at(-1)!.id];

describe('packets of a session are kept whole', () => {
  test('as deep as edits are undone: 200', () => {
    const packets = sent(200, 10);
    expect(keptPackets(packets)).toBe(packets);
    expect(idsOf(keptPackets(sent(201, 10)))).toEqual([1, 200]);
  });

  test('fewer where their answers are large, and never fewer than 40', () => {
    expect(idsOf(keptPackets(sent(200, 20)))).toEqual([100, 199]);
    expect(idsOf(keptPackets(sent(200, 1000)))).toEqual([160, 199]);
  });
});
