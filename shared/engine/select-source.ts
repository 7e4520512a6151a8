import type { Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Dataplane } from '../dataplane/netns.ts';
import { sourceFor } from './route.ts';
import { planeOf, viewOf } from './views.ts';

/** The source address that a process in this namespace gets for a destination it does not choose one for (fib_result_prefsrc, inet_select_addr); null without a route or a namespace. */
export function selectSource(dataplane: Dataplane, netns: NetnsId, dst: Ip): Ip | null {
  const ns = viewOf(planeOf(dataplane), netns);
  return ns === null ? null : sourceFor(ns, dst);
}
