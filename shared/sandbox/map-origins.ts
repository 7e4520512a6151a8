import type { NetnsId, Origin } from '../dataplane/ids.ts';
import { findMapElement } from '../dataplane/map-element.ts';
import type { Packet } from '../dataplane/packet.ts';
import type { Trace } from '../trace/types.ts';
import { findRule, glossaryKey } from './glossary.ts';
import type { World } from './world.ts';

/** Origins by `NETNS RULEID`. */
export type MapOrigins = ReadonlyMap<string, Origin>;

interface Reader { readonly world: World; readonly origins: Map<string, Origin>; packet: Packet; sent: { readonly chain: string; readonly origin: Origin } | null }

/** A rule with a map is explained by the element that was hit; a rule all Services share, reached from there, by the same. */
function readRule(reader: Reader, netns: NetnsId, id: string): void {
  const host = reader.world.dataplane.netns(netns);
  const found = host ? findRule(host, id) : null;
  if (!found || found.rule.origin.for !== undefined) return;
  const key = glossaryKey(netns, id);
  const element = findMapElement(found.table, found.rule, reader.packet);
  const origin = element?.origin ?? (reader.sent?.chain === found.chain.name ? reader.sent.origin : undefined);
  if (origin === undefined || reader.origins.has(key)) return;
  reader.origins.set(key, origin);
  reader.sent = element?.verdict && 'chain' in element.verdict ? { chain: element.verdict.chain, origin } : null;
}

/**
 * Why rules that serve everybody did what they did to this packet: in nftables mode it is the element of a verdict map, not the rule that
 * asks the map, that names the Service. Rules that name their own object are left out.
 */
export function mapOrigins(world: World, trace: Trace, origins: Map<string, Origin> = new Map()): MapOrigins {
  const reader: Reader = { world, origins, packet: trace.flow.packet, sent: null };
  for (const { netns, steps } of trace.hops) {
    for (const step of steps) {
      if (step.kind === 'rewrite') reader.packet = step.after;
      else if (step.kind === 'encap' || step.kind === 'decap' || step.kind === 'originate') reader.packet = step.packet;
      else if (step.kind === 'rule') readRule(reader, netns, step.rule);
    }
  }
  return trace.reply ? mapOrigins(world, trace.reply, origins) : origins;
}
