import type { Cidr } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { TablePart } from '../../dataplane/netns.ts';
import type { NamedSet } from '../../dataplane/rules.ts';
import { isLoopback, type NodePortAddresses } from '../../model/proxy-node.ts';
import { rememberDistinct, rememberFlat, type Edited } from '../remember-list.ts';
import { rememberOwnChains } from '../remember-own-chains.ts';
import { baseChains, fixedChains } from './fixed-chains.ts';
import { by, tableName } from './parts.ts';
import type { PortOutput } from './port-output.ts';
import type { Element, SharedElements } from './service-elements.ts';

/** What the table of one family on one node is made of. */
export interface TableInput {
  /** By what the lists of this node and family are remembered. */
  readonly key: object;
  readonly family: IpFamily;
  readonly ports: Edited<PortOutput>;
  readonly nodePorts: NodePortAddresses;
  readonly serviceSubnets: readonly Cidr[];
}

type Shared = keyof SharedElements;
const sharedNames: readonly Shared[] = ['clusterIps', 'serviceIps', 'serviceNodePorts', 'noEndpointServices', 'noEndpointNodePorts', 'firewallIps'];
const given = Object.fromEntries(sharedNames.map((name) => [name, rememberFlat(({ elements }: PortOutput) => elements[name])])) as Readonly<Record<Shared, (key: object, ports: Edited<PortOutput>) => Edited<Element>>>;
/** One element per key: of two Services that claim one address and port the later takes it over (nftElementStorage.ensureElem). */
const distinct = Object.fromEntries(sharedNames.map((name) => [name, rememberDistinct((element: Element) => JSON.stringify(element.key))])) as Readonly<Record<Shared, ReturnType<typeof rememberDistinct<Element>>>>;
const ownChains = rememberOwnChains(({ chains }: PortOutput) => chains);
const ownSets = rememberFlat(({ sets }: PortOutput) => sets);

/** The sets and maps every node has, in kube-proxy's order of making. */
function fixedSets({ key, family, ports, nodePorts }: TableInput): readonly NamedSet[] {
  const address = family === 4 ? 'ipv4_addr' : 'ipv6_addr';
  const set = (name: string, comment: string, elements: readonly Element[]): NamedSet => ({ name, kind: 'nft-set', type: address, comment, elements, origin: { by, why: comment } });
  const map = (name: string, type: string, comment: string, elements: readonly Element[]): NamedSet => ({ name, kind: 'nft-vmap', type: `${type} : verdict`, comment, elements, origin: { by, why: comment } });
  const of = (name: Shared): readonly Element[] => distinct[name](key, given[name](key, ports));
  const destination = `${address} . inet_proto . inet_service`;
  const portOnly = 'inet_proto . inet_service';
  return [
    set('cluster-ips', 'Active ClusterIPs', of('clusterIps')),
    ...(nodePorts.matchAll ? [] : [set('nodeport-ips', 'IPs that accept NodePort traffic', nodePorts.addresses.filter((ip) => !isLoopback(ip)).map((ip) => ({ key: [ip] })))]),
    map('no-endpoint-services', destination, 'vmap to drop or reject packets to services with no endpoints', of('noEndpointServices')),
    map('no-endpoint-nodeports', portOnly, 'vmap to drop or reject packets to service nodeports with no endpoints', of('noEndpointNodePorts')),
    map('firewall-ips', destination, 'destinations that are subject to LoadBalancerSourceRanges', of('firewallIps')),
    map('service-ips', destination, 'ClusterIP, ExternalIP and LoadBalancer IP traffic', of('serviceIps')),
    map('service-nodeports', portOnly, 'NodePort traffic', of('serviceNodePorts')),
  ];
}

/** The table `kube-proxy` of one family as kube-proxy in nftables mode leaves it. */
export function buildTable(input: TableInput): TablePart {
  const { key, family, ports, nodePorts, serviceSubnets } = input;
  const name = family === 4 ? 'ip' : 'ip6';
  return {
    family: name, name: tableName, tool: 'nft', comment: 'rules for kube-proxy',
    chains: [...baseChains(name), ...fixedChains(name, nodePorts, serviceSubnets)],
    own: ownChains(key, ports),
    sets: [...fixedSets(input), ...ownSets(key, ports).items],
  };
}
