import { formatReach } from '../../shared/analysis/format-reach.ts';
import { reach as reachOf, reachJson } from '../../shared/analysis/reach.ts';
import { oneOf, type Args } from '../args.ts';
import { load } from '../load.ts';
import { print, printJson } from '../output.ts';

/** `podhop reach`: who may connect to whom, workload by workload, by NetworkPolicy. Always 0. */
export async function reach({ values }: Args): Promise<number> {
  const listeningOnly = values.ports !== undefined && oneOf(values.ports, ['listening', 'all'], 'ports') === 'listening';
  const ipBlocksMatchPods = values['ip-block'] === undefined || oneOf(values['ip-block'], ['any', 'outside'], 'ip-block') === 'any';
  const { sandbox } = await load(values.file);
  const result = reachOf(sandbox.world()!.cluster, { listeningOnly, ipBlocksMatchPods });
  if (values.json) printJson(reachJson(result));
  else print(formatReach(result));
  return 0;
}
