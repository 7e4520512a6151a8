import type { ReactNode } from 'react';
import { useLayout } from '../state/layout.ts';
import { copyText } from '../state/clipboard.ts';
import { findPlace } from '../state/places.ts';
import { isPolicyId } from '../state/policies.ts';
import { useWorld } from '../state/use-world.ts';
import type { Selection } from '../state/world.ts';
import { EndpointsByNode } from '../rules/EndpointsByNode.tsx';
import { labelOf } from '../scene/labels.ts';
import { Icon } from '../theme/Icon.tsx';
import { Because } from './Because.tsx';
import { runThingCommand } from '../canvas/rewire/run-thing-command.ts';
import { thingCommands } from '../canvas/rewire/thing-commands.ts';
import { Menu, type MenuItem } from '../shell/Menu.tsx';
import { CausedRules } from './CausedRules.tsx';
import { EditFields } from './EditFields.tsx';
import { PolicyWords } from './PolicyWords.tsx';
import { ThingReach } from './ThingReach.tsx';
import { factsOf, type ThingFacts } from './facts.ts';
import { RuleText } from './RuleText.tsx';

function Back({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const { select } = useWorld((world) => world.actions);
  const answered = useWorld((world) => world.answer !== null);
  return (
    <header className="th">
      {answered && <button type="button" className="link" onClick={() => select(null)}>Back to the trace</button>}
      <div className="th-line">
        {children}
        <h1>{title}</h1>
        <button type="button" className="ib small" aria-label="Close the inspector" title="Close" onClick={() => select(null)}><Icon name="close" /></button>
      </div>
    </header>
  );
}

const middle = { x: 240, y: 120 } as const;

/** Everything else that can be done to it: the same list as on the map. */
function MoreCommands({ id }: { readonly id: string }): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  if (cluster === null) return null;
  const items = thingCommands(cluster, id, useWorld.getState().opened?.sidecar)
    .filter(({ does }) => does.kind !== 'source' && does.kind !== 'destination')
    .map((command, i): MenuItem => ({ id: command.id, text: command.title, label: <><Icon name={command.icon} /><span>{command.title}</span></>, rule: i > 0 && command.rule === true, run: () => runThingCommand(command, id, middle) }));
  return items.length === 0 ? null : <Menu label="More commands" className="plain" align="end" button={<>More<Icon name="down" /></>} items={items} />;
}

function Ends({ id, kind }: { readonly id: string; readonly kind: string }): ReactNode {
  const { chooseSource, chooseDestination } = useWorld((world) => world.actions);
  return (
    <div className="ends">
      {kind !== 'Service' && kind !== 'Ingress' && <button type="button" className="plain" onClick={() => chooseSource(id)}>Send from here</button>}
      {kind !== 'Ingress' && <button type="button" className="plain" onClick={() => chooseDestination(id)}>Send to here</button>}
      <MoreCommands id={id} />
    </div>
  );
}

function Manifest({ facts }: { readonly facts: ThingFacts }): ReactNode {
  const { lightUp } = useWorld((world) => world.actions);
  const change = useLayout((layout) => layout.change);
  if (facts.ref === null) return facts.implied ? <p className="hint">Implied: no manifest names it.</p> : null;
  const { ref } = facts;
  const show = async (): Promise<void> => {
    await lightUp(ref);
    const { lit } = useWorld.getState();
    if (lit !== null) change({ drawerOpen: true, panel: 'manifests', file: lit.file });
  };
  if (facts.implied && facts.kind !== 'Pod') return <p className="hint">Implied: no manifest names it, Podhop put it there.</p>;
  return (
    <button type="button" className="link" onClick={() => void show()}>
      {facts.implied ? `Show ${ref.kind} ${ref.name} in the manifests` : 'Show in the manifests'}<Icon name="link" />
    </button>
  );
}

function Thing({ id }: { readonly id: string }): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const facts = cluster === null ? null : factsOf(cluster, id);
  if (facts === null) return <Back title={labelOf(id)}>{null}</Back>;
  const labels = Object.entries(facts.labels);
  const editable = facts.kind === 'Pod' || facts.kind === 'Node';
  return (
    <>
      <Back title={labelOf(id)}><Icon name={findPlace(cluster, id)?.icon ?? (isPolicyId(id) ? 'policy' : facts.kind === 'Ingress' ? 'ingress' : 'pod')} /></Back>
      <div className="facts">
        <p className="kind">{facts.kind}</p>
        {facts.kind === 'NetworkPolicy' ? cluster !== null && <PolicyWords cluster={cluster} id={id} /> : <Ends id={id} kind={facts.kind} />}
        {cluster !== null && <EditFields cluster={cluster} id={id} />}
        <dl>
          {facts.facts.map(({ name, value, mono }) => (
            <div key={name}><dt>{name}</dt><dd className={mono ? 'mono' : ''}>{value}</dd></div>
          ))}
          {labels.length > 0 && !editable && <div><dt>Labels</dt><dd className="mono">{labels.map(([key, value]) => `${key}=${value}`).join('\n')}</dd></div>}
        </dl>
        {facts.kind === 'Service' && <EndpointsByNode service={id} />}
        <Manifest facts={facts} />
        {cluster !== null && <ThingReach cluster={cluster} id={id} />}
        {facts.ref !== null && <CausedRules object={facts.ref} />}
        {facts.command !== '' && (
          <section>
            <h2>On a real cluster</h2>
            <div className="command">
              <code>{facts.command}</code>
              <button type="button" className="ib small" aria-label="Copy the command" title="Copy" onClick={() => void copyText(facts.command)}><Icon name="copy" /></button>
            </div>
          </section>
        )}
      </div>
    </>
  );
}

function Cause({ causeKey }: { readonly causeKey: string }): ReactNode {
  const explained = useWorld((world) => world.answer?.glossary[causeKey]);
  const space = causeKey.indexOf(' ');
  const netns = causeKey.slice(0, space);
  const id = causeKey.slice(space + 1);
  return (
    <>
      <Back title={`A rule on ${labelOf(netns)}`}><Icon name="right" /></Back>
      <div className="facts">
        <p className="kind mono">{id}</p>
        {explained === undefined ? <p className="hint">Nothing more is known of it.</p> : <><RuleText text={explained.text} /><Because explained={explained} /><p className="hint">Put there by {explained.by}.</p></>}
      </div>
    </>
  );
}

/** What the selected thing or rule is, where it came from, and how to see it on a real cluster. */
export function Inspector({ selection }: { readonly selection: NonNullable<Selection> }): ReactNode {
  return selection.kind === 'thing' ? <Thing id={selection.id} /> : <Cause causeKey={selection.key} />;
}
