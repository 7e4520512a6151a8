import type { IpFamily } from '../../base/ip.ts';
import type { Chain, Table } from '../../dataplane/rules.ts';
import type { NodePortAddresses } from '../../model/proxy-node.ts';
import { canary, forward, kubeFirewall, markMasq, postrouting, regular } from './fixed-chains.ts';
import { filterHooks, natHooks } from './hooks.ts';
import { nodePortJumps } from './node-port-jumps.ts';
import type { Draft } from './parts.ts';
import type { PortOutput } from './port-output.ts';
import type { SharedChainRules } from './service-rules.ts';

/** What the tables of one family on one node are made of. */
export interface TablesInput {
  readonly family: IpFamily;
  readonly ports: readonly PortOutput[];
  readonly nodePorts: NodePortAddresses;
  /** Node ports answer on 127.0.0.0/8 too. */
  readonly localhost: boolean;
}

const table = (family: 'ip' | 'ip6', name: string, chains: readonly Chain[]): Table => ({ family, name, tool: 'iptables', chains, sets: [] });

/** The nat, filter and mangle tables as kube-proxy in iptables mode leaves them; chains in its order of writing (iptables-save sorts them by name). */
export function buildTables({ family, ports, nodePorts, localhost }: TablesInput): readonly Table[] {
  const ip = family === 4 ? 'ip' : 'ip6';
  const rules = (of: keyof SharedChainRules): readonly Draft[] => ports.flatMap(({ shared }) => shared[of]);
  const services = [...rules('natServices'), ...nodePortJumps(family, nodePorts, localhost)];
  return [
    table(ip, 'mangle', [canary(ip, 'mangle')]),
    table(ip, 'nat', [
      ...natHooks(ip),
      regular(ip, 'nat', 'KUBE-SERVICES', services, 'Finds the Service that a destination belongs to'),
      regular(ip, 'nat', 'KUBE-NODEPORTS', rules('natNodePorts'), 'Finds the Service that a node port belongs to'),
      postrouting(ip), markMasq(ip), canary(ip, 'nat'), ...ports.flatMap(({ chains }) => chains),
    ]),
    table(ip, 'filter', [
      ...filterHooks(ip),
      regular(ip, 'filter', 'KUBE-SERVICES', rules('filterServices'), 'Refuses cluster IPs without endpoints'),
      regular(ip, 'filter', 'KUBE-EXTERNAL-SERVICES', rules('filterExternal'), 'Refuses outside addresses and node ports without endpoints'),
      forward(ip),
      regular(ip, 'filter', 'KUBE-NODEPORTS', rules('filterNodePorts'), 'Lets health checks of load balancers in'),
      regular(ip, 'filter', 'KUBE-PROXY-FIREWALL', rules('filterFirewall'), 'Drops what a Service\'s source ranges did not admit'),
      kubeFirewall(ip, family === 4 && localhost), canary(ip, 'filter'),
    ]),
  ];
}
