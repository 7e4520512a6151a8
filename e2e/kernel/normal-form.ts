import type { Dataplane } from '../../shared/dataplane/netns.ts';
import type { Backend } from './generate-cluster.ts';
import type { Lab } from './lab-process.ts';
import { labRules } from './to-lab.ts';

/** Without counters of policies and comments of the tool; the legacy tool lists tables in the order they were first used. */
const normal = (text: string, backend: Backend): string => {
  const lines = text.split('\n').filter((line) => !line.startsWith('#')).map((line) => line.replace(/^(:\S+ \S+) \[\d+:\d+\]$/, '$1 [0:0]')).join('\n').trimEnd();
  return backend === 'iptables-legacy' ? lines.split(/(?<=^COMMIT\n)/m).map((table) => table.trimEnd()).toSorted().join('\n') : lines;
};

// nft also lists what iptables-nft holds, and the lab's own table below a cut cable.
function ownTables(listed: string, printed: string): string {
  const heads = new Set(printed.split('\n').filter((line) => line.startsWith('table ')));
  return listed.split(/^(?=table )/m).filter((table) => heads.has(table.slice(0, table.indexOf('\n')))).join('');
}

export interface Differing { readonly node: string; readonly printed: string; readonly listed: string }

/** Nodes of a cluster that stands in the lab whose tools do not list what they were given to the letter; empty = save(restore(print)) = print everywhere. Asked before the first packet, whose traces sets would show. */
export async function notToTheLetter(lab: Lab, dataplane: Dataplane, backend: Backend, v6: boolean): Promise<readonly Differing[]> {
  const differing: Differing[] = [];
  for (const node of dataplane.ids.filter((id) => id.startsWith('node/'))) {
    const rules = labRules(dataplane.netns(node)!, backend, v6);
    const save = backend === 'iptables-legacy' ? 'tables-legacy-save' : 'tables-nft-save';
    for (const [tool, given] of [['nft', rules['nft']], [`ip${save}`, rules['iptables']], [`ip6${save}`, rules['ip6tables']]] as const) {
      if (given === undefined) continue;
      const { text } = await lab.call<{ text: string }>({ op: 'saved', netns: node, tool });
      const [printed, listed] = [normal(given, backend), normal(tool === 'nft' ? ownTables(text, given) : text, backend)];
      if (printed !== listed) differing.push({ node, printed, listed });
    }
  }
  return differing;
}
