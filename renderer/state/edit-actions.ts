import type { Edited, EditPreview } from '../../shared/api/edit-contract.ts';
import type { ClusterEdit } from '../../shared/model/edit/types.ts';
import { useWorld } from './use-world.ts';

/** What a gesture asks for. Null = it could not be done, and the store says why. */
export interface EditActions {
  readonly edit: (edit: ClusterEdit) => Promise<Edited | null>;
  readonly previewEdit: (edit: ClusterEdit) => Promise<EditPreview | null>;
}

/** Carries edits out and shows what they would do: with undo, the question asked again, and the editor in step. */
export const editActions: EditActions = {
  edit: (edit) => useWorld.getState().actions.applyEdit(edit),
  previewEdit: (edit) => useWorld.getState().actions.previewEdit(edit),
};
