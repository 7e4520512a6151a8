import { familyOf, type Ip, type IpFamily } from '../base/ip.ts';
import type { Origin } from '../dataplane/ids.ts';
import { sha256Base32 } from '../base/sha256-base32.ts';
import { cidrFamily, hostCidr, type Cidr } from '../base/cidr.ts';
import type { Match, Table } from '../dataplane/rules.ts';
import type { Cluster, ContainerPort, Node, Pod } from '../model/types.ts';
import { chainOf, comment, jump, type Draft } from './rules.ts';
import { stationsOn } from './stations.ts';

const mark = 0x2000;
const anyHostIp = (port: ContainerPort): boolean => !port.hostIp || port.hostIp === '0.0.0.0' || port.hostIp === '::';
const one = (port: number): { from: number; to: number } => ({ from: port, to: port });
interface Mapped { readonly pod: Pod; readonly ip: Ip; readonly ports: readonly ContainerPort[] }

function mapped(family: IpFamily, node: Node, cluster: Cluster): readonly Mapped[] {
  return stationsOn(node, cluster).flatMap(({ pod }) => {
    const ip = pod?.ips.find((address) => familyOf(address) === family);
    const ports = pod?.ports.filter((port) => port.hostPort !== undefined && (anyHostIp(port) || familyOf(port.hostIp as Ip) === family)) ?? [];
    return pod && ip !== undefined && ports.length > 0 ? [{ pod, ip, ports }] : [];
  });
}

const chainFor = (pod: Pod): string => `CNI-DN-${sha256Base32(`${pod.namespace}/${pod.name}`).slice(0, 21)}`;
const toHostIp = (port: ContainerPort): Match[] => (anyHostIp(port) ? [] : [{ kind: 'dst', net: hostCidr(port.hostIp as Ip) }]);

function podRules({ pod, ip, ports }: Mapped, family: IpFamily, podCidrs: readonly Cidr[]): readonly Draft[] {
  const origin = (port: ContainerPort, why: string): Origin => ({ by: 'portmap', for: { kind: 'Pod', namespace: pod.namespace, name: pod.name }, why: `hostPort ${port.hostPort}: ${why}` });
  return ports.flatMap((port) => {
    const match: Match[] = [{ kind: 'protocol', protocol: port.protocol }, { kind: 'dport', ports: [one(port.hostPort!)] }];
    const masked = (net: Cidr, why: string): Draft => ({ match: [{ kind: 'src', net }, ...toHostIp(port), ...match], do: [jump('CNI-HOSTPORT-SETMARK')], origin: origin(port, why) });
    return [
      ...podCidrs.map((net) => masked(net, 'a pod of this node that comes this way must get its answer through the node too.')),
      ...(family === 4 ? [masked(hostCidr('127.0.0.1' as Ip), 'from the node itself by 127.0.0.1, which means nothing inside the pod.')] : []),
      { match: [...toHostIp(port), ...match], do: [{ kind: 'dnat' as const, to: { ip, ports: one(port.port) } }], origin: origin(port, `the node hands it to pod ${pod.name} on port ${port.port}.`) },
    ];
  });
}

/** Which pod a host port belongs to: one rule for each protocol, as the portmap plugin lists them. */
function dispatch({ pod, ports }: Mapped): readonly Draft[] {
  return (['tcp', 'udp', 'sctp'] as const).flatMap((protocol) => {
    const of = ports.filter((port) => port.protocol === protocol).map((port) => one(port.hostPort!));
    const origin: Origin = { by: 'portmap', for: { kind: 'Pod', namespace: pod.namespace, name: pod.name }, why: `Pod ${pod.name} has hostPorts on this node.` };
    return of.length === 0 ? [] : [{ match: [{ kind: 'protocol', protocol }, comment(`dnat name: "podhop" id: "${pod.namespace}/${pod.name}"`), { kind: 'dport', ports: of, multiport: true }], do: [jump(chainFor(pod))], origin }];
  });
}

function table(family: IpFamily, all: readonly Mapped[], podCidrs: readonly Cidr[]): Table {
  const f = family === 4 ? 'ip' : 'ip6';
  const origin = (why: string): Origin => ({ by: 'portmap', why });
  const entry: Draft = { match: [{ kind: 'addrtype', side: 'dst', type: 'LOCAL' }], do: [jump('CNI-HOSTPORT-DNAT')], origin: origin('To an address of this node: perhaps to a hostPort.') };
  const exit: Draft = { match: [comment('CNI portfwd requiring masquerade')], do: [jump('CNI-HOSTPORT-MASQ')], origin: origin('Some hostPort traffic must take the node\'s address.') };
  const chain = (name: string, why: string, drafts: readonly Draft[]): Table['chains'][number] => chainOf(f, 'nat', name, origin(why), drafts);
  return {
    family: f, name: 'nat', tool: 'iptables', sets: [], chains: [
      chain('PREROUTING', 'Before routing.', [entry]), chain('OUTPUT', 'From the node itself.', [entry]), chain('POSTROUTING', 'Where the packet is about to leave.', [exit]),
      ...all.map((m) => chain(chainFor(m.pod), `hostPorts of pod ${m.pod.name}.`, podRules(m, family, podCidrs))),
      chain('CNI-HOSTPORT-DNAT', 'Which pod each hostPort belongs to.', all.flatMap(dispatch)),
      chain('CNI-HOSTPORT-MASQ', 'Hides the sender of marked hostPort traffic.', [{ match: [{ kind: 'mark', value: mark, mask: mark }], do: [{ kind: 'masquerade' }], origin: origin('Marked for it when the hostPort was translated.') }]),
      chain('CNI-HOSTPORT-SETMARK', 'Marks hostPort traffic to be masqueraded.', [{ match: [comment('CNI portfwd masquerade mark')], do: [{ kind: 'set-mark', value: mark, mask: mark, form: 'xmark' }], origin: origin('Remembers until POSTROUTING that the sender must be hidden.') }]),
    ],
  };
}

/** hostPorts in the chains of the CNI portmap plugin (containernetworking plugins, plugins/meta/portmap), always in iptables. Where there are any, the node needs route_localnet for 127.0.0.1. */
export function hostPortTables(node: Node, cluster: Cluster): readonly Table[] {
  return ([4, 6] as const).flatMap((family) => {
    const all = mapped(family, node, cluster);
    const podCidrs = node.podCidrs.filter((c) => cidrFamily(c) === family);
    return all.length === 0 ? [] : [table(family, all, podCidrs)];
  });
}
