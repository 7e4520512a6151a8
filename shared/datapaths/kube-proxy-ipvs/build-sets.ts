import { cidrContains } from '../../base/cidr.ts';
import type { Ip, IpFamily } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { NamedSet, Tuple } from '../../dataplane/rules.ts';
import { sayHairpin, sayService, serviceOrigin } from '../proxy-words.ts';
import { by, setKinds, setNameIn, setNames, type SetName } from './names.ts';
import type { PortView } from './port-view.ts';

/** What one Service port puts into the sets; `add` keeps the first of equal keys. */
type Add = (set: SetName, key: Tuple, origin: Origin) => void;

function addNodePort({ port }: PortView, nodePortIps: readonly Ip[], add: Add): void {
  if (port.nodePort === 0 || nodePortIps.length === 0) return;
  const origin = serviceOrigin(by, port, `${sayService(port)} has the node port ${port.nodePort}`);
  const sctp = port.protocol === 'sctp';
  const [all, local] = ({ tcp: ['KUBE-NODE-PORT-TCP', 'KUBE-NODE-PORT-LOCAL-TCP'], udp: ['KUBE-NODE-PORT-UDP', 'KUBE-NODE-PORT-LOCAL-UDP'], sctp: ['KUBE-NODE-PORT-SCTP-HASH', 'KUBE-NODE-PORT-LOCAL-SCTP-HASH'] } as const)[port.protocol];
  // Bitmaps of ports cannot tell SCTP from the others, so SCTP is listed by address.
  const keys: readonly Tuple[] = sctp ? nodePortIps.map((ip) => [ip, 'sctp', port.nodePort]) : [[port.nodePort]];
  for (const key of keys) {
    add(all, key, origin);
    if (port.externalLocal) add(local, key, origin);
  }
}

function addVip({ port }: PortView, vip: Ip, nodeIp: Ip | null, add: Add): void {
  const origin = serviceOrigin(by, port, `${sayService(port)} answers on its load balancer address ${vip}`, 'status.loadBalancer');
  const key: Tuple = [vip, port.protocol, port.port];
  add('KUBE-LOAD-BALANCER', key, origin);
  if (port.externalLocal) add('KUBE-LOAD-BALANCER-LOCAL', key, origin);
  if (port.sourceRanges.length === 0) return;
  const ranged = serviceOrigin(by, port, `${sayService(port)} admits only its loadBalancerSourceRanges to ${vip}`, 'spec.loadBalancerSourceRanges');
  add('KUBE-LOAD-BALANCER-FW', key, ranged);
  for (const range of port.sourceRanges) add('KUBE-LOAD-BALANCER-SOURCE-CIDR', [...key, range], ranged);
  if (admitsNode(port.sourceRanges, nodeIp)) add('KUBE-LOAD-BALANCER-SOURCE-IP', [...key, vip], ranged);
}

/** Whether source ranges let the node itself in; then it may dial the address from the address. */
export const admitsNode = (ranges: PortView['port']['sourceRanges'], nodeIp: Ip | null): boolean => nodeIp !== null && ranges.some((range) => cidrContains(range, nodeIp));

function addPort(view: PortView, nodePortIps: readonly Ip[], nodeIp: Ip | null, add: Add): void {
  const { port } = view;
  for (const endpoint of view.here) add('KUBE-LOOP-BACK', [endpoint.ip, port.protocol, endpoint.port, endpoint.ip], serviceOrigin(by, port, sayHairpin(port, endpoint)));
  add('KUBE-CLUSTER-IP', [port.clusterIp, port.protocol, port.port], serviceOrigin(by, port, `${sayService(port)} answers on its cluster IP ${port.clusterIp}`));
  for (const ip of port.externalIps) {
    add(port.externalLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP', [ip, port.protocol, port.port], serviceOrigin(by, port, `${sayService(port)} claims the external IP ${ip}`, 'spec.externalIPs'));
  }
  for (const vip of port.vips) addVip(view, vip, nodeIp, add);
  addNodePort(view, nodePortIps, add);
  if (port.healthCheckNodePort !== 0) add('KUBE-HEALTH-CHECK-NODE-PORT', [port.healthCheckNodePort], serviceOrigin(by, port, `Load balancers ask node port ${port.healthCheckNodePort} whether this node has an endpoint of ${sayService(port)}`, 'spec.healthCheckNodePort'));
}

/** The ipsets of one family on one node, all of them, empty ones too: rules name them (syncProxyRules). `bound` is what kube-ipvs0 holds. */
export function buildSets(views: readonly PortView[], { family, nodePortIps, nodeIp, bound }: { readonly family: IpFamily; readonly nodePortIps: readonly Ip[]; readonly nodeIp: Ip | null; readonly bound: readonly Ip[] }): readonly NamedSet[] {
  const elements = new Map(setNames.map((name) => [name, new Map<string, NamedSet['elements'][number]>()]));
  const add: Add = (set, key, origin) => {
    const known = elements.get(set)!;
    const text = JSON.stringify(key);
    if (!known.has(text)) known.set(text, { key, origin });
  };
  for (const view of views) addPort(view, nodePortIps, nodeIp, add);
  for (const ip of bound) add('KUBE-IPVS-IPS', [ip], { by, why: `${ip} is on the node only so that packets for it come in; nothing but a Service may answer there` });
  return setNames.map((name): NamedSet => {
    const [type, comment] = setKinds[name];
    return { name: setNameIn(name, family === 4 ? 'ip' : 'ip6'), kind: 'ipset', type, flags: type === 'bitmap:port' ? ['range 0-65535'] : family === 6 ? ['family inet6'] : [], elements: type === 'bitmap:port' ? [...elements.get(name)!.values()].sort((a, b) => Number(a.key[0]) - Number(b.key[0])) : [...elements.get(name)!.values()], origin: { by, why: comment } };
  });
}
