import type { Sidecar } from '../api/shapes.ts';
import { ApiFailure } from '../api/failure.ts';
import { placesAfter, wayTo, type LayoutEdit } from '../model/edit/arrange.ts';
import type { Positions } from '../model/edit/types.ts';
import type { Cluster } from '../model/types.ts';
import type { Saved } from './history.ts';

/** What an edit makes of a revision, under a name. */
export interface Change { readonly kind: 'change'; readonly title: string; readonly note: string | null; readonly saved: Saved }
/** `node c`, `api-1`, `Service db`: how a title names a thing of the map. */
function nameOf(id: string): string {
  const [kind = '', ...rest] = id.split('/');
  const name = rest.at(-1) ?? kind;
  if (kind === 'node') return `node ${name}`;
  if (kind === 'lb') return 'the load balancer';
  return kind === 'service' ? `Service ${name}` : kind === 'pod' ? name : `${kind} ${name}`;
}

const put = (positions: Positions, changed: Extract<LayoutEdit, { kind: 'set-layout' }>['positions']): Positions =>
  Object.fromEntries(Object.entries({ ...positions, ...changed }).filter((entry): entry is [string, { x: number; y: number }] => entry[1] !== null));

function arrange(cluster: Cluster, sidecar: Sidecar, { thing, at }: Extract<LayoutEdit, { kind: 'arrange' }>): readonly [string, Sidecar] {
  const positions = placesAfter(cluster, sidecar.positions, thing, at);
  if (positions === null) throw new ApiFailure('problem', `${nameOf(thing)} and ${nameOf(at)} do not stand in one list`);
  return [`Move ${nameOf(thing)} ${wayTo(cluster, sidecar.positions, thing, at)}`, { ...sidecar, positions }];
}

function fold({ folded: before = [], ...sidecar }: Sidecar, { thing, folded }: Extract<LayoutEdit, { kind: 'fold' }>): Sidecar {
  const others = before.filter((one) => one !== thing);
  const now = folded ? [...others, thing] : others;
  return { ...sidecar, ...(now.length === 0 ? {} : { folded: now }) };
}

/** A title, and the sidecar after the edit. Throws ApiFailure where it cannot be. */
function change(cluster: Cluster, sidecar: Sidecar, edit: LayoutEdit): readonly [string, Sidecar] {
  switch (edit.kind) {
    case 'arrange': return arrange(cluster, sidecar, edit);
    case 'fold': return [`${edit.folded ? 'Fold' : 'Unfold'} ${nameOf(edit.thing)}`, fold(sidecar, edit)];
    case 'group-pods': {
      const { grouping: _, ...rest } = sidecar;
      return edit.by === 'none' ? ['Show each pod', rest] : [`Group by ${edit.by}`, { ...rest, grouping: edit.by }];
    }
    case 'tidy-layout': {
      const { folded: _, ...rest } = sidecar;
      return ['Tidy up', { ...rest, positions: {} }];
    }
    case 'set-layout': {
      const [first, ...others] = Object.keys(edit.positions);
      return [`Place ${first === undefined || others.length > 0 ? 'things' : first.replace(/^.*\//, '')}`, { ...sidecar, positions: put(sidecar.positions, edit.positions) }];
    }
  }
}

/** What such an edit makes of the revision: the same documents with another sidecar. Throws ApiFailure with one sentence where it cannot be. */
export function planLayout(cluster: Cluster, saved: Saved, edit: LayoutEdit): Change {
  const [title, sidecar] = change(cluster, saved.sidecar, edit);
  return { kind: 'change', title, note: null, saved: { ...saved, sidecar } };
}

/** The sidecar without the ranks of pods (`namespace/name`) that leave their node: elsewhere they would mean something else. */
export function withoutPlaces(sidecar: Sidecar, pods: readonly string[]): Sidecar {
  const gone = pods.map((pod) => `pod/${pod}`).filter((id) => sidecar.positions[id] !== undefined);
  if (gone.length === 0) return sidecar;
  const left = new Set(gone);
  return { ...sidecar, positions: Object.fromEntries(Object.entries(sidecar.positions).filter(([id]) => !left.has(id))) };
}
