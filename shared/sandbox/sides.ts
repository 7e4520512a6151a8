import type { Question, Side, SideAnswer, SideDiff } from '../api/analysis-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import { ask } from './ask.ts';
import { diffWorlds } from './diff-worlds.ts';
import { buildSaved, type Standing } from './edit-methods.ts';
import type { Saved } from './history.ts';
import { toProbe } from './pair-question.ts';
import { buildWorld, type World } from './world.ts';

interface Known { readonly title: string; readonly world: World }

// A moment's text never changes, so what was derived from it is kept as long as the timeline keeps the moment.
const worlds = new WeakMap<Saved, World>();

function worldAt(standing: Standing, saved: Saved): World {
  if (saved === standing.history.moments[standing.history.at]!.after) return standing.world;
  let world = worlds.get(saved);
  if (!world) worlds.set(saved, (world = buildSaved(saved, standing.world)));
  return world;
}

/** Where the text before the last edit stands in the timeline; -1 where nothing was edited. */
function beforeLastEdit({ history: { moments, at } }: Standing): number {
  const edit = moments.findLastIndex(({ entry }, i) => i <= at && i > 0 && entry.kind === 'edited');
  return edit < 0 ? -1 : edit - 1;
}

function worldOf(standing: Standing, side: Side): Known {
  const { history } = standing;
  switch (side.kind) {
    case 'current': return { title: 'Now', world: standing.world };
    case 'documents': {
      const world = buildWorld(side.documents, side.title, 0);
      if (world.objects.length === 0) throw new ApiFailure('problem', `Nothing in ${side.title === '' ? 'these documents' : side.title} could be read`);
      return { title: side.title, world };
    }
    case 'before-last-edit': {
      const at = beforeLastEdit(standing);
      if (at < 0) throw new ApiFailure('problem', 'Nothing was edited yet');
      return { title: 'Before the last edit', world: worldAt(standing, history.moments[at]!.after) };
    }
    case 'entry': {
      const moment = history.moments.find(({ entry }) => entry.id === side.entry);
      if (!moment) throw new ApiFailure('problem', 'This moment is no longer kept');
      return { title: moment.entry.title, world: worldAt(standing, moment.after) };
    }
  }
}

// Somebody waits for this one: a large cluster takes milliseconds for each question.
const mostQuestions = (world: World): number => (world.cluster.pods.length > 200 ? 100 : 300);

/** What changed from one side to the other. In a large cluster not every call to a Service is compared, the likely ones first. */
export function diffSides(standing: Standing, before: Side, after: Side, calls: boolean): SideDiff {
  const [was, is] = [worldOf(standing, before), worldOf(standing, after)];
  return { ...diffWorlds(was.world, is.world, calls ? mostQuestions(is.world) : 0), beforeTitle: was.title, afterTitle: is.title };
}

function answerOf({ title, world }: Known, question: Question): SideAnswer {
  try {
    const answer = ask(world, toProbe(world.cluster, question));
    return answer.journey.branches.length === 0 ? { title, answer: null, why: 'That question cannot be asked there' } : { title, answer, why: null };
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    return { title, answer: null, why: thrown.message };
  }
}

/** The same question put to both sides. */
export const compareSides = (standing: Standing, before: Side, after: Side, question: Question): { readonly before: SideAnswer; readonly after: SideAnswer } =>
  ({ before: answerOf(worldOf(standing, before), question), after: answerOf(worldOf(standing, after), question) });
