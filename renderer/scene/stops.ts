import type { Moment } from './types.ts';
import type { Station, Stop } from './routing.ts';

const tunnels = /^(flannel|vxlan|tunl|wg|geneve)/;

/** Which station of a node a link is drawn as. */
function stationOfLink(link: string): Station {
  if (/^(eth|en|wlan)/.test(link)) return 'uplink';
  if (tunnels.test(link)) return 'tunnel';
  return link === 'lo' ? 'kernel' : 'bridge';
}

/** Where a moment happens. A moment in a switch, which has no place of its own, happens where the one before it did. */
export function stopOf(moment: Moment, before: Stop | null): Stop {
  const { netns, kind, link } = moment;
  if (netns.startsWith('pod/')) return { netns, station: 'door' };
  if (netns.startsWith('router/')) return { netns, station: 'router' };
  if (netns.startsWith('node/')) {
    if (kind === 'fate' && before?.netns === netns) return before;
    if (kind === 'encap' || kind === 'decap') return { netns, station: 'tunnel' };
    // what its kernel does with the outer header is done between the tunnel and the uplink: the line does not turn back for it
    if (moment.packet.outer !== undefined && kind !== 'enter' && kind !== 'bridge') return { netns, station: 'tunnel' };
    if (kind === 'enter' && link !== undefined) return { netns, station: stationOfLink(link) };
    return { netns, station: kind === 'bridge' ? 'bridge' : 'kernel' };
  }
  if (netns.startsWith('switch/') && before !== null) return before;
  return { netns, station: 'outside' };
}

/** The stops of moments in order, one for each. */
export function stopsOf(moments: readonly Moment[]): readonly Stop[] {
  const stops: Stop[] = [];
  for (const moment of moments) stops.push(stopOf(moment, stops.at(-1) ?? null));
  return stops;
}

export const sameStop = (a: Stop, b: Stop): boolean => a.netns === b.netns && a.station === b.station;
