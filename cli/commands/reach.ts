import { formatReach } from '../../shared/analysis/format-reach.ts';
import { allowedJson, isPair, reach as reachOf, type Reach } from '../../shared/analysis/reach.ts';
import { oneOf, type Args } from '../args.ts';
import { load } from '../load.ts';
import { print } from '../output.ts';

/** CLI.md's JSON, a connection a line and printed as it is found: the pairs of a large cluster are more than one text can hold. */
function printConnections(result: Reach): void {
  const answers = new Map<number, string>();
  const answer = (id: number): string => {
    let text = answers.get(id);
    if (text === undefined) answers.set(id, (text = JSON.stringify(allowedJson(result.setOf(id)))));
    return text;
  };
  const names = result.peers.map(({ name }) => JSON.stringify(name));
  print('{\n"connections": [');
  let first = true;
  result.peers.forEach((from, i) => {
    const lines: string[] = [];
    result.peers.forEach((to, j) => {
      const id = isPair(from, to) ? result.idBetween(from, to) : 0;
      if (id !== 0) lines.push(`{ "src": ${names[i]}, "dst": ${names[j]}, "allowed": ${answer(id)} }`);
    });
    if (lines.length > 0) print(`${first ? '' : ','}${lines.join(',\n')}`);
    first &&= lines.length === 0;
  });
  print(`],\n"peers": [${names.join(', ')}]\n}`);
}

/** `podhop reach`: who may connect to whom, workload by workload, by NetworkPolicy. Always 0. */
export async function reach({ values }: Args): Promise<number> {
  const listeningOnly = values.ports !== undefined && oneOf(values.ports, ['listening', 'all'], 'ports') === 'listening';
  const ipBlocksMatchPods = values['ip-block'] === undefined || oneOf(values['ip-block'], ['any', 'outside'], 'ip-block') === 'any';
  const { sandbox } = await load(values.file);
  const result = reachOf(sandbox.world()!.cluster, { listeningOnly, ipBlocksMatchPods });
  if (values.json) printConnections(result);
  else print(formatReach(result));
  return 0;
}
