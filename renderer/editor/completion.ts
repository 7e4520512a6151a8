import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { Completions } from '../../shared/api/authoring-contract.ts';
import { offsetOfColumn } from './columns.ts';

/** Asks what may stand at a 1-based line and column, in code points. */
export type AskCompletions = (text: string, line: number, col: number) => Promise<Completions>;

/** Completion from the engine's schemas: while a word is typed, after a colon, and whenever it is asked for. */
export function completion(ask: AskCompletions): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const { state, pos } = context;
    const line = state.doc.lineAt(pos);
    const typed = line.text.slice(0, pos - line.from);
    if (!context.explicit && !/[A-Za-z0-9/.]$|: $/.test(typed)) return null;
    try {
      const { from, options } = await ask(state.doc.toString(), line.number, [...typed].length + 1);
      if (options.length === 0) return null;
      return {
        from: line.from + offsetOfColumn(line.text, from),
        options: options.map(({ label, detail, insert }) => ({ label, detail, ...(insert === undefined ? {} : { apply: insert, type: 'property' }) })),
        validFor: /^[\w./-]*$/,
      };
    } catch {
      return null;
    }
  };
  return autocompletion({ override: [source], icons: false, maxRenderedOptions: 40 });
}
