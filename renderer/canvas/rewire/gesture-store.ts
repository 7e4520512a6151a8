import { create } from 'zustand';
import type { EditPreview } from '../../../shared/api/edit-contract.ts';
import type { Cluster } from '../../../shared/model/types.ts';
import { addThis } from '../../state/adding.ts';
import { editActions } from '../../state/edit-actions.ts';
import type { Point } from '../../scene/geometry.ts';
import { labelOf } from '../../scene/labels.ts';
import { choicesAt, isTarget, type Choice, type Gesture } from './gesture.ts';

/** A menu open on the canvas: at a place in the frame, about a thing. */
export interface OpenMenu { readonly kind: 'commands' | 'choices'; readonly at: Point; readonly about: string; readonly label: string; readonly choices: readonly Choice[] }

export interface GestureState {
  readonly gesture: Gesture | null;
  /** The target that letting go (or Enter) would mean now. */
  readonly over: string | null;
  /** The pointer in the frame, px; null while only keys are used. */
  readonly pointer: Point | null;
  /** What the engine says of each choice at `over`, in their order; shorter until it has answered. */
  readonly previews: readonly (EditPreview | null)[];
  readonly menu: OpenMenu | null;
  begin(gesture: Gesture): void;
  /** Aims at a target, or at none; asks for its effect after a moment's rest. */
  aim(over: string | null, pointer: Point | null, cluster: Cluster): void;
  /** Lets go: does the one thing, or asks which. `at` is where a question would stand. */
  finish(over: string, at: Point, cluster: Cluster): void;
  /** Carries an edit out, and asks what the engine leaves to the person. */
  carryOut(choice: Choice, at: Point, about: string): Promise<void>;
  openMenu(menu: OpenMenu): void;
  closeMenu(): void;
  cancel(): void;
}

/** How long the aim must rest before its effect is asked for, in ms: a drag across ten nodes asks once. */
const rest = 90;
const idle = { gesture: null, over: null, pointer: null, previews: [] } as const;

/** What is being rewired by hand: one gesture at a time, whichever way it is made. */
export const useGesture = create<GestureState>()((set, get) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const askEach = async (choices: readonly Choice[]): Promise<void> => {
    const { gesture, over } = get();
    for (const { edit } of choices) {
      const preview = await editActions.previewEdit(edit);
      if (get().gesture !== gesture || get().over !== over) return;
      set(({ previews }) => ({ previews: [...previews, preview] }));
    }
  };
  const ask = (choices: readonly Choice[]): void => {
    clearTimeout(timer);
    set({ previews: [] });
    // another place on the map is seen as it is: the engine has nothing to say of it
    if (choices.length === 0 || choices[0]?.edit.kind === 'arrange') return;
    timer = setTimeout(() => void askEach(choices), rest);
  };
  const cancel = (): void => {
    clearTimeout(timer);
    set({ ...idle });
  };
  return {
    ...idle,
    menu: null,
    begin: (gesture) => set({ ...idle, gesture, menu: null }),
    aim: (over, pointer, cluster) => {
      const { gesture, over: before } = get();
      if (gesture === null) return;
      const target = over !== null && isTarget(gesture, over, cluster) ? over : null;
      set({ over: target, pointer });
      if (target !== before) ask(target === null ? [] : choicesAt(gesture, target, cluster));
    },
    finish: (over, at, cluster) => {
      const { gesture, carryOut } = get();
      if (gesture === null) return;
      // wiring without a source takes this one as the source
      if (gesture.from === '') return set({ ...idle, gesture: { ...gesture, from: over } });
      const choices = choicesAt(gesture, over, cluster);
      const [first, ...others] = choices;
      if (first === undefined) return;
      cancel();
      if (others.length === 0) return void carryOut(first, at, over);
      set({ menu: { kind: 'choices', at, about: over, label: `${labelOf(gesture.from)} and ${labelOf(over)}`, choices } });
    },
    carryOut: async ({ edit }, at, about) => {
      set({ menu: null });
      const edited = edit.kind === 'add-object' ? await addThis(edit.object) : await editActions.edit(edit);
      if (edited?.kind === 'choose') set({ menu: { kind: 'choices', at, about, label: edited.question, choices: edited.alternatives } });
    },
    openMenu: (menu) => set({ ...idle, menu }),
    closeMenu: () => set({ menu: null }),
    cancel,
  };
});
