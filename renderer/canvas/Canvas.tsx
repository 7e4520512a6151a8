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
import { PacketLayer } from './PacketLayer.tsx';
import { thingsOf } from './things.ts';
import { useProjector } from './use-projector.ts';
import { TabStop, useRovingFocus } from './use-roving-focus.ts';
import { useSize } from './use-size.ts';
import { useStage, type Stage } from './use-stage.ts';
import { useView, zoomRange } from './use-view.ts';
import { Stations, Wires } from './Wires.tsx';

const noThings = [] as const;

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

function Picture(): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const projector = useProjector();
  const cluster = useWorld((w) => w.opened?.cluster ?? null);
  const title = useWorld((w) => w.opened?.title ?? null);
  const { opening, answer, branch, timeline, choosing, actions } = useWorld();
  const [unfolded, toggle] = useUnfolding();
  const stage = useStage({ cluster, answer, branch, timeline, size, unfolded, projector });
  const boxes = useBoxes(stage);
  const { holdView } = useView(frame, stage?.scene ?? null, size, stage?.scale ?? 1, title);
  const things = useMemo(() => (stage === null ? noThings : thingsOf(stage.scene)), [stage]);
  const roving = useRovingFocus(frame, things, { source: actions.chooseSource, destination: actions.chooseDestination, leave: () => actions.startChoosing('browsing'), hover: actions.hover });
  const { pick } = actions;
  const onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-thing], [data-unfold]') : null;
    const { thing, unfold } = target?.dataset ?? {};
    if (unfold !== undefined) toggle(unfold);
    else if (thing !== undefined && event.shiftKey) actions.chooseDestination(thing);
    else if (thing !== undefined) pick(thing);
  };
  const onMove = (event: MouseEvent): void => {
    const thing = event.target instanceof Element ? (event.target.closest<HTMLElement>('[data-thing]')?.dataset['thing'] ?? null) : null;
    if (thing !== useWorld.getState().hovered) actions.hover(thing);
  };
  const act = stage?.act ?? null;
  return (
    <div className="canvas" ref={frame} data-choosing={choosing} data-low={stage?.scene.low === true ? '' : undefined}>
      {cluster === null ? <EmptyStage opening={opening} /> : null}
      <TabStop value={roving.stop}>
      <ReactFlow
        aria-label="Cluster" onClick={onClick} onKeyDown={roving.onKeyDown} onFocus={roving.onFocus} onBlur={() => actions.hover(null)} onMouseOver={onMove} onMouseLeave={() => actions.hover(null)}
        nodes={boxes} edges={[]} nodeTypes={boxTypes} minZoom={zoomRange.min} maxZoom={zoomRange.max} onMove={(event) => { if (event !== null) holdView(); }}
        nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} disableKeyboardA11y
        panOnScroll zoomOnDoubleClick={false} deleteKeyCode={null} selectionKeyCode={null} multiSelectionKeyCode={null} panActivationKeyCode={null} proOptions={{ hideAttribution: true }}
      >
        {stage === null ? null : (
          <ViewportPortal>
            <Wires scene={stage.scene} onStage={act !== null} />
            <Stations scene={stage.scene} touched={stage.touched} onCell={pick} />
            {act === null ? null : <ActMarks stage={stage} act={act} />}
          </ViewportPortal>
        )}
      </ReactFlow>
      </TabStop>
      <PacketLayer act={act} />
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
