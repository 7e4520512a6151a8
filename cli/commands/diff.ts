import { allowedText } from '../../shared/analysis/format-reach.ts';
import type { ConnectionChange, DiffAnswer, PathChange, PathSide } from '../../shared/api/reach-contract.ts';
import { UsageError, type Args } from '../args.ts';
import { load } from '../load.ts';
import { print, printJson } from '../output.ts';

const connection = ({ src, dst, change, before, after }: ConnectionChange): string => `  ${change.padEnd(7)} ${src} → ${dst}: ${allowedText(before)} ⇒ ${allowedText(after)}`;

const sideText = (side: PathSide | null): string => (side === null ? 'not there' : side.branches.join(', '));
function path({ from, to, protocol, port, change, before, after, partsAt }: PathChange): string {
  const parts = partsAt ? `; the ways part at ${partsAt.before === partsAt.after ? partsAt.before : `${partsAt.before} / ${partsAt.after}`}` : '';
  return `  ${change.padEnd(7)} ${from} → ${to}:${port}/${protocol}: ${sideText(before)} ⇒ ${sideText(after)}${parts}`;
}

function text(diff: DiffAnswer): string {
  if (diff.same) return 'nothing changed';
  const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [title, ...lines]);
  return [
    ...section('peers that are new:', diff.peersAdded.map((name) => `  ${name}`)),
    ...section('peers that are gone:', diff.peersRemoved.map((name) => `  ${name}`)),
    ...section('by NetworkPolicy:', diff.connections.map(connection)),
    ...section('calls to Services:', diff.services.map(path)),
    ...(diff.questionsLeftOut > 0 ? [`${diff.questionsLeftOut} calls to Services were not compared`] : []),
  ].join('\n');
}

/** `podhop diff`: what became reachable, what stopped, what changed its path between two inputs. 0 = same, 1 = different. */
export async function diff({ values }: Args): Promise<number> {
  const [before, after, ...more] = values.file ?? [];
  if (before === undefined || after === undefined || more.length > 0) throw new UsageError('diff compares two inputs: -f OLD -f NEW');
  const old = await load([before]);
  const { sandbox } = await load([after]);
  const found = await sandbox.diffReach({ before: old.opened.documents });
  if (values.json) printJson(found);
  else print(text(found));
  return found.same ? 0 : 1;
}
