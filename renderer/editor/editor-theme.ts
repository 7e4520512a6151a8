import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '21px', fontFeatureSettings: '"zero", "calt" 0', scrollbarWidth: 'thin' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '4px 0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '1.5px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--ink-3)', border: '0', paddingLeft: '8px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--surface-2)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--ink) 16%, transparent)' },
  '.cm-lit, &.cm-focused .cm-lit': { backgroundColor: 'var(--nat-wash)', boxShadow: 'inset 2px 0 var(--nat)' },
  '@keyframes cm-changed': { from: { backgroundColor: 'var(--mark)', color: '#12161b' } },
  '.cm-changed': { animation: 'cm-changed 1.6s ease-out', boxShadow: 'inset 2px 0 var(--line-2)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--drop)', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--maybe)', textUnderlineOffset: '3px' },
  '.cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--line-2)', textUnderlineOffset: '3px' },
  '.cm-bad-line': { boxShadow: 'inset 2px 0 var(--drop)' },
  '.cm-tooltip': { backgroundColor: 'var(--overlay)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '8px', boxShadow: 'var(--e2)', fontFamily: 'var(--sans)', fontSize: '13px', maxWidth: '60ch' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px', maxHeight: '240px', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: '5px', lineHeight: '18px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': { fontFamily: 'var(--sans)', fontStyle: 'normal', color: 'var(--ink-3)', marginLeft: '14px' },
  '.cm-diagnostic': { borderLeft: '2px solid var(--line-2)', padding: '6px 10px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--drop)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--maybe)' },
  '.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--ink)', fontFamily: 'var(--sans)' },
  '.cm-panels input, .cm-panels button': { fontFamily: 'var(--sans)', fontSize: '12px' },
});

// Hue belongs to a packet's fate (LOOKS.md): syntax is told apart by ink and weight only.
const words = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ink-3)' },
  { tag: tags.definition(tags.propertyName), color: 'var(--ink-3)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: [tags.keyword, tags.labelName, tags.meta], color: 'var(--ink-2)', fontWeight: '600' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--ink-3)' },
]);

/** How the editor looks: the page's own tokens, which reach into the shadow root. */
export const editorTheme: Extension = [look, syntaxHighlighting(words)];
