import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Cluster } from '../../shared/model/types.ts';
import { useCompanions } from '../playback/companions.ts';
import { touchedBy, type Touched } from '../scene/touched.ts';
import { useWorld } from '../state/use-world.ts';
import { useTraffic } from '../traffic/traffic.ts';

/** What the stage's own request touches, with what the packets beside it and flowing traffic touch: none of that steps back. */
export function useAlsoTouched(touched: Touched | null, cluster: Cluster | null): Touched | null {
  const beside = useCompanions(useWorld((w) => w.timeline));
  const flowing = useTraffic(useShallow((t) => (t.status === 'off' ? [] : t.pairs.flatMap(({ answer }) => (answer === null ? [] : [answer])))));
  return useMemo(() => {
    const answers = [...beside.map(({ answer }) => answer), ...flowing];
    if (touched === null || cluster === null || answers.length === 0) return touched;
    return { ...touched, places: new Set([...touched.places, ...answers.flatMap((answer) => [...touchedBy(answer, cluster).places])]) };
  }, [touched, cluster, beside, flowing]);
}
