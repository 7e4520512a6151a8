import type { SandboxApi } from '../api/contract.ts';
import type { Answer, Sidecar, TextDocument } from '../api/shapes.ts';
import type { EditDone, EditMethods } from '../api/edit-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import { formatProblem } from '../base/problem.ts';
import type { ClusterEdit } from '../model/edit/types.ts';
import { changeBy, heldIn, joinKey } from './edit.ts';
import type { Change } from './edit-layout.ts';
import { effectOf, newProblems } from './edit-effect.ts';
import { staleAfter } from './edit-stale.ts';
import { addEdit, addPacket, goTo, noSidecar, redoTitle, savedAt, startHistory, stepBack, stepForward, undoTitle, type History, type Saved } from './history.ts';
import { previewOf } from './preview-edit.ts';
import { buildWorld, type World } from './world.ts';

/** A revision and how it came about. `tried` = the edit that was looked at last, so that letting go does not build it again; `asked` = the question that was answered last, for the same reason. */
export interface Standing { readonly world: World; readonly history: History; readonly tried?: Tried; readonly asked?: { readonly probe: string; readonly answer: Answer } }
interface Tried { readonly edit: string; readonly world: World; readonly change: Change }

/** The world of a moment, one revision after `before`. */
export const buildSaved = ({ documents, title, sidecar }: Saved, before: World | null): World => buildWorld(documents, title, (before?.revision ?? 0) + 1, sidecar, before?.reads, before?.cluster ?? null);

/** Whether two moments differ at most in how the map is arranged, from which nothing of a world is built. */
const isSameWorld = (a: Saved, b: Saved): boolean => a.documents === b.documents && a.title === b.title && a.sidecar.held === b.sidecar.held && a.sidecar.stale === b.sidecar.stale;

/** The first revision of what is opened; its timeline begins there. */
export function openStanding(documents: readonly TextDocument[], title: string, sidecar: Sidecar | undefined, before: Standing | null): Standing {
  const saved: Saved = { documents, title, sidecar: sidecar ?? noSidecar };
  return { world: buildSaved(saved, before?.world ?? null), history: startHistory(saved, before?.history.nextId ?? 0) };
}

/** What an answer says of the timeline. */
export const timelineOf = ({ history }: Standing): { readonly sidecar: Sidecar; readonly undo: string | null; readonly redo: string | null } =>
  ({ sidecar: savedAt(history).sidecar, undo: undoTitle(history), redo: redoTitle(history) });

type Surface = { readonly [M in keyof EditMethods]: SandboxApi[M] };
interface Holder { readonly get: () => Standing; readonly put: (standing: Standing) => void; readonly toOpened: (standing: Standing) => EditDone['opened'] }

function tryEdit(standing: Standing, edit: ClusterEdit): Tried | Exclude<ReturnType<typeof changeBy>, Change> {
  const key = JSON.stringify(edit);
  if (standing.tried?.edit === key) return standing.tried;
  const change = changeBy(standing.world, savedAt(standing.history), edit);
  if (change.kind === 'choose') return change;
  if (change.saved.documents === standing.world.documents) return { edit: key, change, world: { ...standing.world, revision: standing.world.revision + 1 } };
  const world = buildSaved(change.saved, standing.world);
  if (edit.kind !== 'edit-yaml') assertAcceptable(standing.world, world);
  const stale = staleAfter(standing.world.cluster, savedAt(standing.history), world.cluster, heldIn(standing.world, []));
  if (stale === change.saved.sidecar.stale) return { edit: key, change, world };
  const { stale: _, ...sidecar } = change.saved.sidecar;
  const saved: Saved = { ...change.saved, sidecar: { ...sidecar, ...(stale ? { stale } : {}) } };
  return { edit: key, change: { ...change, saved }, world: buildSaved(saved, standing.world) };
}

/** Refuses, in the reader's own words, an edit after which the API server would no longer take an object. */
function assertAcceptable(before: World, after: World): void {
  const fault = newProblems(before.problems, after.problems).find((problem) => problem.severity === 'error');
  if (fault) throw new ApiFailure('problem', formatProblem({ ...fault, at: null }));
}

const nothing = (what: string): ApiFailure => new ApiFailure('problem', `There is nothing to ${what}`);

/** A moment of the timeline for an answered question. */
export const rememberPacket = (standing: Standing, { journey }: Answer): Standing => ({
  ...standing,
  history: addPacket(standing.history, { title: `${journey.from} → ${journey.target}${journey.port === null ? '' : `:${journey.port}`}`, probe: journey.probe, verdict: journey.verdict }),
});

/** The methods that change the cluster by hand, over the sandbox's one variable. */
export function createEditMethods({ get, put, toOpened }: Holder): Surface {
  const done = (before: World, standing: Standing, title: string, note: string | null): EditDone => {
    put(standing);
    return { kind: 'done', title, note, effect: effectOf(before, standing.world), opened: toOpened(standing) };
  };
  const move = (history: History | null, title: string): EditDone => {
    const { world, history: now } = get();
    if (!history) throw nothing(title);
    const saved = savedAt(history);
    const there = isSameWorld(savedAt(now), saved) ? { ...world, revision: world.revision + 1 } : buildSaved(saved, world);
    return done(world, { world: there, history }, title, null);
  };
  return {
    edit: async ({ edit, join }) => {
      const standing = get();
      const tried = tryEdit(standing, edit);
      if ('kind' in tried) return tried;
      const history = addEdit(standing.history, tried.change.title, tried.change.saved, joinKey(edit), join === true);
      return done(standing.world, { world: tried.world, history }, tried.change.title, tried.change.note);
    },
    previewEdit: async ({ edit, rulesOf }) => {
      const standing = get();
      const tried = tryEdit(standing, edit);
      if ('kind' in tried) return tried;
      put({ ...standing, tried });
      return previewOf(standing.world, tried.world, tried.change, rulesOf);
    },
    undo: async () => {
      const { history } = get();
      const title = undoTitle(history);
      return move(stepBack(history), title === null ? 'undo' : `Undo ${title[0]!.toLowerCase()}${title.slice(1)}`);
    },
    redo: async () => {
      const { history } = get();
      const title = redoTitle(history);
      return move(stepForward(history), title === null ? 'redo' : `Redo ${title[0]!.toLowerCase()}${title.slice(1)}`);
    },
    history: async () => {
      const { history } = get();
      return { entries: history.moments.map((moment) => moment.entry), current: history.moments[history.at]!.entry.id };
    },
    restartFrom: async ({ entry }) => {
      const { history } = get();
      const there = goTo(history, entry);
      if (!there) throw new ApiFailure('problem', 'This moment is no longer kept');
      return move(there, `Back to ${there.moments[there.at]!.entry.title}`);
    },
  };
}
