import type { Json } from '../base/json.ts';
import type { Problem, SourceSpan } from '../base/problem.ts';

/** One file's text as the user gave it. `name` is what problems call it, such as `api.yaml` or `shop/api.yaml`. */
export interface SourceDocument { readonly name: string; readonly text: string }

/** A path inside an object: keys and list indexes. */
export type FieldPath = readonly (string | number)[];

/** One Kubernetes object with the place of each of its fields. `value` is plain data, checked against the kind's schema where the kind is known. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' for cluster-scoped objects; `default` where a namespaced object names none. */
  readonly namespace: string;
  readonly name: string;
  readonly value: { readonly [key: string]: Json };
  /** Whether Podhop simulates this kind; the others are kept and listed. */
  readonly simulated: boolean;
  /** The object's own text: file, first and last line. */
  readonly at: SourceSpan;
  /** Where the value (or, failing that, its nearest present ancestor) at this path stands. */
  readonly placeOf: (path: FieldPath) => SourceSpan;
}

/** What was read: every good object and every problem, in the documents' order. */
export interface Manifests {
  readonly objects: readonly KubeObject[];
  /** At most MAX_PROBLEMS; `problemsOmitted` counts the rest. */
  readonly problems: readonly Problem[];
  readonly problemsOmitted: number;
}
