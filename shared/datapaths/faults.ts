import type { Problem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Link, Netns } from '../dataplane/netns.ts';
import type { Cluster, Fault } from '../model/types.ts';
import { hasCloudBalancer } from './hosts.ts';
import { isOnLan, lanOf } from './lan.ts';
import { nodeNetns, outsiderNetns } from './naming.ts';
import { outsidersOf, stationsOn } from './stations.ts';

type Cut = Extract<Fault, { kind: 'link-cut' }>;
type Blocks = Extract<Fault, { kind: 'fabric-blocks' }>;

/** A machine by its namespace's name; a bare name means a node. */
const machine = (name: string): NetnsId => (name.includes('/') ? name : nodeNetns(name));

function joins(fault: Cut, a: NetnsId, b: NetnsId): boolean {
  const [x, y] = [machine(fault.a), machine(fault.b)];
  return (x === a && y === b) || (x === b && y === a);
}

function faultyLink(netns: Netns, link: Link, faults: readonly Fault[]): Link {
  let changed = link;
  for (const fault of faults) {
    if (fault.kind === 'link-cut' && changed.kind === 'veth' && joins(fault, netns.id, changed.peer.netns)) changed = { ...changed, cut: true };
    if (fault.kind === 'mtu' && machine(fault.on) === netns.id && (fault.link ?? 'eth0') === link.name) changed = { ...changed, mtu: fault.bytes };
    if (fault.kind === 'hairpin-off' && nodeNetns(fault.node) === netns.id && changed.hairpin === true) changed = { ...changed, hairpin: false };
  }
  if (changed.kind !== 'veth' || changed.peer.netns !== 'switch/lan') return changed;
  const blocked = faults.filter((fault): fault is Blocks => fault.kind === 'fabric-blocks').map(({ protocol, port }) => (port === undefined ? { protocol } : { protocol, port }));
  return blocked.length === 0 ? changed : { ...changed, blocked };
}

/** The namespace with the Sandbox document's faults in it: cut cables and routes, stopped nodes, switches off, a smaller MTU, ports that the nodes' network eats. */
export function withFaults(netns: Netns, cluster: Cluster): Netns {
  const { faults } = cluster.settings;
  if (faults.length === 0) return netns;
  const of = (kind: 'node-stopped' | 'br-netfilter-off', id: NetnsId): boolean => faults.some((fault) => fault.kind === kind && nodeNetns(fault.node) === id);
  const cutRoute = (dst: string): boolean => faults.some((fault) => fault.kind === 'route-cut' && machine(fault.on) === netns.id && normalDestination(fault.dst) === dst);
  return {
    ...netns,
    links: netns.links.map((link) => faultyLink(netns, link, faults)),
    routes: netns.routes.filter((route) => !cutRoute(route.dst)),
    sysctls: of('br-netfilter-off', netns.id) ? { ...netns.sysctls, bridgeNf: false } : netns.sysctls,
    ...(of('node-stopped', netns.host) ? { down: true } : {}),
  };
}

const normalDestination = (dst: string): string => {
  if (dst === 'default') return '0.0.0.0/0';
  return dst.includes('/') ? dst : `${dst}/${dst.includes(':') ? 128 : 32}`;
};

/** The machines that a namespace's cables lead to. */
function neighboursOf(cluster: Cluster): ReadonlyMap<NetnsId, readonly NetnsId[]> {
  const lan = lanOf(cluster);
  const cables: (readonly [NetnsId, NetnsId])[] = [['switch/lan', 'router/lab'], ['switch/outside', 'router/lab'], ['switch/outside', 'world/internet']];
  if (hasCloudBalancer(cluster)) cables.push(['switch/lan', 'lb/cloud'], ['switch/outside', 'lb/cloud']);
  for (const node of cluster.nodes) {
    cables.push(['switch/lan', nodeNetns(node.name)]);
    for (const station of stationsOn(node, cluster)) cables.push([nodeNetns(node.name), station.netns]);
  }
  for (const outsider of outsidersOf(cluster)) cables.push([isOnLan(lan, outsider) ? 'switch/lan' : 'switch/outside', outsiderNetns(outsider)]);
  const found = new Map<NetnsId, NetnsId[]>();
  const add = (from: NetnsId, to: NetnsId): void => {
    const ends = found.get(from);
    if (ends) ends.push(to);
    else found.set(from, [to]);
  };
  for (const [a, b] of cables) {
    add(a, b);
    add(b, a);
  }
  return found;
}

function problemOf(fault: Fault, cables: ReadonlyMap<NetnsId, readonly NetnsId[]>): Problem | null {
  const problem = (what: string, fix: string): Problem => ({ code: 'fault-hits-nothing', severity: 'warning', at: null, what: `the fault ${fault.kind} ${what}`, fix });
  const named = fault.kind === 'link-cut' ? [machine(fault.a), machine(fault.b)] : fault.kind === 'route-cut' || fault.kind === 'mtu' ? [machine(fault.on)] : 'node' in fault ? [nodeNetns(fault.node)] : [];
  const unknown = named.find((id) => !cables.has(id));
  if (unknown !== undefined) return problem(`names ${unknown}, which does not exist`, 'name a node, a pod (pod/NAMESPACE/NAME), a client or host, switch/lan, switch/outside or router/lab');
  if (fault.kind !== 'link-cut' || cables.get(named[0]!)!.includes(named[1]!)) return null;
  return problem(`names ${named[0]} and ${named[1]}, which no cable joins`, `cut one of the cables of ${named[0]}: to ${cables.get(named[0]!)!.slice(0, 5).join(', ')}`);
}

/** Faults that name what does not exist, or a cable that nobody has laid; the rest of the Cluster works without them. */
export function faultProblems(cluster: Cluster): readonly Problem[] {
  const { faults } = cluster.settings;
  if (faults.length === 0) return [];
  const cables = neighboursOf(cluster);
  return faults.map((fault) => problemOf(fault, cables)).filter((problem) => problem !== null);
}
