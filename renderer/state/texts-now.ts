import type { TextDocument } from '../../shared/api/shapes.ts';
import type { WorldStore } from './world-store.ts';

/** The documents as they stand in the editor. */
export function textsNow({ opened, drafts }: Pick<WorldStore, 'opened' | 'drafts'>): readonly TextDocument[] {
  return (opened?.documents ?? []).map((document) => (drafts[document.name] === undefined ? document : { name: document.name, text: drafts[document.name]! }));
}
