import { buildDataplane } from '../dataplane/build-dataplane.ts';
import type { Dataplane, Fragment } from '../dataplane/netns.ts';
import type { Problem } from '../base/problem.ts';
import type { Cluster } from '../model/types.ts';
import { bridge } from './bridge/index.ts';
import { faultProblems, withFaults } from './faults.ts';
import { holdersIn } from './holders.ts';
import { hostsOf, netnsOf } from './hosts.ts';
import { kubeProxyIptables } from './kube-proxy-iptables/index.ts';
import { kubeProxyIpvs } from './kube-proxy-ipvs/index.ts';
import { kubeProxyNftables } from './kube-proxy-nftables/index.ts';
import { kubeProxyUserspace } from './kube-proxy-userspace/index.ts';
import { kubeProxyWinkernel } from './kube-proxy-winkernel/index.ts';
import { loadBalancer } from './load-balancer/index.ts';
import { networkPolicy } from './network-policy/index.ts';
import { outside } from './outside/index.ts';
import { routed } from './routed/index.ts';
import { socketLb } from './socket-lb/index.ts';
import type { Datapath } from './types.ts';
import { vxlan } from './vxlan/index.ts';

const podNetworks: Readonly<Record<Cluster['settings']['podNetwork'], Datapath>> = { bridge, vxlan, routed };
const services: Readonly<Record<Cluster['settings']['proxyMode'], Datapath>> = { iptables: kubeProxyIptables, nftables: kubeProxyNftables, ipvs: kubeProxyIpvs, userspace: kubeProxyUserspace, kernelspace: kubeProxyWinkernel, 'socket-lb': socketLb };

/** The datapaths that the cluster's settings ask for. */
export const datapathsFor = (cluster: Cluster): readonly Datapath[] =>
  [outside, loadBalancer, networkPolicy, podNetworks[cluster.settings.podNetwork], services[cluster.settings.proxyMode]];

/** A node's Services as they were compiled from an earlier cluster; null where the node was not in it. */
function servicesThen(id: string, cluster: Cluster): Fragment | null {
  const host = hostsOf(cluster).find((one) => one.id === id);
  return host ? services[cluster.settings.proxyMode].compile(host, cluster) : null;
}

/** What the chosen datapaths cannot model in this cluster, and faults that hit nothing. */
export const checkDatapaths = (cluster: Cluster): readonly Problem[] =>
  [...datapathsFor(cluster).flatMap((datapath) => datapath.check(cluster)), ...faultProblems(cluster)];

/**
 * What every kernel of the cluster and around it holds; each machine is compiled when it is first looked at. `stale` has, by node, the cluster as
 * a stopped kube-proxy saw it last: that node's Services stay as they were then.
 */
export function compileDataplane(cluster: Cluster, stale: ReadonlyMap<string, Cluster> = new Map()): Dataplane {
  const hosts = new Map(hostsOf(cluster).map((host) => [host.id, host]));
  const datapaths = datapathsFor(cluster);
  const fragmentsOf = (id: string): readonly Fragment[] => {
    const host = hosts.get(id);
    if (!host) return [];
    const seen = host.kind === 'node' ? stale.get(host.node.name) : undefined;
    const fragments = seen ? [...datapaths.filter((datapath) => !datapath.provides.includes('services')).map((datapath) => datapath.compile(host, cluster)), servicesThen(id, seen)] : datapaths.map((datapath) => datapath.compile(host, cluster));
    return fragments.filter((fragment) => fragment !== null);
  };
  return buildDataplane([...hosts.values()].map((host) => netnsOf(host, cluster)), fragmentsOf, (netns) => withFaults(netns, cluster), holdersIn(cluster));
}
