import type { Problem } from '../base/problem.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Link, Netns } from '../dataplane/netns.ts';
import type { Cluster, Fault } from '../model/types.ts';
import { hostsOf, netnsOf } from './hosts.ts';
import { nodeNetns } from './naming.ts';

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

/** Faults that name a machine which does not exist; the rest of the Cluster works without them. */
export function faultProblems(cluster: Cluster): readonly Problem[] {
  const ids = new Set(hostsOf(cluster).flatMap((host) => netnsOf(host, cluster).netns));
  const named = (fault: Fault): readonly NetnsId[] => {
    if (fault.kind === 'link-cut') return [machine(fault.a), machine(fault.b)];
    if (fault.kind === 'route-cut' || fault.kind === 'mtu') return [machine(fault.on)];
    return 'node' in fault ? [nodeNetns(fault.node)] : [];
  };
  return cluster.settings.faults.flatMap((fault) => named(fault).filter((id) => !ids.has(id)).map((id): Problem => ({
    code: 'fault-names-nothing', severity: 'warning', at: null,
    what: `the fault ${fault.kind} names ${id}, which does not exist`, fix: 'name a node, a pod (pod/NAMESPACE/NAME), a client or host, switch/lan, switch/outside or router/lab',
  })));
}
