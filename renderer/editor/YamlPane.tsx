import { useEffect, useRef, type ReactNode } from 'react';
import type { Problem, SourceSpan } from '../../shared/base/problem.ts';
import { createEditor, type YamlEditor } from './create-editor.ts';

interface PaneProps {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly lit: SourceSpan | null;
  /** Each new object puts the cursor there. */
  readonly target: SourceSpan | null;
  readonly onEdit: (name: string, text: string) => void;
}

/** One document in the editor. */
export function YamlPane({ name, text, problems, lit, target, onEdit }: PaneProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor | null>(null);
  const shown = useRef('');
  const edit = useRef(onEdit);
  useEffect(() => {
    edit.current = onEdit;
  }, [onEdit]);
  useEffect(() => {
    if (host.current === null) return;
    const made = createEditor(host.current, (next) => edit.current(shown.current, next));
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
