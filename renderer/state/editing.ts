import type { StoreApi } from 'zustand';
import type { EditDone, Edited, EditPreview } from '../../shared/api/edit-contract.ts';
import type { ClusterEdit } from '../../shared/model/edit/types.ts';
import { effectFacts } from '../canvas/rewire/effect-words.ts';
import { isLayoutEdit } from '../../shared/model/edit/arrange.ts';
import type { Opened } from '../../shared/api/shapes.ts';
import type { Branch } from '../../shared/trace/types.ts';
import type { Host } from '../host/host.ts';
import { keepRequest } from './keep-request.ts';
import { showAgain } from './stage.ts';
import { textsNow } from './texts-now.ts';
import type { Notice, Timetable, WorldActions, WorldStore } from './world-store.ts';

type Store = Pick<StoreApi<WorldStore>, 'getState' | 'setState'>;

/** How long the editor must be quiet before the cluster follows, in ms. */
export const editIdle = 300;
/** Typing that goes on within this many ms of the last change is one step of undo with it. */
export const joinWithin = 2000;

/** Up to how many pods every node's rules are compared before an edit, so that its effect can be told. */
const comparedAtOnce = 300;

export interface EditingHost {
  readonly host: () => Host;
  /** Asks what the destination offers. */
  readonly refreshOffers: () => Promise<void>;
}

const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'The engine did not answer');
const errorsIn = (problems: readonly { readonly severity: string }[]): number => problems.filter(({ severity }) => severity === 'error').length;

/** Reads the timeline again, and what `also` makes of it; what is on screen stays where that fails. */
export async function refreshHistory({ setState }: Store, host: Host, also: (was: WorldStore, history: Timetable) => Partial<WorldStore> = () => ({})): Promise<void> {
  try {
    const history = await host.engine.history({});
    setState((was) => ({ ...also(was, history), history }));
  } catch {
    // a timeline that is not told is no reason to stop
  }
}

/** The branch that ends where the one on stage ended; the first where none does. */
const sameEnd = (was: Branch | undefined, branches: readonly Branch[]): number => Math.max(0, branches.findIndex(({ endpoint }) => endpoint?.pod !== undefined && endpoint.pod === was?.endpoint?.pod));

/** Puts the same question again to the cluster as it is now, and shows where it leads; the packet that was sent stays as it was. */
async function askAgain({ getState, setState }: Store, host: Host, title: string): Promise<void> {
  const { answer, edition, request } = getState();
  if (answer === null || request.from === '' || request.to === '') return;
  const before = answer.journey.verdict;
  try {
    const next = await host.engine.ask({ probe: answer.journey.probe });
    if (getState().edition !== edition || next.journey.branches.length === 0) return;
    const branch = sameEnd(answer.journey.branches[getState().branch], next.journey.branches);
    setState({ answer: next, branch, stale: false, packet: null, again: { after: title, before }, timeline: showAgain(next, branch) });
  } catch {
    // it can no longer be asked: what was asked stays, marked as before the edit
  }
}

const isSameText = (before: Opened | null, after: Opened): boolean =>
  before !== null && before.documents.length === after.documents.length && before.documents.every((document, i) => document.name === after.documents[i]!.name && document.text === after.documents[i]!.text);

/** Mirrors a change of nothing but places on the map: the cluster stays the same object, and what was asked of it stays true. */
async function settleLayout(store: Store, host: Host, { title, opened: { revision, sidecar, undo, redo } }: EditDone, how: Notice['how']): Promise<void> {
  store.setState((was) => (was.opened === null ? {} : { opened: { ...was.opened, revision, ...(sidecar === undefined ? {} : { sidecar }), undo: undo ?? null, redo: redo ?? null }, notice: { title, how, note: null, summary: 'Only the picture changed', facts: [] }, failure: null }));
  void host.shell.setTitle({ title: store.getState().opened?.title ?? '', edited: true });
  await refreshHistory(store, host);
}

/** Mirrors what an edit, an undo or a redo made of the cluster. */
async function settle(store: Store, { host, refreshOffers }: EditingHost, done: EditDone, how: Notice['how'], facts: readonly string[] = []): Promise<void> {
  const { title, note, effect } = done;
  if (isSameText(store.getState().opened, done.opened)) return settleLayout(store, host(), done, how);
  const { opened } = done;
  store.setState((was) => ({ opened, edition: was.edition + 1, changed: 'edited', request: keepRequest(was.request, opened), stale: was.answer !== null, notice: { title, how, note, summary: effect.summary, facts }, failure: null }));
  void host().shell.setTitle({ title: opened.title, edited: true });
  void refreshOffers();
  await Promise.all([refreshHistory(store, host()), askAgain(store, host(), title)]);
}

