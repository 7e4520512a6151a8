import { ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo, useRef, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Cluster } from '../../shared/model/types.ts';
import { useCompanions, type Companion } from '../playback/companions.ts';
import { usePlayback } from '../playback/playback.ts';
import { matchingThings } from '../state/filter.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import type { WorldStore } from '../state/world-store.ts';
import { ActMarks } from './Act.tsx';
import { companionActs } from './companion-acts.ts';
import { endsOf, fateAt } from './act-parts.ts';
import { boxTypes } from './boxes.tsx';
import { buildBoxes } from './build-boxes.ts';
import './canvas.css';
import './rewire/rewire.css';
import { EmptyStage } from './EmptyStage.tsx';
import type { Marking } from './marks.ts';
import { PinnedHeader } from './HeaderCard.tsx';
import { PacketLayer } from './PacketLayer.tsx';
import { PathLines } from './PathLines.tsx';
import { useInside } from '../node-inside/inside-store.ts';
import { NodeInside } from '../node-inside/NodeInside.tsx';
import { TrafficLayer } from '../traffic/TrafficLayer.tsx';
import { useTraffic } from '../traffic/traffic.ts';
import { canvasView } from './canvas-view.ts';
import { CanvasMenu } from './rewire/CanvasMenu.tsx';
import { isTarget } from './rewire/gesture.ts';
import { useGesture } from './rewire/gesture-store.ts';
import { GestureLayer } from './rewire/GestureLayer.tsx';
import { thingsAt } from './rewire/hit.ts';
import { useLocate, usePress } from './rewire/use-press.ts';
import { useThingKeys } from './rewire/use-thing-keys.ts';
import { isEnd, thingsOf, type Thing } from './things.ts';
import { useArrangement } from './use-arrangement.ts';
import { useAlsoTouched } from './use-also-touched.ts';
import { placeUnder, usePointer } from './use-pointer.ts';
import { useProjector } from './use-projector.ts';
import { TabStop, useRovingFocus } from './use-roving-focus.ts';
import { useSize } from './use-size.ts';
import { useSelectedShown, useUnfolding } from './use-unfolding.ts';
import { useStage, type Act, type Size, type Stage } from './use-stage.ts';
import { useView, zoomRange } from './use-view.ts';
import { Stations, Wires } from './Wires.tsx';

const noThings = [] as const;
const noActs = [] as const;
const noEdges: never[] = [];

/** What a filter leaves of the map; null without one. */
function useShown(): ReadonlySet<string> | null {
  const cluster = useWorld((w) => w.opened?.cluster ?? null);
  const filter = useLayout((layout) => layout.filter);
  return matchingThings(cluster, filter)?.shown ?? null;
}

/** What stands on the stage and how, in React Flow's terms; a new list only when something of it changed. */
function useBoxes(stage: Stage | null): ReturnType<typeof buildBoxes> {
  const request = useWorld((w) => w.request);
  const hovered = useWorld((w) => w.hovered);
  const selection = useWorld((w) => w.selection);
  const choosing = useWorld((w) => w.choosing);
  const cluster = useWorld((w) => w.opened?.cluster ?? null);
  const gesture = useGesture((g) => g.gesture);
  const over = useGesture((g) => g.over);
  const shown = useShown();
  const touched = useAlsoTouched(stage?.touched ?? null, cluster);
  const atEnd = usePlayback((p) => p.timeline?.moments[p.moment]?.kind === 'fate');
  return useMemo(() => {
    if (stage === null) return [];
    const { act } = stage;
    const ends = act === null ? [] : endsOf(act);
    const marking: Marking = {
      shown, touched: touched ?? stage.touched, onStage: act !== null && choosing === 'browsing' && gesture === null, ends, from: request.from, to: request.to, hovered,
      selected: selection?.kind === 'thing' ? selection.id : null,
      target: (id) => (gesture === null || cluster === null || gesture.from === '' ? null : id === over ? 'over' : id === gesture.from ? null : isTarget(gesture, id, cluster) ? 'possible' : 'no'),
    };
    const fate = act !== null && atEnd ? fateAt(act, act.timeline.moments.length - 1) : null;
    return buildBoxes(stage.scene, marking, (id) => (fate !== null && id === ends[1] ? fate : null));
  }, [stage, request.from, request.to, hovered, selection, choosing, atEnd, cluster, gesture, over, shown, touched]);
}

/** What the arrows walk over: everything, or while a gesture asks for a target, only what it can land on. */
function useThings(stage: Stage | null, cluster: Cluster | null): readonly Thing[] {
  const gesture = useGesture((g) => g.gesture);
  return useMemo(() => {
    if (stage === null) return noThings;
    const all = thingsOf(stage.scene);
    return gesture === null || cluster === null || gesture.from === '' ? all : all.filter(({ id }) => id === gesture.from || isTarget(gesture, id, cluster));
  }, [stage, cluster, gesture]);
}

/** What the pointer and the keyboard cannot do here: React Flow's own moving, joining, selecting and deleting of nodes. */
const still = {
  nodesDraggable: false, nodesConnectable: false, nodesFocusable: false, edgesFocusable: false, elementsSelectable: false, disableKeyboardA11y: true, zoomOnDoubleClick: false,
  deleteKeyCode: null, selectionKeyCode: null, multiSelectionKeyCode: null, panActivationKeyCode: null, panOnScroll: true, minZoom: zoomRange.min, maxZoom: zoomRange.max,
} as const;

/** Nearer than this, in multiples of the picture's own size, a node is entered. */
const nearEnough = 2.2;

