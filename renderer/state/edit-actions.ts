import type { Edited, EditPreview } from '../../shared/api/edit-contract.ts';
import type { ClusterEdit } from '../../shared/model/edit/types.ts';
import { currentHost, useWorld } from './use-world.ts';

/** What a gesture asks for. Null = it could not be done, and the store says why. */
export interface EditActions {
  readonly edit: (edit: ClusterEdit) => Promise<Edited | null>;
  readonly previewEdit: (edit: ClusterEdit) => Promise<EditPreview | null>;
}

const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'The engine did not answer');

/** Straight to the engine; the cluster that comes back is shown. */
const plain: EditActions = {
  edit: async (edit) => {
    try {
      const edited = await currentHost().engine.edit({ edit });
      if (edited.kind === 'done') useWorld.setState((was) => ({ opened: edited.opened, edition: was.edition + 1, stale: was.answer !== null }));
      return edited;
    } catch (thrown) {
      useWorld.getState().actions.fail(sentence(thrown));
      return null;
    }
  },
  previewEdit: async (edit) => {
    try {
      return await currentHost().engine.previewEdit({ edit });
    } catch {
      return null;
    }
  },
};

let given = plain;

/** Names who carries edits out instead (undo, asking again, the editor); returns the way back. */
export function provideEdits(actions: EditActions): () => void {
  given = actions;
  return () => {
    given = plain;
  };
}

/** Carries edits out and shows what they would do, whoever does it. */
export const editActions: EditActions = { edit: (edit) => given.edit(edit), previewEdit: (edit) => given.previewEdit(edit) };
