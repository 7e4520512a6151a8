/** What a plain scalar may resolve to. */
export type ScalarValue = string | number | boolean | null;

/** One scalar; `start` and `end` (exclusive) are offsets into the file's text, quotes included. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly start: number;
  readonly end: number;
  readonly value: ScalarValue;
  /** Neither quoted nor a block scalar nor tagged: its text decided its type. */
  readonly plain: boolean;
}
export interface MapEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: YamlNode;
}
export interface MapNode { readonly kind: 'map'; readonly start: number; readonly end: number; readonly flow: boolean; readonly entries: readonly MapEntry[] }
export interface ListNode { readonly kind: 'list'; readonly start: number; readonly end: number; readonly flow: boolean; readonly items: readonly YamlNode[] }
/** A document as plain data with the place of everything; aliases share their anchor's node, merge keys are merged. */
export type YamlNode = ScalarNode | MapNode | ListNode;

/** What reading one document found wrong; offsets into the file's text. */
export interface YamlFault {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly start: number;
  readonly end: number;
  readonly what: string;
  readonly fix: string;
  readonly related?: { readonly what: string; readonly start: number; readonly end: number };
}

/** One document of a file: its tree (null = nothing in it), or why there is none. */
export interface YamlRead { readonly node: YamlNode | null; readonly faults: readonly YamlFault[] }
