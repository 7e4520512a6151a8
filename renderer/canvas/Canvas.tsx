import { ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useCallback, useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { usePlayback } from '../playback/playback.ts';
import { useWorld } from '../state/use-world.ts';
import { ActMarks } from './Act.tsx';
import { endsOf, fateAt } from './act-parts.ts';
import { boxTypes } from './boxes.tsx';
import { buildBoxes } from './build-boxes.ts';
import './canvas.css';
import { EmptyStage } from './EmptyStage.tsx';
import type { Marking } from './marks.ts';
import { PinnedHeader } from './HeaderCard.tsx';
import { PacketLayer } from './PacketLayer.tsx';
import { thingsOf } from './things.ts';
import { useProjector } from './use-projector.ts';
import { TabStop, useRovingFocus } from './use-roving-focus.ts';
import { useSize } from './use-size.ts';
import { useStage, type Stage } from './use-stage.ts';
import { useView, zoomRange } from './use-view.ts';
import { Stations, Wires } from './Wires.tsx';

const noThings = [] as const;
const noEdges: never[] = [];

/** What stands on the stage and how, in React Flow's terms; a new list only when something of it changed. */
function useBoxes(stage: Stage | null): ReturnType<typeof buildBoxes> {
  const request = useWorld((w) => w.request);
  const hovered = useWorld((w) => w.hovered);
  const selection = useWorld((w) => w.selection);
  const choosing = useWorld((w) => w.choosing);
  const atEnd = usePlayback((p) => p.timeline?.moments[p.moment]?.kind === 'fate');
  return useMemo(() => {
    if (stage === null) return [];
    const { act } = stage;
    const ends = act === null ? [] : endsOf(act);
    const marking: Marking = {
      touched: stage.touched, onStage: act !== null && choosing === 'browsing', ends, from: request.from, to: request.to, hovered,
      selected: selection?.kind === 'thing' ? selection.id : null,
    };
    const fate = act !== null && atEnd ? fateAt(act, act.timeline.moments.length - 1) : null;
    return buildBoxes(stage.scene, marking, (id) => (fate !== null && id === ends[1] ? fate : null));
  }, [stage, request.from, request.to, hovered, selection, choosing, atEnd]);
}

function useUnfolding(): readonly [ReadonlySet<string>, (id: string) => void] {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => setUnfolded((was) => {
    const next = new Set(was);
    if (!next.delete(id)) next.add(id);
    return next;
  }), []);
  return [unfolded, toggle];
}

const thingUnder = ({ target }: MouseEvent): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>('[data-thing], [data-unfold]') : null);

interface PointerHandlers { readonly onClick: (event: MouseEvent) => void; readonly onMouseOver: (event: MouseEvent) => void; readonly onMouseLeave: () => void }

/** Clicks choose, select or unfold; the pointer lifts what it is over. */
function usePointer(toggle: (id: string) => void): PointerHandlers {
  const { pick, chooseDestination, hover } = useWorld((w) => w.actions);
  return {
    onClick: (event) => {
      const { thing, unfold } = thingUnder(event)?.dataset ?? {};
      if (unfold !== undefined) toggle(unfold);
      else if (thing !== undefined && event.shiftKey) chooseDestination(thing);
      else if (thing !== undefined) pick(thing);
    },
    onMouseOver: (event) => {
      const id = thingUnder(event)?.dataset['thing'] ?? null;
      if (id !== useWorld.getState().hovered) hover(id);
    },
    onMouseLeave: () => hover(null),
  };
}

/** What the pointer and the keyboard cannot do here: React Flow's own moving, joining, selecting and deleting of nodes. */
const still = {
  nodesDraggable: false, nodesConnectable: false, nodesFocusable: false, edgesFocusable: false, elementsSelectable: false, disableKeyboardA11y: true, zoomOnDoubleClick: false,
  deleteKeyCode: null, selectionKeyCode: null, multiSelectionKeyCode: null, panActivationKeyCode: null, panOnScroll: true, minZoom: zoomRange.min, maxZoom: zoomRange.max, proOptions: { hideAttribution: true },
} as const;

function Picture(): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const projector = useProjector();
  const { opened, opening, answer, branch, timeline, choosing, actions } = useWorld();
  const [unfolded, toggle] = useUnfolding();
  const stage = useStage({ cluster: opened?.cluster ?? null, answer, branch, timeline, size, unfolded, projector });
  const { holdView, reveal } = useView(frame, stage?.scene ?? null, size, { scale: stage?.scale ?? 1, least: projector ? 1.5 : 1 }, opened?.title);
  const things = useMemo(() => (stage === null ? noThings : thingsOf(stage.scene)), [stage]);
  const roving = useRovingFocus(frame, things, {
    source: actions.chooseSource, destination: actions.chooseDestination, leave: () => actions.startChoosing('browsing'), hover: actions.hover, reveal: ({ rect }) => reveal(rect),
  });
  const act = stage?.act ?? null;
  return (
    <div className="canvas" ref={frame} data-choosing={choosing} data-low={stage?.scene.low === true ? '' : undefined}>
      {opened === null ? <EmptyStage opening={opening} /> : null}
      <TabStop value={roving.stop}>
        <ReactFlow
          {...still} aria-label="Cluster" nodes={useBoxes(stage)} edges={noEdges} nodeTypes={boxTypes} {...usePointer(toggle)}
          onKeyDown={roving.onKeyDown} onFocus={roving.onFocus} onBlur={() => actions.hover(null)} onMove={(event) => { if (event !== null) holdView(); }}
        >
          {stage === null ? null : (
            <ViewportPortal>
              <Wires scene={stage.scene} onStage={act !== null} />
              <Stations scene={stage.scene} touched={stage.touched} onCell={actions.pick} />
              {act === null ? null : <ActMarks stage={stage} act={act} />}
            </ViewportPortal>
          )}
        </ReactFlow>
      </TabStop>
      <PacketLayer act={act} />
      {act === null || stage?.scene.density !== 'cells' ? null : <PinnedHeader act={act} />}
    </div>
  );
}

/** The cluster as a line map: nodes as rows with their pods inside, Services on top, the outside world on the left, and the packet on its way. */
export function Canvas(): ReactNode {
  return (
    <ReactFlowProvider>
      <Picture />
    </ReactFlowProvider>
  );
}
