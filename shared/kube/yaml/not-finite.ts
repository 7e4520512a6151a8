import type { YamlFault } from './node.ts';

/** Neither infinity nor NaN exists in JSON, which is what the API server is sent. */
export const notFinite = (node: { readonly start: number; readonly end: number }, text: string): YamlFault =>
  ({ code: 'not-a-number', severity: 'error', start: node.start, end: node.end, what: `${text} is no value that JSON can carry`, fix: 'write a finite number, or quote it' });