/** Zooming on into a node goes inside: the one in the middle of the view. */
function enterByZoom(stage: Stage | null, { x, y, zoom }: { readonly x: number; readonly y: number; readonly zoom: number }, { width, height }: Size): void {
  if (stage === null || zoom < Math.min(zoomRange.max * 0.95, nearEnough * stage.scale)) return;
  const node = thingsAt(stage.scene, { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom }).find((id) => id.startsWith('node/'));
  if (node === undefined) return;
  canvasView.fit();
  useInside.getState().enter(node);
}

/** The focus lifts a thing as the pointer does, and aims a gesture that goes on by keys. */
function focusOn(id: string | null, cluster: Cluster | null): void {
  const { gesture, aim } = useGesture.getState();
  if (gesture?.how === 'choose' && cluster !== null) aim(id, null, cluster);
  if (useWorld.getState().hovered !== id) useWorld.getState().actions.hover(id);
}

/** The packet on stage, on top, and those that go on beside it; marks only where there are several. */
function useActs(stage: Stage | null, companions: readonly Companion[]): readonly Act[] {
  const number = useWorld((w) => w.packet);
  return useMemo(() => {
    const act = stage?.act ?? null;
    if (stage === null || act === null) return noActs;
    const beside = companionActs(stage.atlas, act, companions);
    return beside.length === 0 ? [act] : [...beside, { ...act, mark: String(number ?? '') }];
  }, [stage, companions, number]);
}

/** What of the world the picture is of: the rest may change without drawing it again. */
const ofPicture = ({ opened, opening, answer, branch, timeline, choosing, actions }: WorldStore) => ({ opened, opening, answer, branch, timeline, choosing, actions });

function Picture({ inside, children }: { readonly inside: boolean; readonly children?: ReactNode }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const projector = useProjector();
  const { opened, opening, answer, branch, timeline, choosing, actions } = useWorld(useShallow(ofPicture));
  const { unfolded, toggle, uncover } = useUnfolding(opened?.cluster ?? null);
  const focused = useLayout((layout) => layout.focused);
  const arrangement = useArrangement();
  const stage = useStage({ cluster: opened?.cluster ?? null, answer, branch, timeline, size, unfolded, arrangement, projector, focused });
  useSelectedShown(stage?.scene ?? null, uncover);
  const shown = useShown();
  const { holdView, reveal } = useView(frame, stage?.scene ?? null, size, { scale: stage?.scale ?? 1, least: projector ? 1.5 : 1 }, opened?.title);
  const cluster = opened?.cluster ?? null;
  const things = useThings(stage, cluster);
  const locate = useLocate(frame, stage?.scene ?? null);
  const press = usePress(locate, cluster);
  const onThingKey = useThingKeys(cluster, (element) => placeUnder(element, locate));
  const roving = useRovingFocus(frame, things, {
    source: (id) => { if (isEnd(id)) actions.chooseSource(id); }, destination: (id) => { if (isEnd(id)) actions.chooseDestination(id); }, leave: () => actions.startChoosing('browsing'), hover: (id) => focusOn(id, cluster), reveal: ({ rect }) => reveal(rect), other: onThingKey,
  });
  const act = stage?.act ?? null;
  const companions = useCompanions(timeline);
  const acts = useActs(stage, companions);
  const gesture = useGesture((g) => g.gesture?.kind);
  const flowing = useTraffic((t) => t.status !== 'off');
  return (
    <div className="canvas" ref={frame} inert={inside} data-choosing={choosing} data-gesture={gesture ?? undefined} data-low={stage?.scene.low === true ? '' : undefined} data-keys="canvas" {...press}>
      {opened === null ? <EmptyStage opening={opening} /> : null}
      <TabStop value={roving.stop}>
        <ReactFlow
          {...still} aria-label="Cluster" nodes={useBoxes(stage)} edges={noEdges} nodeTypes={boxTypes} {...usePointer(toggle, locate)}
          onKeyDown={roving.onKeyDown} onFocus={roving.onFocus} onBlur={() => actions.hover(null)} onMove={(event, view) => { if (event !== null) { holdView(); enterByZoom(stage, view, size); } }}
        >
          {stage === null ? null : (
            <ViewportPortal>
              <Wires scene={stage.scene} onStage={act !== null} />
              <Stations scene={stage.scene} touched={stage.touched} shown={shown} onCell={actions.pick} />
              {acts.slice(0, -1).map((beside) => <PathLines key={beside.mark} act={beside} scene={stage.scene} />)}
              {act === null ? null : <ActMarks stage={stage} act={act} />}
            </ViewportPortal>
          )}
        </ReactFlow>
      </TabStop>
      {flowing && stage !== null ? <TrafficLayer atlas={stage.atlas} act={act} /> : null}
      <PacketLayer acts={acts} />
      {stage === null || cluster === null ? null : <GestureLayer scene={stage.scene} size={size} cluster={cluster} />}
      <CanvasMenu size={size} />
      {children}
      {act === null || stage?.scene.density !== 'cells' ? null : <PinnedHeader act={act} />}
    </div>
  );
}

/** The cluster as a line map: nodes as rows with their pods inside, Services on top, the outside world on the left, and the packet on its way. */
export function Canvas({ children }: { /** What else is drawn above the picture, in its view. */ readonly children?: ReactNode }): ReactNode {
  const inside = useInside((i) => i.node);
  const there = useWorld((w) => inside !== null && w.opened?.cluster.nodes.some((n) => `node/${n.name}` === inside) === true);
  return (
    <>
      <ReactFlowProvider>
        <Picture inside={there}>{children}</Picture>
      </ReactFlowProvider>
      {inside === null || !there ? null : <NodeInside key={inside} node={inside} />}
    </>
  );
}
