import type { Dataplane, Link, Netns, Route } from '../../dataplane/netns.ts';
import type { Table } from '../../dataplane/rules.ts';
import { bridge, listens, netns, neighbour, plane, route, veth, vxlan, type NetnsParts } from './wiring.ts';

/** Kernel-lab §2's cluster: two nodes, pods, a client behind a router. */
export interface LabOptions {
  readonly rules?: (node: 'node1' | 'node2') => readonly Table[];
  readonly cni?: 'bridge' | 'ptp' | 'calico';
  readonly overlay?: 'host-gw' | 'vxlan';
  readonly bridgeNf?: boolean;
  readonly hairpin?: boolean;
  readonly rpFilter?: 0 | 1 | 2;
  readonly routerRoutes?: readonly Route[];
  /** Further changes to one namespace. */
  readonly change?: (netns: Netns) => Netns;
}

export const lab = {
  node1: { ip: '192.168.50.11', gw: '10.244.1.1', cidr: '10.244.1.0/24', vtep: '10.244.1.0', mac: '0a:00:00:00:00:01' }, node2: { ip: '192.168.50.12', gw: '10.244.2.1', cidr: '10.244.2.0/24', vtep: '10.244.2.0', mac: '0a:00:00:00:00:02' },
  a1: '10.244.1.10', a2: '10.244.1.11', cl1: '10.244.1.20', b1: '10.244.2.10', b2: '10.244.2.11', cl2: '10.244.2.20', client: '203.0.113.9',
} as const;

const podsOf = { node1: { a1: lab.a1, a2: lab.a2, cl1: lab.cl1 }, node2: { b1: lab.b1, b2: lab.b2, cl2: lab.cl2 } } as const;

function podLinks(node: 'node1' | 'node2', o: LabOptions): { links: Link[]; routes: Route[] } {
  const pods = Object.entries(podsOf[node]);
  const { gw, cidr } = lab[node];
  if ((o.cni ?? 'bridge') === 'bridge') {
    return {
      links: [bridge('cbr0', { addresses: [`${gw}/24`] }), ...pods.map(([name]) => veth(`veth-${name}`, [`pod/${name}`, 'eth0'], { master: 'cbr0', hairpin: o.hairpin ?? true }))],
      routes: [route(`${cidr} dev cbr0 src ${gw}`)],
    };
  }
  const addresses = o.cni === 'ptp' ? [`${gw}/32`] : [];
  return {
    links: pods.map(([name]) => veth(`veth-${name}`, [`pod/${name}`, 'eth0'], { addresses, proxyArp: o.cni === 'calico' })),
    routes: pods.map(([name, address]) => route(`${address}/32 dev veth-${name}`)),
  };
}

function node(name: 'node1' | 'node2', o: LabOptions): Netns {
  const me = lab[name];
  const other = lab[name === 'node1' ? 'node2' : 'node1'];
  const pods = podLinks(name, o);
  const tunnel = o.overlay === 'vxlan';
  return netns(`node/${name}`, {
    links: [veth('eth0', ['switch/lan', name], { addresses: [`${me.ip}/24`] }), ...pods.links, ...(tunnel ? [vxlan('flannel.1', me.ip, [[other.mac, other.ip]], { addresses: [`${me.vtep}/32`], mac: me.mac, mtu: 1450 })] : [])],
    routes: [
      route('192.168.50.0/24 dev eth0 src ' + me.ip), route('default via 192.168.50.1 dev eth0'), ...pods.routes,
      tunnel ? route(`${other.cidr} via ${other.vtep} dev flannel.1 onlink`) : route(`${other.cidr} via ${other.ip} dev eth0`),
    ],
    neighbours: tunnel ? [neighbour(other.vtep, 'flannel.1', other.mac)] : [],
    tables: o.rules?.(name) ?? [], sysctls: { bridgeNf: o.bridgeNf ?? true, rpFilter: o.rpFilter ?? 0 },
  });
}

function pod(name: string, address: string, host: 'node1' | 'node2', o: LabOptions): Netns {
  const gw = o.cni === 'calico' ? '169.254.1.1' : lab[host].gw;
  const bridged = (o.cni ?? 'bridge') === 'bridge';
  const parts: NetnsParts = {
    links: [veth('eth0', [`node/${host}`, `veth-${name}`], { addresses: [`${address}/${bridged ? 24 : 32}`] })],
    routes: [...(bridged ? [route(`${lab[host].cidr} dev eth0 src ${address}`)] : [route(`${gw}/32 dev eth0`)]), route(`default via ${gw} dev eth0`)],
    sockets: name.startsWith('cl') ? [] : [listens('tcp', 8080), listens('udp', 8053)], host: `node/${host}`,
  };
  return netns(`pod/${name}`, parts);
}

/** Builds the lab. The router drops what it does not know (kernel-lab 3.3). */
export function buildLab(o: LabOptions = {}): Dataplane {
  const all = [
    node('node1', o), node('node2', o),
    ...(['node1', 'node2'] as const).flatMap((host) => Object.entries(podsOf[host]).map(([name, address]) => pod(name, address, host, o))),
    netns('switch/lan', { links: [bridge('br0'), veth('node1', ['node/node1', 'eth0'], { master: 'br0' }), veth('node2', ['node/node2', 'eth0'], { master: 'br0' }), veth('router', ['router/lab', 'lan0'], { master: 'br0' })] }),
    netns('router/lab', {
      links: [veth('lan0', ['switch/lan', 'router'], { addresses: ['192.168.50.1/24'] }), veth('out0', ['client/internet', 'eth0'], { addresses: ['203.0.113.1/24'] })],
      routes: [route('192.168.50.0/24 dev lan0 src 192.168.50.1'), route('203.0.113.0/24 dev out0 src 203.0.113.1'), route('blackhole default'), ...(o.routerRoutes ?? [])],
    }),
    netns('client/internet', { links: [veth('eth0', ['router/lab', 'out0'], { addresses: [`${lab.client}/24`] })], routes: [route('203.0.113.0/24 dev eth0 src 203.0.113.9'), route('default via 203.0.113.1 dev eth0')], sockets: [listens('tcp', null), listens('udp', null)] }),
  ];
  return plane(o.change ? all.map(o.change) : all);
}
