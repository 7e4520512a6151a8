import { useStore } from '@xyflow/react';
import type { ReactNode } from 'react';
import type { EditPreview } from '../../../shared/api/edit-contract.ts';
import { findPlace } from '../../state/places.ts';
import type { Cluster } from '../../../shared/model/types.ts';
import { at, bottomOf, centreOf, type Point } from '../../scene/geometry.ts';
import { labelOf } from '../../scene/labels.ts';
import type { Scene } from '../../scene/scene.ts';
import { Icon } from '../../theme/Icon.tsx';
import type { IconName } from '../../theme/icon-paths.ts';
import type { Size } from '../use-stage.ts';
import { effectFacts } from './effect-words.ts';
import { choicesAt, promptOf, type Choice, type Gesture } from './gesture.ts';
import { useGesture } from './gesture-store.ts';
import { rectOf } from './hit.ts';

const chip = { width: 300, height: 96 };

/** The chip keeps inside the frame, below the place it is about where there is room. */
function chipPlace({ x, y }: Point, size: Size): Point {
  return at(Math.max(8, Math.min(x, size.width - chip.width - 8)), y + chip.height > size.height ? Math.max(8, y - chip.height - 36) : y);
}

/** An answer in one line; what the engine refuses or asks is said when it is chosen. */
const inBrief = (preview: EditPreview | null | undefined): string => (preview?.kind === 'effect' ? [preview.effect.summary, ...effectFacts(preview)].join(' · ') : preview?.kind === 'choose' ? preview.question : '');

/** What each of several choices would do, before one is made. */
function Several({ about, choices, asks }: { readonly about: string; readonly choices: readonly Choice[]; readonly asks: string }): ReactNode {
  const previews = useGesture((g) => g.previews);
  return (
    <>
      <b>{about}</b>
      <span>{asks}</span>
      {choices.map(({ title }, i) => (inBrief(previews[i]) === '' ? null : <span key={title} className="facts-line">{title}: {inBrief(previews[i])}</span>))}
    </>
  );
}

function Words({ gesture, over, cluster }: { readonly gesture: Gesture; readonly over: string; readonly cluster: Cluster }): ReactNode {
  const previews = useGesture((g) => g.previews);
  const choices = choicesAt(gesture, over, cluster);
  const [first] = choices;
  if (first === undefined) return null;
  if (choices.length > 1) return <Several about={`${labelOf(gesture.from)} and ${labelOf(over)}`} choices={choices} asks={gesture.kind === 'wire' ? 'Let go to allow or deny.' : 'Let go to choose which.'} />;
  const preview = previews[0] ?? null;
  if (first.edit.kind === 'arrange') return <><b>{first.title}</b><span>Only the picture changes.</span></>;
  if (preview === null) return <><b>{first.title}</b><span className="waiting">Working out what changes…</span></>;
  if (preview.kind === 'choose') return <><b>{first.title}</b><span>{preview.question}</span></>;
  const facts = effectFacts(preview);
  return <><b>{preview.title}</b><span>{preview.effect.summary}</span>{facts.length === 0 ? null : <span className="facts-line">{facts.join(' · ')}</span>}</>;
}

const newIcons: Readonly<Record<string, IconName>> = { 'new/service': 'service', 'new/policy': 'policy', 'new/ingress': 'ingress' };
const iconOf = (cluster: Cluster, id: string): IconName => findPlace(cluster, id)?.icon ?? newIcons[id] ?? 'pod';

interface LayerProps { readonly scene: Scene; readonly size: Size; readonly cluster: Cluster }

function Line({ from, to }: { readonly from: Point; readonly to: Point }): ReactNode {
  return <svg className="gesture-line" aria-hidden="true"><path d={`M${from.x} ${from.y}L${to.x} ${to.y}`} /><circle cx={to.x} cy={to.y} r="4" /></svg>;
}

/** What a gesture in progress shows above the picture: what is carried, the line it draws, the effect before letting go, and what is asked for. */
export function GestureLayer({ scene, size, cluster }: LayerProps): ReactNode {
  const { gesture, over, pointer } = useGesture();
  const transform = useStore((flow) => flow.transform);
  if (gesture === null) return null;
  const [dx, dy, zoom] = transform;
  const toFrame = (p: Point): Point => at(p.x * zoom + dx, p.y * zoom + dy);
  const source = gesture.from === '' ? null : rectOf(scene, gesture.from);
  const target = over === null ? null : rectOf(scene, over);
  const end = pointer ?? (target === null ? null : toFrame(centreOf(target)));
  const chipAt = pointer !== null ? at(pointer.x + 16, pointer.y + 22) : target === null ? null : toFrame(at(target.x, bottomOf(target) + 8));
  const carried = (gesture.kind === 'move' || gesture.kind === 'order' || gesture.kind === 'add') && gesture.how === 'drag' && pointer !== null;
  return (
    <div className="gesture-layer">
      {source === null || end === null || carried ? null : <Line from={toFrame(centreOf(source))} to={end} />}
      {carried ? <span className="ghost" style={{ transform: `translate(${pointer.x + 10}px, ${pointer.y - 14}px)` }}><Icon name={iconOf(cluster, gesture.from)} />{labelOf(gesture.from)}</span> : null}
      <output className="gesture-hint">{gesture.from === '' ? 'Choose where the connection comes from' : promptOf(gesture)}<kbd>Esc</kbd></output>
      <output className="effect-chip" hidden={over === null || chipAt === null} style={chipAt === null ? undefined : { transform: translate(chipPlace(chipAt, size)) }}>
        {over === null ? null : <Words gesture={gesture} over={over} cluster={cluster} />}
      </output>
    </div>
  );
}

const translate = ({ x, y }: Point): string => `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
