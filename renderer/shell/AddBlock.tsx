import { useRef, type PointerEvent, type ReactNode } from 'react';
import { canvasView } from '../canvas/canvas-view.ts';
import { useGesture } from '../canvas/rewire/gesture-store.ts';
import { newObjectAt } from '../canvas/rewire/new-objects.ts';
import { addable, addObject, type AddableKind } from '../state/adding.ts';
import { useLayout } from '../state/layout.ts';
import { listPlaces } from '../state/places.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import type { IconName } from '../theme/icon-paths.ts';
import { Menu, type MenuItem } from './Menu.tsx';

type Addable = Extract<AddableKind, 'pod' | 'service' | 'policy' | 'ingress' | 'node'> | 'wire';
const buttons: readonly (readonly [Addable, string, IconName])[] = [['pod', 'Pod', 'pod'], ['service', 'Service', 'service'], ['policy', 'Policy', 'policy'], ['ingress', 'Ingress', 'ingress'], ['node', 'Node', 'node'], ['wire', 'Wire', 'wire']];

/** A press that moves less than this is a click, in px. */
const slack = 6;

/** Asks on the map where it belongs; what belongs nowhere yet, or needs no place, is added at once. */
function begin(kind: Addable): void {
  const cluster = useWorld.getState().opened?.cluster;
  if (cluster === undefined) return;
  useLayout.getState().change({ outlineOpen: false });
  if (kind === 'wire') useGesture.getState().begin({ kind: 'wire', from: '', how: 'choose' });
  else if (!listPlaces(cluster).some(({ id }) => newObjectAt(`new/${kind}`, id, cluster) !== null)) return void addObject(kind);
  else useGesture.getState().begin({ kind: 'add', from: `new/${kind}`, how: 'choose' });
  // the map knows by then where it may be put
  requestAnimationFrame(() => canvasView.focus());
}

function AddButton({ kind, word, icon }: { readonly kind: Addable; readonly word: string; readonly icon: IconName }): ReactNode {
  const start = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const onPointerMove = (event: PointerEvent): void => {
    const from = start.current;
    if (from === null || Math.hypot(event.clientX - from.x, event.clientY - from.y) < slack) return;
    start.current = null;
    if (kind === 'wire' || kind === 'node') return;
    canvasView.carry(`new/${kind}`, event);
  };
  return (
    <button
      type="button" aria-label={kind === 'wire' ? 'Draw a wire' : `Add: ${word}`}
      onPointerDown={(event) => { start.current = event.button === 0 ? { x: event.clientX, y: event.clientY } : null; }} onPointerMove={onPointerMove} onPointerUp={() => { start.current = null; }} onClick={() => begin(kind)}
    >
      <Icon name={icon} /><span>{word}</span>
    </button>
  );
}

/** What has no place of its own on the map: it is added at once. */
const others: readonly (readonly [AddableKind, IconName])[] = [['deployment', 'pod'], ['namespace', 'outline'], ['client', 'client'], ['host', 'internet']];
const otherItems = others.map(([kind, icon]): MenuItem => {
  const text = addable.find(([one]) => one === kind)![1].replace(/^an? /, '').replace(/^[a-z]/, (first) => first.toUpperCase());
  return { id: kind, text, label: <><Icon name={icon} /><span>{text}</span></>, run: () => void addObject(kind) };
});

/** What can be put on the map: by dragging it to its place, or by a click and another where it belongs. */
export function AddBlock(): ReactNode {
  const open = useWorld((world) => world.opened !== null);
  if (!open) return null;
  return (
    <section className="add-block" aria-label="Add">
      <h2>Add</h2>
      <div>{buttons.map(([kind, word, icon]) => <AddButton key={kind} kind={kind} word={word} icon={icon} />)}</div>
      <Menu label="Add more" className="more" up button={<><Icon name="plus" /><span>More…</span></>} items={otherItems} />
    </section>
  );
}
