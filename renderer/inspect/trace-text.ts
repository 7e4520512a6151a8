import { printFraction } from '../../shared/base/fraction.ts';
import type { Answer } from '../../shared/api/shapes.ts';
import { destinationOf, labelOf, sourceOf } from '../scene/labels.ts';
import type { Moment, Timeline } from '../scene/types.ts';
import { titleOfRequest, toRequest } from '../state/request-words.ts';
import { fateOf } from '../theme/fate.ts';
import { hopsOf } from './trace-hops.ts';

function lineOf(moment: Moment, answer: Answer): string {
  const rule = moment.cause === undefined ? undefined : answer.glossary[moment.cause];
  const change = moment.before === undefined ? '' : ` (${sourceOf(moment.before)} > ${destinationOf(moment.before)} becomes ${sourceOf(moment.packet)} > ${destinationOf(moment.packet)})`;
  const text = rule === undefined ? '' : `\n      ${rule.text}`;
  return `    ${moment.title}${change}${text}`;
}

/** The verdict and the trace of one branch as plain text, for a chat or an issue. */
export function traceText(answer: Answer, branch: number, timeline: Timeline): string {
  const { journey } = answer;
  const odds = journey.branches[branch]?.odds;
  const of = journey.branches.length === 1 || odds === undefined ? '' : `, branch ${branch + 1} of ${journey.branches.length} (${printFraction(odds)})`;
  const head = `${titleOfRequest(toRequest(journey.probe))}: ${fateOf(timeline.verdict).word.toLowerCase()}${of}`;
  const hops = hopsOf(timeline).map((hop) => `  ${labelOf(hop.netns)}${hop.direction === 'reply' ? ' (the answer)' : ''}\n${hop.moments.map((moment) => lineOf(moment, answer)).join('\n')}`);
  return [head, timeline.sentence, ...hops].join('\n');
}
