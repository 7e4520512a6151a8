import type { Cidr } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { NamedSet, Table } from '../../dataplane/rules.ts';
import { isLoopback, type NodePortAddresses } from '../../model/proxy-node.ts';
import { baseChains, fixedChains } from './fixed-chains.ts';
import { by, tableName } from './parts.ts';
import type { PortOutput } from './port-output.ts';
import type { Element, SharedElements } from './service-elements.ts';

/** What the table of one family on one node is made of. */
export interface TableInput {
  readonly family: IpFamily;
  readonly ports: readonly PortOutput[];
  readonly nodePorts: NodePortAddresses;
  readonly serviceSubnets: readonly Cidr[];
}

/** One element per key: of two Services that claim one address and port the later takes it over (nftElementStorage.ensureElem). */
const distinct = (elements: readonly Element[]): readonly Element[] => [...new Map(elements.map((element) => [JSON.stringify(element.key), element])).values()];

/** The sets and maps every node has, in kube-proxy's order of making. */
function fixedSets({ family, ports, nodePorts }: TableInput): readonly NamedSet[] {
  const address = family === 4 ? 'ipv4_addr' : 'ipv6_addr';
  const set = (name: string, comment: string, elements: readonly Element[]): NamedSet => ({ name, kind: 'nft-set', type: address, comment, elements, origin: { by, why: comment } });
  const map = (name: string, type: string, comment: string, elements: readonly Element[]): NamedSet => ({ name, kind: 'nft-vmap', type: `${type} : verdict`, comment, elements, origin: { by, why: comment } });
  const of = (name: keyof SharedElements): readonly Element[] => distinct(ports.flatMap(({ elements }) => elements[name]));
  const destination = `${address} . inet_proto . inet_service`;
  const portOnly = 'inet_proto . inet_service';
  const clusterIps = distinct(ports.map(({ port }) => ({ key: [port.clusterIp], origin: { by, for: port.ref, why: `The cluster IP of Service ${port.service.namespace}/${port.service.name}` } })));
  return [
    set('cluster-ips', 'Active ClusterIPs', clusterIps),
    ...(nodePorts.matchAll ? [] : [set('nodeport-ips', 'IPs that accept NodePort traffic', nodePorts.addresses.filter((ip) => !isLoopback(ip)).map((ip) => ({ key: [ip] })))]),
    map('no-endpoint-services', destination, 'vmap to drop or reject packets to services with no endpoints', of('noEndpointServices')),
    map('no-endpoint-nodeports', portOnly, 'vmap to drop or reject packets to service nodeports with no endpoints', of('noEndpointNodePorts')),
    map('firewall-ips', destination, 'destinations that are subject to LoadBalancerSourceRanges', of('firewallIps')),
    map('service-ips', destination, 'ClusterIP, ExternalIP and LoadBalancer IP traffic', of('serviceIps')),
    map('service-nodeports', portOnly, 'NodePort traffic', of('serviceNodePorts')),
  ];
}

/** The table `kube-proxy` of one family as kube-proxy in nftables mode leaves it. */
export function buildTable(input: TableInput): Table {
  const { family, ports, nodePorts, serviceSubnets } = input;
  const name = family === 4 ? 'ip' : 'ip6';
  return {
    family: name, name: tableName, tool: 'nft', comment: 'rules for kube-proxy',
    chains: [...baseChains(name), ...fixedChains(name, nodePorts, serviceSubnets), ...ports.flatMap(({ chains }) => chains)],
    sets: [...fixedSets(input), ...ports.flatMap(({ sets }) => sets)],
  };
}
