import type { NetnsId } from './ids.ts';
import { mergeFragments } from './merge-fragments.ts';
import type { Dataplane, Fragment, Netns } from './netns.ts';

/** A machine and the namespaces that stand on it, its own first. */
export interface HostNetns { readonly id: NetnsId; readonly netns: readonly NetnsId[] }

/** The namespaces of these machines. A machine's fragments are asked for once, when one of its namespaces is first looked at: 100 nodes with 25,000 rules each must not be compiled for one packet. `finish` may change a namespace after merging (a fault); `holdersOf` is passed on. */
export function buildDataplane(hosts: readonly HostNetns[], fragmentsOf: (host: NetnsId) => readonly Fragment[], finish: (netns: Netns) => Netns = (netns) => netns, holdersOf?: Dataplane['holdersOf']): Dataplane {
  const hostOf = new Map(hosts.flatMap((host) => host.netns.map((id): [NetnsId, NetnsId] => [id, host.id])));
  const fragments = new Map<NetnsId, readonly Fragment[]>();
  const built = new Map<NetnsId, Netns>();
  return {
    ids: [...hostOf.keys()],
    ...(holdersOf ? { holdersOf } : {}),
    netns(id) {
      const done = built.get(id);
      if (done) return done;
      const host = hostOf.get(id);
      if (host === undefined) return null;
      let parts = fragments.get(host);
      if (!parts) fragments.set(host, (parts = fragmentsOf(host)));
      const netns = finish(mergeFragments(id, parts));
      built.set(id, netns);
      return netns;
    },
  };
}
