import { usePlayback } from '../../renderer/playback/playback.ts';
import { loadBranch } from '../../renderer/state/stage.ts';
import { useWorld } from '../../renderer/state/use-world.ts';
import { recordedAnswer } from '../../renderer/testing/fixture.ts';

/** Lets React and the browser do what a step asked for. */
const settle = (): Promise<void> => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resolve();
  port2.postMessage(0);
});

/** A packet is sent: its answer is a new object, as every answer of the engine is. */
function send(turn: number): number {
  const answer = structuredClone(recordedAnswer());
  const branch = turn % answer.journey.branches.length;
  const timeline = loadBranch(answer, branch);
  useWorld.setState({ answer, branch, timeline });
  return timeline.moments.length;
}

/** Takes so many steps forward on the picture, sending again whenever a packet has come to its end. Answers how many packets were sent. */
export async function takeSteps(count: number): Promise<number> {
  let left = 0;
  let sent = 0;
  for (let i = 0; i < count; i++) {
    if (left === 0) left = send(sent++);
    else usePlayback.getState().next();
    left--;
    await settle();
  }
  return sent;
}
