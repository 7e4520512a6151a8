import { useWorld } from '../state/use-world.ts';
import { decisionOf } from './decision.ts';
import { readPeer, type Pair } from './reach-pairs.ts';

/** Sends the packet that shows what may pass between two peers; nothing where no machine stands at an end. */
export async function sendPair(src: string, dst: string, pair: Pair): Promise<void> {
  const { opened, actions } = useWorld.getState();
  const decision = opened === null || src === dst ? null : decisionOf(opened.cluster, readPeer(src), readPeer(dst), pair.allowed);
  if (decision === null || decision.request === null) return;
  actions.setRequest(decision.request);
  await actions.send();
}
