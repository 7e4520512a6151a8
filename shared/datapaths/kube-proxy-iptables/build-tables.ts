import type { IpFamily } from '../../base/ip.ts';
import type { Chain, Table } from '../../dataplane/rules.ts';
import type { NodePortAddresses } from '../../model/proxy-node.ts';
import { canary, forward, kubeFirewall, markMasq, postrouting, regular } from './fixed-chains.ts';
import { filterHooks, natHooks } from './hooks.ts';
import { nodePortJumps } from './node-port-jumps.ts';
import type { ChainPlan } from './chain-plan.ts';
import { addSharedChainRules, noSharedRules } from './service-rules.ts';
import { chainsOfPlan } from './service-chains.ts';

/** What the tables of one family on one node are made of. */
export interface TablesInput {
  readonly family: IpFamily;
  readonly plans: readonly ChainPlan[];
  readonly nodePorts: NodePortAddresses;
  /** Node ports answer on 127.0.0.0/8 too. */
  readonly localhost: boolean;
}

const table = (family: 'ip' | 'ip6', name: string, chains: readonly Chain[]): Table => ({ family, name, tool: 'iptables', chains, sets: [] });

/** The nat, filter and mangle tables as kube-proxy in iptables mode leaves them; chains in its order of writing (iptables-save sorts them by name). */
export function buildTables({ family, plans, nodePorts, localhost }: TablesInput): readonly Table[] {
  const ip = family === 4 ? 'ip' : 'ip6';
  const shared = noSharedRules();
  const own: Chain[] = [];
  for (const plan of plans) {
    addSharedChainRules(plan, shared);
    for (const chain of chainsOfPlan(plan)) own.push(chain);
  }
  for (const draft of nodePortJumps(family, nodePorts, localhost)) shared.natServices.push(draft);
  return [
    table(ip, 'mangle', [canary(ip, 'mangle')]),
    table(ip, 'nat', [
      ...natHooks(ip),
      regular(ip, 'nat', 'KUBE-SERVICES', shared.natServices, 'Finds the Service that a destination belongs to'),
      regular(ip, 'nat', 'KUBE-NODEPORTS', shared.natNodePorts, 'Finds the Service that a node port belongs to'),
      postrouting(ip), markMasq(ip), canary(ip, 'nat'), ...own,
    ]),
    table(ip, 'filter', [
      ...filterHooks(ip),
      regular(ip, 'filter', 'KUBE-SERVICES', shared.filterServices, 'Refuses cluster IPs without endpoints'),
      regular(ip, 'filter', 'KUBE-EXTERNAL-SERVICES', shared.filterExternal, 'Refuses outside addresses and node ports without endpoints'),
      forward(ip),
      regular(ip, 'filter', 'KUBE-NODEPORTS', shared.filterNodePorts, 'Lets health checks of load balancers in'),
      regular(ip, 'filter', 'KUBE-PROXY-FIREWALL', shared.filterFirewall, 'Drops what a Service\'s source ranges did not admit'),
      kubeFirewall(ip, family === 4 && localhost), canary(ip, 'filter'),
    ]),
  ];
}
