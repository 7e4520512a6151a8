import type { Table } from '../../dataplane/rules.ts';
import { filterChains } from './filter-chains.ts';
import { natChains } from './nat-chains.ts';
import { wordsOf, type TablesInput } from './words.ts';

/** The nat and filter tables of one family: IPVS sends the packets, these decide who is masqueraded and who is kept out (writeIptablesRules). */
export function buildTables(input: TablesInput): readonly Table[] {
  const words = wordsOf(input);
  return [
    { family: words.ip, name: 'nat', tool: 'iptables', chains: natChains(words, input), sets: [] },
    { family: words.ip, name: 'filter', tool: 'iptables', chains: filterChains(words, input), sets: [] },
  ];
}
