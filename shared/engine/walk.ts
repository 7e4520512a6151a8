import { bridgeIn } from './bridge.ts';
import { forward, localIn, receive, routeIn } from './input.ts';
import { balancedOut } from './ipvs.ts';
import { maxWork } from './limits.ts';
import { egress, localOut } from './output.ts';
import { resolveNeighbour } from './neighbour.ts';
import { connectSocket } from './socket-services.ts';
import { encapsulate, unwrapOrDeliver } from './tunnel.ts';
import { masterOf, peerOf, type LinkView } from './views.ts';
import { endAt, type Stage, type Walk } from './walk-state.ts';
import { arrive, cross } from './wire.ts';

function step(w: Walk, stage: NonNullable<Stage>): Stage {
  switch (stage) {
    case 'local-out': return localOut(w);
    case 'egress': return egress(w);
    case 'encapsulate': return encapsulate(w);
    case 'bridge-in': return bridgeIn(w);
    case 'receive': return receive(w);
    case 'route': return routeIn(w);
    case 'forward': return forward(w);
    case 'local-in': return localIn(w);
    case 'balanced-out': return balancedOut(w);
    case 'deliver': return unwrapOrDeliver(w);
  }
}

/** Walks from a stage until the packet's fate is known. */
function runStages(w: Walk, first: Stage): void {
  for (let stage = first; stage !== null; stage = step(w, stage)) {
    if (++w.run.work > maxWork) {
      endAt(w, 'looped', 'the work budget of one packet is used up');
      return;
    }
  }
}

/** A packet that its namespace sends. */
export function walkOut(w: Walk): void {
  w.steps.push({ kind: 'originate', packet: w.packet });
  if (!w.answers && !connectSocket(w)) return;
  runStages(w, w.ns.down ? endAt(w, 'host-down', w.ns.netns.host) : 'local-out');
}

/** A frame that the kernel puts straight back on the wire it came from. */
export function walkStraight(w: Walk, port: LinkView): void {
  w.steps.push({ kind: 'originate', packet: w.packet });
  const peer = peerOf(port);
  w.target = peer === null || masterOf(peer) === null ? peer : resolveNeighbour(masterOf(port) ?? port, w.packet.dst)?.target ?? null;
  runStages(w, cross(w, port));
}

/** A packet handed in at a link, as if it had just arrived for this machine. */
export function walkIn(w: Walk, ingress: string): void {
  const link = w.ns.links.get(ingress);
  if (!link) throw new RangeError(`${w.ns.id} has no link ${ingress}`);
  w.steps.push(link.enter);
  w.target = masterOf(link) ?? link;
  runStages(w, w.ns.down ? endAt(w, 'host-down', w.ns.netns.host) : arrive(w, link));
}
