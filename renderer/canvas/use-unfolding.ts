import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Cluster } from '../../shared/model/types.ts';
import { editActions } from '../state/edit-actions.ts';
import { findPlace } from '../state/places.ts';
import { useWorld } from '../state/use-world.ts';
import type { Scene } from '../scene/scene.ts';
import { findPath } from './rewire/gesture.ts';

/** What must be unfolded for a thing to be drawn: its node's row, its group, all Services or all Ingress paths; null where it is drawn, or is not on this map. */
export function foldOver(scene: Scene, id: string): string | null {
  const kind = id.split('/')[0];
  if (kind === 'service') return scene.moreServices === null || scene.capsules.some((capsule) => capsule.id === id) ? null : 'services';
  if (kind === 'ingress') return scene.morePaths === null || scene.paths.some((path) => path.id === id) ? null : 'ingresses';
  for (const { bundles, more, folded } of scene.rows) {
    const bundle = bundles.find(({ members }) => members.includes(id));
    if (bundle !== undefined) return bundle.id;
    // a row that a person folded stays folded
    if (!folded && more?.members.includes(id) === true) return more.node;
  }
  return null;
}

const isThere = (cluster: Cluster, id: string): boolean => findPlace(cluster, id) !== null || findPath(cluster, id) !== undefined;

/** Turns one over; groups that were opened inside a row close with it. */
function turned(was: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const ofRow = [...was].filter((one) => one === id || one.startsWith(`group/${id}/`));
  return ofRow.length > 0 ? new Set([...was].filter((one) => !ofRow.includes(one))) : new Set([...was, id]);
}

interface Unfolding { readonly unfolded: ReadonlySet<string>; readonly toggle: (id: string) => void; /** Sees to it that a thing is drawn while it is there. */ readonly uncover: (scene: Scene, id: string) => void }

/** Rows and groups that are shown whole for now: those that a person opened, and the one that holds what was selected. A node that was folded by hand unfolds as an edit. */
export function useUnfolding(cluster: Cluster | null): Unfolding {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [held, setHeld] = useState<{ readonly thing: string; readonly fold: string } | null>(null);
  const holds = held !== null && cluster !== null && isThere(cluster, held.thing) ? held.fold : null;
  const unfolded = useMemo(() => (holds === null ? opened : new Set([...opened, holds])), [opened, holds]);
  const toggle = useCallback((id: string) => {
    if (useWorld.getState().opened?.sidecar?.folded?.includes(id) === true) return void editActions.edit({ kind: 'fold', thing: id, folded: false });
    setHeld(null);
    setOpened(turned(unfolded, id));
  }, [unfolded]);
  const uncover = useCallback((scene: Scene, thing: string) => {
    const fold = foldOver(scene, thing);
    if (fold === null) return;
    setOpened(unfolded);
    setHeld({ thing, fold });
  }, [unfolded]);
  return { unfolded, toggle, uncover };
}

/** What gets selected is never left behind a count; folding it away again is then the person's. */
export function useSelectedShown(scene: Scene | null, uncover: Unfolding['uncover']): void {
  const selected = useWorld((w) => (w.selection?.kind === 'thing' ? w.selection.id : null));
  useEffect(() => {
    if (scene !== null && selected !== null) uncover(scene, selected);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a new selection calls for it, not a new scene
  }, [selected]);
}
