import { useEffect, useRef } from 'react';
import { factsOf } from '../inspect/facts.ts';
import { usePlayback } from '../playback/playback.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { thingAtLine } from './thing-at-line.ts';

/** Lights a place and brings its file to the front. */
function show(): void {
  const { lit } = useWorld.getState();
  if (lit !== null) useLayout.getState().change({ file: lit.file });
}

/**
 * While the manifests are open: what is selected, and the step the packet rests at, light the lines that caused them. Returns what the
 * editor calls when the cursor is put on a line: the thing that stands there is selected, and nothing scrolls away under the cursor.
 */
export function useLightSelection(open: boolean): (file: string, line: number) => void {
  const fromEditor = useRef<string | null>(null);
  // what was lit before the manifests were opened is why they were opened
  const arrived = useRef(false);
  const selection = useWorld((world) => world.selection);
  const moment = usePlayback((playback) => (playback.status === 'playing' ? -1 : playback.moment));
  useEffect(() => {
    const { opened, actions, answer } = useWorld.getState();
    const { lit } = useWorld.getState();
    if (!open || selection === null || opened === null || (!arrived.current && lit !== null)) return;
    if (selection.kind === 'cause') {
      const at = answer?.glossary[selection.key]?.at;
      if (at !== undefined) actions.lightSpan(at);
      return show();
    }
    if (selection.id === fromEditor.current) return;
    const ref = factsOf(opened.cluster, selection.id)?.ref ?? null;
    if (ref !== null) void actions.lightUp(ref).then(show);
  }, [open, selection]);
  useEffect(() => {
    const { timeline, answer, actions, selection: selected, lit } = useWorld.getState();
    const first = !arrived.current;
    arrived.current = true;
    const cause = timeline?.moments[moment]?.cause;
    const at = cause === undefined ? undefined : answer?.glossary[cause]?.at;
    if (!open || selected !== null || at === undefined || (first && lit !== null)) return;
    actions.lightSpan(at);
    show();
  }, [open, moment]);
  return (file, line) => {
    const { opened, actions, selection: selected } = useWorld.getState();
    const id = opened === null ? null : thingAtLine(opened.cluster, file, line);
    fromEditor.current = id;
    if (id !== null && !(selected?.kind === 'thing' && selected.id === id)) actions.select({ kind: 'thing', id });
  };
}
