import { useEffect, useRef, type ReactNode } from 'react';
import type { Problem, SourceSpan } from '../../shared/base/problem.ts';
import { currentHost } from '../state/use-world.ts';
import { createEditor, type YamlEditor } from './create-editor.ts';

interface PaneProps {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly lit: SourceSpan | null;
  /** Each new object puts the cursor there. */
  readonly target: SourceSpan | null;
  readonly onEdit: (name: string, text: string) => void;
  readonly onCursor: (name: string, line: number) => void;
}

/** One document in the editor. */
export function YamlPane({ name, text, problems, lit, target, onEdit, onCursor }: PaneProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor | null>(null);
  const shown = useRef('');
  const hear = useRef({ onEdit, onCursor });
  useEffect(() => {
    hear.current = { onEdit, onCursor };
  }, [onEdit, onCursor]);
  useEffect(() => {
    if (host.current === null) return;
    const made = createEditor(host.current, {
      onEdit: (next) => hear.current.onEdit(shown.current, next),
      onCursor: (line) => hear.current.onCursor(shown.current, line),
      ask: (asked, line, col) => currentHost().engine.complete({ text: asked, line, col }),
    });
    editor.current = made;
    return () => {
      shown.current = '';
      made.destroy();
    };
  }, []);
  useEffect(() => {
    if (shown.current === name) editor.current?.replace(text);
    else editor.current?.show(name, text);
    shown.current = name;
  }, [name, text]);
  useEffect(() => editor.current?.mark(problems.filter(({ at }) => at?.file === name)), [name, text, problems]);
  useEffect(() => editor.current?.light(lit?.file === name ? lit : null), [name, lit]);
  useEffect(() => {
    if (target?.file === name) editor.current?.goTo(target);
  }, [name, target]);
  return <div className="yaml-pane" ref={host} />;
}
