import type { IpFamily } from '../../base/ip.ts';
import type { TablePart } from '../../dataplane/netns.ts';
import type { Chain, Rule } from '../../dataplane/rules.ts';
import type { NodePortAddresses } from '../../model/proxy-node.ts';
import { rememberFlat, rememberMap, type Edited } from '../remember-list.ts';
import { rememberOwnChains } from '../remember-own-chains.ts';
import { canary, forward, kubeFirewall, markMasq, postrouting, regular } from './fixed-chains.ts';
import { filterHooks, natHooks } from './hooks.ts';
import { nodePortJumps } from './node-port-jumps.ts';
import type { Draft } from './parts.ts';
import type { PortOutput } from './port-output.ts';
import type { SharedChainRules } from './service-rules.ts';

/** What the tables of one family on one node are made of. */
export interface TablesInput {
  /** By what the lists of this node and family are remembered. */
  readonly key: object;
  readonly family: IpFamily;
  readonly ports: Edited<PortOutput>;
  readonly nodePorts: NodePortAddresses;
  /** Node ports answer on 127.0.0.0/8 too. */
  readonly localhost: boolean;
}

const table = (family: 'ip' | 'ip6', name: string, chains: readonly Chain[]): TablePart => ({ family, name, tool: 'iptables', chains, sets: [] });

type Shared = keyof SharedChainRules;
const sharedNames: readonly Shared[] = ['natServices', 'natNodePorts', 'filterServices', 'filterExternal', 'filterNodePorts', 'filterFirewall'];
const drafts = Object.fromEntries(sharedNames.map((name) => [name, rememberFlat(({ shared }: PortOutput) => shared[name])])) as Readonly<Record<Shared, (key: object, ports: Edited<PortOutput>) => Edited<Draft>>>;
const rules = Object.fromEntries(sharedNames.map((name) => [name, rememberMap<Draft, Rule>(true)])) as Readonly<Record<Shared, ReturnType<typeof rememberMap<Draft, Rule>>>>;
const ownChains = rememberOwnChains(({ chains }: PortOutput) => chains);

/** A chain that all Services share; `last` are rules behind theirs. */
function sharedChain({ key, ports }: TablesInput, family: 'ip' | 'ip6', table: string, name: string, of: Shared, why: string, last: readonly Draft[] = []): Chain {
  const id = `${family}/${table}/${name}`;
  const placed = (draft: Draft, i: number): Rule => ({ id: `${id}/${i + 1}`, match: draft.match, do: draft.do, origin: draft.origin });
  const theirs = rules[of](key, drafts[of](key, ports), placed).items;
  return { ...regular(family, table, name, [], why), rules: last.length === 0 ? theirs : theirs.concat(last.map((draft, i) => placed(draft, theirs.length + i))) };
}

/** The nat, filter and mangle tables as kube-proxy in iptables mode leaves them; chains in its order of writing (iptables-save sorts them by name). */
export function buildTables(input: TablesInput): readonly TablePart[] {
  const { key, family, ports, nodePorts, localhost } = input;
  const ip = family === 4 ? 'ip' : 'ip6';
  const shared = (tableName: string, name: string, of: Shared, why: string, last?: readonly Draft[]): Chain => sharedChain(input, ip, tableName, name, of, why, last);
  const natHead = [
    ...natHooks(ip),
    shared('nat', 'KUBE-SERVICES', 'natServices', 'Finds the Service that a destination belongs to', nodePortJumps(family, nodePorts, localhost)),
    shared('nat', 'KUBE-NODEPORTS', 'natNodePorts', 'Finds the Service that a node port belongs to'),
    postrouting(ip), markMasq(ip), canary(ip, 'nat'),
  ];
  return [
    table(ip, 'mangle', [canary(ip, 'mangle')]),
    { ...table(ip, 'nat', natHead), own: ownChains(key, ports) },
    table(ip, 'filter', [
      ...filterHooks(ip),
      shared('filter', 'KUBE-SERVICES', 'filterServices', 'Refuses cluster IPs without endpoints'),
      shared('filter', 'KUBE-EXTERNAL-SERVICES', 'filterExternal', 'Refuses outside addresses and node ports without endpoints'),
      forward(ip),
      shared('filter', 'KUBE-NODEPORTS', 'filterNodePorts', 'Lets health checks of load balancers in'),
      shared('filter', 'KUBE-PROXY-FIREWALL', 'filterFirewall', 'Drops what a Service\'s source ranges did not admit'),
      kubeFirewall(ip, family === 4 && localhost), canary(ip, 'filter'),
    ]),
  ];
}
