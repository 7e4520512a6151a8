import { useEffect, useState, type ReactNode } from 'react';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { Explained } from '../../shared/trace/types.ts';
import { Because } from '../inspect/Because.tsx';
import { RuleText } from '../inspect/RuleText.tsx';
import { currentHost, useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import type { Hit, Hits } from './hits.ts';
import { useRules } from './use-rules.ts';

type Told = { readonly key: string; readonly explained: Explained | null };

/** Why a rule is there: as the journey that met it says, else as the engine does. */
function useExplained(netns: NetnsId, id: string): Explained | null | undefined {
  const edition = useWorld((world) => world.edition);
  const known = useWorld((world) => (world.stale ? undefined : world.answer?.glossary[`${netns} ${id}`]));
  const [told, setTold] = useState<Told | null>(null);
  const key = `${edition} ${netns} ${id}`;
  useEffect(() => {
    if (known !== undefined) return;
    let left = false;
    currentHost().engine.explain({ netns, id }).then(({ explained }) => left || setTold({ key, explained }), () => left || setTold({ key, explained: null }));
    return () => {
      left = true;
    };
  }, [key, known, netns, id]);
  return known ?? (told?.key === key ? told.explained : undefined);
}

const times = ({ packets, stops }: Hit): string => `${packets === 1 ? 'One packet' : `${packets} packets`} of this branch met it, ${stops.length === 1 ? `as stop ${stops[0]!}` : `as stops ${stops.join(', ')}`} on this host.`;

function Rule({ netns, id, hits }: { readonly netns: NetnsId; readonly id: string; readonly hits: Hits }): ReactNode {
  const explained = useExplained(netns, id);
  const hit = hits.get(id);
  if (explained === undefined) return null;
  if (explained === null) return <p className="hint">Nothing more is known of this line.</p>;
  return (
    <>
      <h3 className="mono">{id}</h3>
      <RuleText text={explained.text} />
      <Because explained={explained} />
      {hits.size > 0 && <p className="hint">{hit === undefined ? 'No packet of this branch met it.' : times(hit)}</p>}
    </>
  );
}

/** Beside the text: what the chosen line is and who asked for it. */
export function RuleDetail({ netns, id, hits }: { readonly netns: NetnsId; readonly id: string; readonly hits: Hits }): ReactNode {
  return (
    <section className="rules-side" aria-label="The chosen line">
      <button type="button" className="ib small" aria-label="Close" title="Close" onClick={() => useRules.setState({ chosen: null })}><Icon name="close" /></button>
      <Rule netns={netns} id={id} hits={hits} />
    </section>
  );
}
