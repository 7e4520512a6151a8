import { useState, type ReactNode } from 'react';
import { usePlayback } from '../playback/playback.ts';
import type { Timeline } from '../scene/types.ts';
import { useWorld } from '../state/use-world.ts';
import { packetFields, type PacketField } from './packet-fields.ts';

const layers: readonly PacketField['layer'][] = ['Link', 'Tunnel', 'Network', 'Transport', 'Application'];

function Fields({ timeline, at }: { readonly timeline: Timeline; readonly at: number }): ReactNode {
  const probe = useWorld((world) => world.answer?.journey.probe ?? null);
  if (probe === null) return null;
  const fields = packetFields(timeline, at, probe);
  return layers.filter((layer) => fields.some((field) => field.layer === layer)).map((layer) => (
    <section key={layer} aria-label={`${layer} layer`}>
      <h3>{layer}</h3>
      <dl>
        {fields.filter((field) => field.layer === layer).map(({ name, value, by, moment }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd><code>{value}</code>{moment === at ? <span>{by}</span> : <button type="button" className="link" onClick={() => usePlayback.getState().seek(moment)}>{by}</button>}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

/** Every field of the packet at this moment, by layers, each with who set it and the way to that step. Closed until asked for, and then open at every step. */
export function PacketLayers({ timeline, at }: { readonly timeline: Timeline; readonly at: number }): ReactNode {
  const [open, setOpen] = useState(lastOpen);
  const toggle = (now: boolean): void => {
    lastOpen = now;
    setOpen(now);
  };
  return (
    <details className="layers" open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>All fields, by layer</summary>
      {open && <Fields timeline={timeline} at={at} />}
    </details>
  );
}

/** Kept while the window lives: each step is another element. */
let lastOpen = false;
