import { useEffect, useState, type ReactNode } from 'react';
import type { Caused } from '../../shared/api/authoring-contract.ts';
import type { ObjectRef } from '../../shared/base/object-ref.ts';
import { labelOf } from '../scene/labels.ts';
import { currentHost, useWorld } from '../state/use-world.ts';
import { RuleText } from './RuleText.tsx';

const shown = 8;

function useCaused(object: ObjectRef): Caused | null {
  const [caused, setCaused] = useState<Caused | null>(null);
  const edition = useWorld((world) => world.edition);
  const { kind, namespace = '', name } = object;
  useEffect(() => {
    let wanted = true;
    const ref: ObjectRef = { kind, name, ...(namespace === '' ? {} : { namespace }) };
    const ask = async (): Promise<void> => {
      const next = await currentHost().engine.causedBy({ ref }).catch(() => null);
      if (wanted) setCaused(next);
    };
    void ask();
    return () => {
      wanted = false;
    };
  }, [kind, namespace, name, edition]);
  return caused;
}

/** The kernels' rules that exist because of an object: how many on each machine, and the first of them. */
export function CausedRules({ object }: { readonly object: ObjectRef }): ReactNode {
  const caused = useCaused(object);
  const first = caused?.hosts[0];
  if (caused === null || first === undefined) return null;
  const more = first.count - Math.min(shown, caused.rules.length);
  return (
    <section>
      <h2>Rules because of it</h2>
      <p className="caused-hosts">{caused.hosts.map(({ netns, count }) => <span key={netns}><b>{count}</b> on {labelOf(netns)}</span>)}</p>
      <details>
        <summary>On {labelOf(first.netns)}</summary>
        {caused.rules.slice(0, shown).map(({ id, text, why }) => <div key={id} className="caused"><p>{why.replace(/\.$/, '')}</p><RuleText text={text} /></div>)}
        {more > 0 && <p className="hint">{more} more: see Rules under the map.</p>}
      </details>
    </section>
  );
}