type Steps = Pick<WorldActions, 'applyEdit' | 'previewEdit' | 'undo' | 'redo' | 'restartFrom' | 'dismissNotice'>;

function stepActions(store: Store, with_: EditingHost): Steps {
  const { getState, setState } = store;
  const go = async (method: 'undo' | 'redo'): Promise<void> => {
    const { drafts, draftProblems } = getState();
    // text that is not good enough for the cluster is the last thing that was done
    if (draftProblems !== null && method === 'undo') return setState({ drafts: {}, draftProblems: null });
    if (Object.keys(drafts).length > 0) await getState().actions.flushTyping();
    if ((getState().opened?.[method] ?? null) === null) return;
    try {
      await settle(store, with_, await with_.host().engine[method]({}), method === 'undo' ? 'undone' : 'redone');
    } catch (thrown) {
      setState({ failure: sentence(thrown) });
    }
  };
  return {
    applyEdit: async (edit: ClusterEdit): Promise<Edited | null> => {
      try {
        if (Object.keys(getState().drafts).length > 0) await getState().actions.flushTyping();
        // the engine keeps what it tried: looking first costs the comparison only
        const preview = !isLayoutEdit(edit) && (getState().opened?.cluster.pods.length ?? 0) <= comparedAtOnce ? await getState().actions.previewEdit(edit) : null;
        const edited = await with_.host().engine.edit({ edit });
        if (edited.kind === 'done') await settle(store, with_, edited, 'edited', preview?.kind === 'effect' ? effectFacts(preview) : []);
        return edited;
      } catch (thrown) {
        setState({ failure: sentence(thrown) });
        return null;
      }
    },
    previewEdit: async (edit: ClusterEdit): Promise<EditPreview | null> => {
      try {
        return await with_.host().engine.previewEdit({ edit });
      } catch {
        return null;
      }
    },
    undo: () => go('undo'),
    redo: () => go('redo'),
    restartFrom: async (entry) => {
      try {
        await settle(store, with_, await with_.host().engine.restartFrom({ entry }), 'restarted');
      } catch (thrown) {
        setState({ failure: sentence(thrown) });
      }
    },
    dismissNotice: () => setState({ notice: null }),
  };
}

function typingActions(store: Store, with_: EditingHost): Pick<WorldActions, 'edit' | 'flushTyping'> {
  const { getState, setState } = store;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = { name: '', at: Number.NEGATIVE_INFINITY };
  const send = async (name: string, text: string): Promise<void> => {
    const join = last.name === name && performance.now() - last.at < joinWithin;
    last = { name, at: performance.now() };
    const edited = await with_.host().engine.edit({ edit: { kind: 'edit-yaml', document: name, text }, ...(join ? { join } : {}) });
    if (edited.kind !== 'done') return;
    // what was typed meanwhile stays a draft
    setState((was) => (was.drafts[name] === text ? { drafts: Object.fromEntries(Object.entries(was.drafts).filter(([other]) => other !== name)), draftProblems: null } : {}));
    await settle(store, with_, edited, 'edited');
  };
  const follow = async (): Promise<void> => {
    const { opened, drafts } = getState();
    if (opened === null || Object.keys(drafts).length === 0) return;
    try {
      const preview = await with_.host().engine.preview({ documents: textsNow({ opened, drafts }) });
      if (getState().drafts !== drafts) return;
      // worse than what is open: the last good cluster stays, and the editor says what is wrong
      if (errorsIn(preview.problems) > errorsIn(opened.problems)) return setState({ draftProblems: preview.problems });
      for (const [name, text] of Object.entries(drafts)) await send(name, text);
    } catch (thrown) {
      setState({ failure: sentence(thrown) });
    }
  };
  return {
    edit: (name, text) => {
      setState((was) => ({ drafts: { ...was.drafts, [name]: text } }));
      clearTimeout(timer);
      timer = setTimeout(() => void follow(), editIdle);
    },
    flushTyping: async () => {
      clearTimeout(timer);
      await follow();
    },
  };
}

/** Everything that changes the cluster: edits by hand and by text, undo, redo, and going back along the timeline. */
export const editingActions = (store: Store, with_: EditingHost): Steps & Pick<WorldActions, 'edit' | 'flushTyping'> => ({ ...stepActions(store, with_), ...typingActions(store, with_) });
