import type { ObjectRef } from '../base/object-ref.ts';
import type { NetnsId } from '../dataplane/ids.ts';

/** A rule that exists because of an object: where, as its tool prints it, and why. */
export interface CausedRule { readonly netns: NetnsId; readonly id: string; readonly text: string; readonly why: string }
export interface Caused {
  /** How many rules and routes each host holds because of the object; hosts without any are left out. */
  readonly hosts: readonly { readonly netns: NetnsId; readonly count: number }[];
  /** The first of the first host's. */
  readonly rules: readonly CausedRule[];
}

export interface Completion { readonly label: string; /** What kind of value stands there, or what the value means; '' for nothing to say. */ readonly detail: string; /** Text to insert where it differs from the label. */ readonly insert?: string }
/** What may stand at a place: it replaces the text from column `from` (1-based, in code points) to the cursor. */
export interface Completions { readonly from: number; readonly options: readonly Completion[] }

/** Help for whoever writes manifests. None of it changes anything. */
export interface AuthoringMethods {
  /** The rules and routes of every host that exist because of an object. */
  causedBy: { input: { ref: ObjectRef }; output: Caused };
  /** What may stand at a place of a text, by the kinds' schemas and the cluster's names; nothing where that is not known. */
  complete: { input: { text: string; line: number; col: number }; output: Completions };
}
