import { create } from 'zustand';
import type { Question, Side, SideAnswer, SideDiff } from '../../shared/api/analysis-contract.ts';
import { useLayout } from '../state/layout.ts';
import { currentHost, useWorld } from '../state/use-world.ts';

export interface CompareState {
  readonly before: Side;
  readonly after: Side;
  readonly diff: SideDiff | null;
  /** Whether calls to Services are still being compared. */
  readonly more: boolean;
  /** Why there is no diff, in a sentence. */
  readonly failure: string | null;
  /** The edition, and the sides, that `diff` or `failure` belong to. */
  readonly key: string;
  /** What the open comparison asks both sides. */
  readonly title: string;
  readonly both: { readonly before: SideAnswer; readonly after: SideAnswer } | null;
  readonly bothFailure: string | null;
}

const lastEdit = { before: { kind: 'before-last-edit' }, after: { kind: 'current' } } as const;
const nothing: CompareState = { ...lastEdit, diff: null, more: false, failure: null, key: '', title: '', both: null, bothFailure: null };

/** Two sets of manifests, what lies between them, and the question that is put to both. */
export const useCompare = create<CompareState>()(() => nothing);

const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'The engine did not answer');
const keyNow = (): string => {
  const { before, after } = useCompare.getState();
  return `${useWorld.getState().edition} ${JSON.stringify([before, after])}`;
};

/** Above this many pods the policies' part is asked for first. */
const largeFrom = 200;

/** Asks what lies between the two sides, unless that is known. */
export async function refreshDiff(): Promise<void> {
  const key = keyNow();
  const { before, after, key: known } = useCompare.getState();
  if (known === key || useWorld.getState().opened === null) return;
  const large = (useWorld.getState().opened?.cluster.pods.length ?? 0) > largeFrom;
  try {
    // what policies judge is known at once; the calls need every node's rules
    if (large) {
      const first = await currentHost().engine.diffBetween({ before, after, calls: false });
      if (keyNow() === key) useCompare.setState({ diff: first, more: true, failure: null, key });
    }
    const diff = await currentHost().engine.diffBetween({ before, after });
    if (keyNow() === key) useCompare.setState({ diff, more: false, failure: null, key });
  } catch (thrown) {
    if (keyNow() === key) useCompare.setState({ diff: null, more: false, failure: sentence(thrown), key });
  }
}

/** Compares other sides from now on. */
export function chooseSide(part: Partial<Pick<CompareState, 'before' | 'after'>>): void {
  useCompare.setState(part);
  void refreshDiff();
}

/** Asks for files or a folder and compares what is in them with the cluster. */
export async function compareWithFiles(which: 'before' | 'after', folder: boolean): Promise<void> {
  const chosen = await currentHost().shell.openFiles({ folder });
  if (chosen === null) return;
  if (chosen.documents.length === 0) return useWorld.getState().actions.fail('There was nothing to compare with');
  chooseSide({ [which]: { kind: 'documents', documents: chosen.documents, title: chosen.title } });
}

/** Puts one question to both sides and opens the two traces side by side. */
export async function openComparison(question: Question, title: string, sides: Pick<CompareState, 'before' | 'after'> = lastEdit): Promise<void> {
  useCompare.setState({ title, both: null, bothFailure: null });
  useLayout.getState().change({ dialog: 'compare' });
  try {
    const both = await currentHost().engine.compare({ ...sides, question });
    if (useCompare.getState().title === title) useCompare.setState({ both });
  } catch (thrown) {
    useCompare.setState({ bothFailure: sentence(thrown) });
  }
}

/** Forgets everything; for tests. */
export const resetCompare = (): void => useCompare.setState(nothing);
