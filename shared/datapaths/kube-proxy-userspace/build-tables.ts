import { hostCidr } from '../../base/cidr.ts';
import type { Ip, IpFamily } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, Chain, Match, Table } from '../../dataplane/rules.ts';
import { sayService, serviceOrigin } from '../proxy-words.ts';
import { chainOf, comment, jump, verdict, type Draft } from '../rules.ts';
import { by, type Proxied } from './names.ts';

const because = (why: string): Origin => ({ by, why });
const dport = (port: number): Match => ({ kind: 'dport', ports: [{ from: port, to: port }] });
const localDestination: Match = { kind: 'addrtype', side: 'dst', type: 'LOCAL' };
const notFromBridge: Match = { kind: 'physdev', isIn: true, not: true };

const redirect = (port: number): Action => ({ kind: 'redirect', ports: { from: port, to: port } });
const dnat = (ip: Ip, port: number): Action => ({ kind: 'dnat', to: { ip, ports: { from: port, to: port } } });

/** `-d IP -p PROTO -m comment --comment NAME -m PROTO --dport PORT`; node ports have no `-d` (iptablesCommonPortalArgs). */
const aimed = ({ port }: Proxied, address: Ip | null, number: number, more: readonly Match[] = []): readonly Match[] =>
  [...(address === null ? [] : [{ kind: 'dst', net: hostCidr(address) } satisfies Match]), { kind: 'protocol', protocol: port.protocol }, comment(port.name), dport(number), ...more];

interface Portals { readonly container: Draft[]; readonly host: Draft[]; readonly nodeContainer: Draft[]; readonly nodeHost: Draft[]; readonly nonLocal: Draft[] }

function addPort(one: Proxied, hostIp: Ip, to: Portals): void {
  const { port, proxyPort } = one;
  const origin = (what: string, field?: string): Origin => serviceOrigin(by, port, `${what} of ${sayService(port)} leads to its proxy on port ${proxyPort}`, field);
  to.container.push({ match: aimed(one, port.clusterIp, port.port), do: [redirect(proxyPort)], origin: origin('The cluster IP') });
  to.host.push({ match: aimed(one, port.clusterIp, port.port), do: [dnat(hostIp, proxyPort)], origin: origin('The cluster IP') });
  for (const [address, what, field] of [...port.externalIps.map((ip) => [ip, 'An external IP', 'spec.externalIPs'] as const), ...port.vips.map((ip) => [ip, 'A load balancer address', 'status.loadBalancer'] as const)]) {
    to.container.push({ match: aimed(one, address, port.port, [notFromBridge]), do: [redirect(proxyPort)], origin: origin(what, field) });
    to.container.push({ match: aimed(one, address, port.port, [localDestination]), do: [redirect(proxyPort)], origin: origin(what, field) });
    to.host.push({ match: aimed(one, address, port.port, [localDestination]), do: [dnat(hostIp, proxyPort)], origin: origin(what, field) });
  }
  if (port.nodePort === 0) return;
  to.nodeContainer.push({ match: aimed(one, null, port.nodePort), do: [redirect(proxyPort)], origin: origin('The node port') });
  to.nodeHost.push({ match: aimed(one, null, port.nodePort), do: [dnat(hostIp, proxyPort)], origin: origin('The node port') });
  to.nonLocal.push({ match: [...aimed(one, null, proxyPort), comment(port.name), { kind: 'ct-state', states: ['new'], module: 'state' }], do: [verdict('accept')], origin: origin('The node port') });
}

/** The rules of one family that lead connections into the proxies: REDIRECT for what arrives, DNAT to the node's address for its own (pkg/proxy/userspace/proxier.go, iptablesInit). */
export function buildTables(family: IpFamily, hostIp: Ip, ports: readonly Proxied[]): readonly Table[] {
  const f = family === 4 ? 'ip' : 'ip6';
  const portals: Portals = { container: [], host: [], nodeContainer: [], nodeHost: [], nonLocal: [] };
  for (const one of ports) addPort(one, hostIp, portals);
  const chain = (table: string, name: string, why: string, drafts: readonly Draft[]): Chain => chainOf(f, table, name, because(why), drafts);
  const clusterIps = comment('handle ClusterIPs; NOTE: this must be before the NodePort rules');
  const nodePorts = comment('handle service NodePorts; NOTE: this must be the last rule in the chain');
  const into = (services: string, nodes: string): readonly Draft[] => [
    { match: [clusterIps], do: [jump(services)], origin: because('Service addresses are looked for first') },
    { match: [localDestination, nodePorts], do: [jump(nodes)], origin: because('What is aimed at the node itself may be aimed at a node port') },
  ];
  return [
    { family: f, name: 'nat', tool: 'iptables', sets: [], chains: [
      chain('nat', 'PREROUTING', 'Before routing.', into('KUBE-PORTALS-CONTAINER', 'KUBE-NODEPORT-CONTAINER')), chain('nat', 'OUTPUT', 'From the node itself.', into('KUBE-PORTALS-HOST', 'KUBE-NODEPORT-HOST')),
      chain('nat', 'KUBE-PORTALS-CONTAINER', 'Service addresses, for what arrives', portals.container), chain('nat', 'KUBE-PORTALS-HOST', 'Service addresses, for the node itself', portals.host),
      chain('nat', 'KUBE-NODEPORT-CONTAINER', 'Node ports, for what arrives', portals.nodeContainer), chain('nat', 'KUBE-NODEPORT-HOST', 'Node ports, for the node itself', portals.nodeHost),
    ] },
    { family: f, name: 'filter', tool: 'iptables', sets: [], chains: [
      chain('filter', 'INPUT', 'For this machine.', [{ match: [comment('Ensure that non-local NodePort traffic can flow')], do: [jump('KUBE-NODEPORT-NON-LOCAL')], origin: because('The proxies\' ports are let in') }]),
      chain('filter', 'KUBE-NODEPORT-NON-LOCAL', 'Lets node port connections in', portals.nonLocal),
    ] },
  ];
}
