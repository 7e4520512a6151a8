import { describe, expect, test } from 'vitest';
import { printRef } from './object-ref.ts';
import { escapeControls, formatProblem } from './problem.ts';

describe('problems on one line', () => {
  test('place, severity, what and what to do', () => {
    expect([
      formatProblem({ code: 'c', severity: 'error', what: 'port is missing', fix: 'add it', at: { file: 'a.yaml', line: 3, col: 7 } }),
      formatProblem({ code: 'c', severity: 'info', what: 'nothing here', fix: '', at: null }),
    ]).toEqual(['a.yaml:3:7: error: port is missing — add it', 'info: nothing here']);
  });

  test('[E4] [B12] no control, bidi or zero-width character reaches a terminal', () => {
    const attacks = ['\u001b[31m', '\u001b]0;t\u0007', '\u001b]52;c;aGk=\u0007', '\u001bP+q\u001b\\', '\r', '\n', '\b', '\t', '\u0000', '\u007f', '\u009b31m', '\u0085', '\u202e', '\u2066', '\u200b', '\u200f', '\u2028', '\u2060', '\ufeff', '\u061c', '\u00ad', '\u180e', '\ufffe', '\u{e0001}', '\ud800'];
    const shown = attacks.map(escapeControls).join('');
    expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]|[\u{e0000}-\u{e007f}]/u);
    expect(escapeControls('a\u001bb\u202e')).toBe('aU+001BbU+202E');
    expect(formatProblem({ code: 'c', severity: 'error', what: 'a\nb', fix: '\u001b', at: { file: 'x\ny', line: 1, col: 1 } })).toBe('xU+000Ay:1:1: error: aU+000Ab — U+001B');
    expect(escapeControls('é😀日本 — “quotes”')).toBe('é😀日本 — “quotes”');
  });

  test('references are kind/namespace/name', () => {
    expect([printRef({ kind: 'Pod', namespace: 'shop', name: 'web-0' }), printRef({ kind: 'Node', name: 'a' }), printRef({ kind: 'Node', namespace: '', name: 'a' })]).toEqual(['pod/shop/web-0', 'node/a', 'node/a']);
  });
});
