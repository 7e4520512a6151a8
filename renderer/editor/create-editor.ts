import { defaultKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, Transaction } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, type ViewUpdate } from '@codemirror/view';
import { escapeControls, type Problem, type SourceSpan } from '../../shared/base/problem.ts';
import { changedLines, differenceOf, setChanged } from './changed-lines.ts';
import { offsetOfColumn } from './columns.ts';
import { completion, type AskCompletions } from './completion.ts';
import { editorTheme } from './editor-theme.ts';
import { linesOfSpan } from './lines-of-span.ts';
import { litLines, setLit } from './lit-lines.ts';

export interface YamlEditor {
  /** Shows another document, without history of the one before. */
  readonly show: (name: string, text: string) => void;
  /** Takes a text that changed elsewhere; the cursor stays where it can. */
  readonly replace: (text: string) => void;
  readonly mark: (problems: readonly Problem[]) => void;
  /** Lights a span and brings it into view; null lights nothing. */
  readonly light: (span: SourceSpan | null) => void;
  readonly goTo: (span: SourceSpan) => void;
  readonly destroy: () => void;
}

function diagnosticOf(state: EditorState, { at, severity, what, fix }: Problem): readonly Diagnostic[] {
  if (at === null || at.line > state.doc.lines) return [];
  const line = state.doc.line(Math.max(1, at.line));
  const from = line.from + offsetOfColumn(line.text, at.col);
  const last = at.endLine === undefined || at.endLine > state.doc.lines ? line : state.doc.line(at.endLine);
  const to = at.endCol === undefined ? line.to : last.from + offsetOfColumn(last.text, at.endCol);
  return [{ from, to: Math.max(from, to), severity, message: escapeControls(fix === '' ? what : `${what} — ${fix}`) }];
}

export interface EditorHearers {
  readonly onEdit: (text: string) => void;
  /** The person put the cursor on this line, 1-based; typing does not count. */
  readonly onCursor: (line: number) => void;
  readonly ask: AskCompletions;
}

/** How long the lines that changed from elsewhere stay marked, in ms. */
const markedFor = 1800;

/** Takes a text from elsewhere: only what differs is replaced, so that cursor and scroll stay, and its lines are marked for a moment. */
function takeText(view: EditorView, text: string): void {
  const before = view.state.doc.toString();
  if (text === before) return;
  const change = differenceOf(before, text);
  view.dispatch({ changes: change, effects: setChanged.of({ from: change.from, to: change.from + change.insert.length }) });
  setTimeout(() => view.dispatch({ effects: setChanged.of(null) }), markedFor);
}

const cursorMoved = (update: ViewUpdate): boolean => update.selectionSet && !update.docChanged && update.transactions.some((one) => one.isUserEvent('select')) && update.startState.doc.lineAt(update.startState.selection.main.head).number !== update.state.doc.lineAt(update.state.selection.main.head).number;

/** Creates the YAML editor in a shadow root: there its style sheets are adopted, where the page's policy refuses `<style>` elements. */
export function createEditor(host: HTMLElement, { onEdit, onCursor, ask }: EditorHearers): YamlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const stateOf = (name: string, text: string): EditorState => EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(), drawSelection(), indentOnInput(), indentUnit.of('  '), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
      keymap.of([...defaultKeymap, ...searchKeymap, ...lintKeymap]),
      yaml(), editorTheme, litLines, changedLines, completion(ask),
      EditorView.contentAttributes.of({ 'aria-label': `${name}, YAML`, tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        const typed = update.docChanged && update.transactions.some((one) => one.annotation(Transaction.userEvent) !== undefined);
        if (typed) onEdit(update.state.doc.toString());
        if (cursorMoved(update)) onCursor(update.state.doc.lineAt(update.state.selection.main.head).number);
      }),
    ],
  });
  const view = new EditorView({ state: stateOf('', ''), root, parent: root });
  const reveal = (line: number): void => view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(line).from, { y: 'center' }) });
  return {
    show: (name, text) => view.setState(stateOf(name, text)),
    replace: (text) => takeText(view, text),
    mark: (problems) => view.dispatch(setDiagnostics(view.state, problems.flatMap((problem) => diagnosticOf(view.state, problem)))),
    light: (span) => {
      view.dispatch({ effects: setLit.of(span) });
      if (span !== null) reveal(linesOfSpan(span, view.state.doc.lines)[0]);
    },
    goTo: (span) => {
      const [number] = linesOfSpan(span, view.state.doc.lines);
      const line = view.state.doc.line(number);
      view.dispatch({ selection: { anchor: line.from + offsetOfColumn(line.text, span.col) } });
      reveal(number);
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
