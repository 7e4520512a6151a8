import { allowedText } from '../../shared/analysis/format-reach.ts';
import type { Exposure, ExposureEntry } from '../../shared/api/analysis-contract.ts';
import type { Args } from '../args.ts';
import { load } from '../load.ts';
import { print, printJson } from '../output.ts';

const many = (n: number): string => (n === 0 ? 'no pod today' : n === 1 ? '1 pod today' : `${n} pods today`);

function entryLines({ words, allowed, by, now, today, alsoJudgedBy }: ExposureEntry): readonly string[] {
  const place = by?.at ? ` (${by.at.file}:${by.at.line})` : '';
  return [
    `  ${words}: ${allowedText(allowed)}`,
    `    by ${by === null ? 'nothing: no policy selects the pod in this direction' : `${by.namespace}/${by.name} ${by.field}${place}`}`,
    `    ${many(now)}${today.length === 0 ? '' : `: ${today.join(', ')}`}`,
    ...(alsoJudgedBy.length === 0 ? [] : [`    a pod with only these labels is judged by ${alsoJudgedBy.join(', ')} on its own side, too`]),
  ];
}

function text({ pod, ingress, egress, unlike, note }: Exposure): string {
  const section = (title: string, entries: readonly ExposureEntry[]): readonly string[] => [title, ...(entries.length === 0 ? ['  nobody'] : entries.flatMap(entryLines))];
  return [
    ...(note === null ? [] : [note]), ...section(`could reach ${pod}:`, ingress), ...section(`${pod} could reach:`, egress),
    ...(unlike.length === 0 ? [] : [`other policies select ${unlike.join(', ')} of the same workload`]),
  ].join('\n');
}

/** `podhop exposure`: who could reach a pod and whom it could reach, pods that do not exist yet among them. Always 0. */
export async function exposure({ values, positionals }: Args): Promise<number> {
  const { sandbox } = await load(values.file);
  const found = await sandbox.exposure({ of: positionals[0]! });
  if (values.json) printJson(found);
  else print(text(found));
  return 0;
}
