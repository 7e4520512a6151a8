import { familyOf, type Ip } from '../../base/ip.ts';
import { ApiFailure } from '../../api/failure.ts';
import type { L4, Protocol } from '../../dataplane/packet.ts';
import { selectSource } from '../../engine/select-source.ts';
import type { HttpRequest } from '../../model/http-request.ts';
import type { Party } from '../../model/resolve-from.ts';
import { dialledPort, type Target } from '../../model/resolve-to.ts';
import type { Flow, Probe } from '../../trace/types.ts';
import { arrivalAt } from '../arrival.ts';
import type { World } from '../world.ts';

/** The source port of every first connection: of Linux' own range (32768–60999); one fixed number keeps every picture the same. */
export const SOURCE_PORT = 41870;
/** The ICMP identifier of every ping, which conntrack takes for its port. */
export const ECHO_ID = 4187;

/** The question after its names are resolved: what is sent, from where. */
export interface Asked { readonly world: World; readonly probe: Probe; readonly from: Party; readonly target: Target; readonly protocol: Protocol; readonly port: number | null; /** Absent where no HTTP is spoken. */ readonly request?: HttpRequest }

function l4Of(protocol: Protocol, port: number, v6: boolean): L4 {
  switch (protocol) {
    case 'tcp': return { proto: 'tcp', sport: SOURCE_PORT, dport: port, flags: 'syn' };
    case 'udp': return { proto: 'udp', sport: SOURCE_PORT, dport: port };
    case 'sctp': return { proto: 'sctp', sport: SOURCE_PORT, dport: port, chunk: 'init' };
    case 'icmp': return { proto: 'icmp', type: v6 ? 128 : 8, code: 0, id: ECHO_ID };
  }
}

/** Where the packet starts: the source's own namespace, or the node that it is handed to. */
export function flowOf(asked: Asked, dst: Ip): Flow {
  const { world, probe, from, target, protocol, port } = asked;
  const v6 = familyOf(dst) === 6;
  const own = from.ips.find((ip) => familyOf(ip) === familyOf(dst));
  const stated = target.srv?.records.find(({ ip }) => ip === dst)?.port ?? port;
  const l4 = l4Of(protocol, stated === null ? 0 : protocol === 'icmp' ? stated : dialledPort(target, protocol, stated), v6);
  if (probe.at !== undefined) {
    const arrival = arrivalAt(world, probe.at, own ?? from.ips[0] ?? dst);
    return { from: arrival.netns, packet: { src: own ?? from.ips[0] ?? dst, dst, ttl: 64, l4 }, ...(arrival.link === undefined ? {} : { ingress: arrival.link }) };
  }
  if (from.netns === null) throw new ApiFailure('problem', `nobody here has the address ${from.ips[0]}: hand it to a node with --at node/NAME`);
  // A pod's, client's or asked-for address is its own; a machine with several lets the kernel choose, as a connect() without bind() does.
  const chosen = from.kind === 'address' ? own : selectSource(world.dataplane, from.netns, dst) ?? own;
  return { from: from.netns, packet: { src: chosen ?? dst, dst, ttl: 64, l4 } };
}
