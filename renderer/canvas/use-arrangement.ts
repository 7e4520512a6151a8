import { useMemo } from 'react';
import type { LayoutOptions } from '../scene/layout-options.ts';
import { useWorld } from '../state/use-world.ts';

/** How a person arranged the map, as it stands beside the documents. */
export type Arrangement = Pick<LayoutOptions, 'positions' | 'folded' | 'grouping'>;

const noPositions = {} as const;
const noNames = [] as const;

/** The arrangement of what is open; a new object only when something of it changed. */
export function useArrangement(): Arrangement {
  const positions = useWorld((w) => w.opened?.sidecar?.positions ?? noPositions);
  const folded = useWorld((w) => w.opened?.sidecar?.folded ?? noNames);
  const grouping = useWorld((w) => w.opened?.sidecar?.grouping ?? 'none');
  return useMemo(() => ({ positions, folded: new Set(folded), grouping }), [positions, folded, grouping]);
}
