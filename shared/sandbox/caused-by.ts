import type { Caused, CausedRule } from '../api/authoring-contract.ts';
import { printRef, type ObjectRef } from '../base/object-ref.ts';
import type { NetnsId, Origin } from '../dataplane/ids.ts';
import { explain } from './glossary.ts';
import type { World } from './world.ts';

const MOST_RULES = 40;

/** The ids of a host's rules, routes and virtual servers whose origin names this object. */
function idsFor(world: World, id: NetnsId, wanted: string): readonly string[] {
  const netns = world.dataplane.netns(id);
  if (!netns) return [];
  const is = ({ origin }: { readonly origin: Origin }): boolean => origin.for !== undefined && printRef(origin.for) === wanted;
  const rules = netns.tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules.filter(is).map((rule) => rule.id)));
  return [...rules, ...netns.routes.filter(is).map((route) => route.id)];
}

/** The rules and routes of every host that exist because of an object; pods' own namespaces hold none. */
export function causedBy(world: World, ref: ObjectRef): Caused {
  const wanted = printRef(ref);
  const found = world.dataplane.ids
    .filter((id) => !id.startsWith('pod/'))
    .map((netns) => ({ netns, ids: idsFor(world, netns, wanted) }))
    .filter(({ ids }) => ids.length > 0);
  const first = found[0];
  const rules = (first?.ids ?? []).slice(0, MOST_RULES).flatMap((id): readonly CausedRule[] => {
    const explained = explain(world, first!.netns, id);
    return explained === null ? [] : [{ netns: first!.netns, id, text: explained.text, why: explained.why }];
  });
  return { hosts: found.map(({ netns, ids }) => ({ netns, count: ids.length })), rules };
}
