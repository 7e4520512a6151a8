import type { SentPacket } from './world-store.ts';

/** As deep as edits are undone, whole packets are kept: each goes back on stage as it was. */
const most = 200;
/** Beyond `sure` packets, so many branches in all: one takes 15 to 30 KB, so that a session of large answers stays within some 50 MB. */
const mostBranches = 2000;
const sure = 40;

/** The packets of a session that are kept whole, oldest first: the newest 200, fewer where their answers are large. */
export function keptPackets(packets: readonly SentPacket[]): readonly SentPacket[] {
  let branches = 0;
  let kept = 0;
  for (const { answer } of packets.toReversed()) {
    branches += answer.journey.branches.length;
    if (kept === most || (kept >= sure && branches > mostBranches)) break;
    kept += 1;
  }
  return kept === packets.length ? packets : packets.slice(packets.length - kept);
}
