import type { Answer } from '../../shared/api/shapes.ts';
import type { Curve } from '../scene/geometry.ts';
import type { Piece } from '../scene/lanes.ts';
import type { Act } from '../canvas/use-stage.ts';
import { branchWay } from '../scene/paths.ts';
import type { Atlas } from '../scene/routing.ts';
import { buildTimeline } from '../scene/timeline.ts';

/** A line of traffic on the map, as wide as its branch is likely. */
export interface TrafficLine { readonly curve: Curve; readonly width: number }

/** Where traffic runs on one picture: a line for each branch of each pair, every pair in lanes of its own; a flight finds its line by answer and branch. */
export interface TrafficWays { readonly lines: readonly TrafficLine[]; wayOf(answer: Answer, branch: number): Curve }

/** Of more branches than this the rest are found when a flight takes them, and have no line of their own. */
const mostLines = 24;

const widthOf = (answer: Answer, branch: number): number => {
  const odds = answer.journey.branches[branch]?.odds;
  return 1 + 2 * (odds === undefined ? 0 : Number(odds.num) / Number(odds.den));
};

/** Lays the branches of the pairs' answers over an atlas. What flew before an edit keeps a line of its own for as long as its places are shown. */
export function layTraffic(atlas: Atlas, answers: readonly (Answer | null)[], act: Act | null): TrafficWays {
  const found = new Map<Answer, Map<number, Curve>>();
  // the packet on stage has its lines already: its own question flows on them, others keep beside
  const lanes: Piece[] = act === null ? [] : [...branchWay(atlas, act.timeline, []).pieces];
  const staged = act === null ? '' : JSON.stringify(act.answer.journey.probe);
  const beside = new Map<Answer, readonly Piece[]>();
  const lay = (answer: Answer, branch: number): { readonly curve: Curve; readonly pieces: readonly Piece[] } => {
    const way = branchWay(atlas, buildTimeline(answer.journey, branch, answer.glossary), beside.get(answer) ?? []);
    const known = found.get(answer) ?? new Map<number, Curve>();
    found.set(answer, known.set(branch, way.curve));
    return way;
  };
  const lines = answers.flatMap((answer): readonly TrafficLine[] => {
    if (answer === null) return [];
    const own = JSON.stringify(answer.journey.probe) === staged;
    beside.set(answer, own ? [] : [...lanes]);
    const ways = answer.journey.branches.slice(0, mostLines).map((_, branch) => lay(answer, branch));
    lanes.push(...ways.flatMap(({ pieces }) => pieces));
    return own ? [] : ways.map(({ curve }, branch) => ({ curve, width: widthOf(answer, branch) }));
  });
  return { lines, wayOf: (answer, branch) => found.get(answer)?.get(branch) ?? lay(answer, branch).curve };
}
