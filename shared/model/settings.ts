import { baseOf, cidrCovers, cidrFamily, parseCidr, prefixLength, type Cidr } from '../base/cidr.ts';
import type { Problem } from '../base/problem.ts';
import type { KubeObject } from '../kube/types.ts';
import { buildFaults } from './faults.ts';
import { booleanOf, dig, integerOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { byFullName, problemAt } from './problems.ts';
import type { LocalDetector, ProxyMode, Settings } from './types.ts';

const defaultPodSubnet = '10.244.0.0/16';
const defaultServiceSubnets = { 4: '10.96.0.0/12', 6: 'fd00:10:96::/112' } as const;
const proxyModes: readonly ProxyMode[] = ['iptables', 'nftables', 'ipvs', 'userspace', 'kernelspace', 'socket-lb'];

export interface SettingsRead {
  readonly settings: Settings;
  /** Whether a document states the Service range; what a guess would refuse is only doubted. */
  readonly statedServiceSubnet: boolean;
  readonly problems: readonly Problem[];
  /** The Sandbox document's `spec`, {} without one. */
  readonly sandbox: Fields;
  readonly sandboxObject: KubeObject | null;
}

/** Comma-separated CIDRs as kubeadm and kube-proxy write dual-stack ranges. */
export const cidrsOf = (text: string): readonly Cidr[] => text.split(',').map((part) => parseCidr(part.trim())).filter((cidr) => cidr !== null);

/** The cluster's own settings from KubeProxyConfiguration, ClusterConfiguration and Sandbox documents; CLI.md's defaults for the rest. Of several documents of one kind the first by name counts. */
export function buildSettings(objects: readonly KubeObject[]): SettingsRead {
  const problems: Problem[] = [];
  const only = (kind: string): KubeObject | null => onlyOne(objects, kind, problems);
  const [proxy, cluster, sandboxObject] = [only('KubeProxyConfiguration'), only('ClusterConfiguration'), only('Sandbox')] as const;
  const sandbox = dig(sandboxObject?.value, 'spec');
  const podSubnets = podSubnetsOf(cluster, proxy, objects);
  const stated = cidrsOf(textOf(dig(cluster?.value, 'networking', 'serviceSubnet')));
  const { faults, problems: faultProblems } = buildFaults(sandboxObject);
  problems.push(...faultProblems);
  const settings: Settings = {
    ...proxySettings(proxy, podSubnets, problems),
    podSubnets,
    serviceSubnets: stated.length > 0 ? stated : [...new Set(podSubnets.map(cidrFamily))].flatMap((family) => cidrsOf(defaultServiceSubnets[family])),
    dnsDomain: textOf(dig(cluster?.value, 'networking', 'dnsDomain')) || 'cluster.local',
    podNetwork: oneOf(dig(sandbox, 'podNetwork'), ['bridge', 'vxlan', 'routed']),
    enforcesNetworkPolicy: booleanOf(dig(sandbox, 'enforcesNetworkPolicy'), true),
    podsRoutable: booleanOf(dig(sandbox, 'podsRoutable'), false),
    masquerade: booleanOf(dig(sandbox, 'masquerade'), true),
    loadBalancer: oneOf(dig(sandbox, 'loadBalancer'), ['cloud', 'none', 'metallb']),
    ingressController: ingressControllerOf(sandbox, objects),
    faults,
    seed: integerOf(dig(sandbox, 'seed'), 1),
  };
  return { settings, statedServiceSubnet: stated.length > 0, problems, sandbox: sandbox as Fields ?? {}, sandboxObject };
}

function onlyOne(objects: readonly KubeObject[], kind: string, problems: Problem[]): KubeObject | null {
  const all = objects.filter((object) => object.kind === kind).toSorted(byFullName);
  const first = all[0] ?? null;
  for (const extra of all.slice(1)) {
    problems.push(problemAt(extra, ['kind'], 'warning', 'second-settings', `a second ${kind} is ignored`, 'keep one of them', [{ what: 'the one that counts', at: first!.at }]));
  }
  return first;
}

/** The value if it is one of these, else the first of them, which is the default. */
function oneOf<T extends string>(value: unknown, values: readonly [T, ...T[]]): T {
  return values.find((known) => known === value) ?? values[0];
}

type ProxySettings = Pick<Settings, 'proxyMode' | 'detectLocal' | 'masqueradeAll' | 'localhostNodePorts' | 'nodePortAddresses' | 'ipvsScheduler' | 'preferSameTrafficDistribution'>;

function proxySettings(proxy: KubeObject | null, podSubnets: readonly Cidr[], problems: Problem[]): ProxySettings {
  const value = proxy?.value;
  const mode = textOf(dig(value, 'mode'));
  const known = proxyModes.find((candidate) => candidate === mode);
  if (proxy && mode !== '' && known === undefined) {
    problems.push(problemAt(proxy, ['mode'], 'error', 'unknown-proxy-mode', `"${mode}" is no kube-proxy mode, read as iptables`, `use one of ${proxyModes.join(', ')}`));
  }
  const proxyMode = known ?? 'iptables';
  return {
    proxyMode,
    detectLocal: detectorOf(value, podSubnets),
    masqueradeAll: booleanOf(dig(value, proxyMode === 'nftables' ? 'nftables' : 'iptables', 'masqueradeAll'), false),
    localhostNodePorts: booleanOf(dig(value, 'iptables', 'localhostNodePorts'), true),
    nodePortAddresses: textsOf(dig(value, 'nodePortAddresses')),
    ipvsScheduler: textOf(dig(value, 'ipvs', 'scheduler')) || 'rr',
    preferSameTrafficDistribution: booleanOf(dig(value, 'featureGates', 'PreferSameTrafficDistribution'), true),
  };
}

// kube-proxy's own rule: without a clusterCIDR the ClusterCIDR mode detects nothing; a lab without any document is set up as kubeadm would.
function detectorOf(proxy: KubeObject['value'] | undefined, podSubnets: readonly Cidr[]): LocalDetector {
  if (proxy === undefined) return { kind: 'cluster-cidr', cidrs: podSubnets };
  switch (textOf(dig(proxy, 'detectLocalMode'))) {
    case 'NodeCIDR':
      return { kind: 'node-cidr', cidrs: [] };
    case 'BridgeInterface':
      return { kind: 'bridge-interface', name: textOf(dig(proxy, 'detectLocal', 'bridgeInterface')) };
    case 'InterfaceNamePrefix':
      return { kind: 'interface-prefix', name: textOf(dig(proxy, 'detectLocal', 'interfaceNamePrefix')) };
    default: {
      const cidrs = cidrsOf(textOf(dig(proxy, 'clusterCIDR')));
      return cidrs.length === 0 ? { kind: 'none' } : { kind: 'cluster-cidr', cidrs };
    }
  }
}

// What is stated, and what the Nodes' own ranges add to it: kube-proxy's clusterCIDR may speak of one family, or of other networks than the pods have.
function podSubnetsOf(cluster: KubeObject | null, proxy: KubeObject | null, objects: readonly KubeObject[]): readonly Cidr[] {
  const fromCluster = cidrsOf(textOf(dig(cluster?.value, 'networking', 'podSubnet')));
  const stated = fromCluster.length > 0 ? fromCluster : cidrsOf(textOf(dig(proxy?.value, 'clusterCIDR')));
  const fallback = cidrsOf(defaultPodSubnet);
  const fromNodes = objects.filter((object) => object.kind === 'Node').flatMap((node) => nodePodCidrs(node.value))
    .filter((cidr) => !stated.some((network) => cidrFamily(network) === cidrFamily(cidr) && cidrCovers(network, cidr)));
  const added = ([4, 6] as const).map((family) => fromNodes.filter((cidr) => cidrFamily(cidr) === family)).filter((cidrs) => cidrs.length > 0).flatMap((cidrs) => covering(cidrs, fallback[0]!));
  const all = [...stated, ...added];
  return all.length === 0 ? fallback : all;
}

/** A Node's `spec.podCIDRs`, or its `spec.podCIDR`. */
export function nodePodCidrs(node: KubeObject['value']): readonly Cidr[] {
  const several = textsOf(dig(node, 'spec', 'podCIDRs')).flatMap(cidrsOf);
  return several.length > 0 ? several : cidrsOf(textOf(dig(node, 'spec', 'podCIDR')));
}

// Nodes of a real cluster tell its pod network: the default if it holds them all, else the smallest network (a /16 or /48 at least) that does.
function covering(cidrs: readonly Cidr[], fallback: Cidr): readonly Cidr[] {
  if (cidrs.every((cidr) => cidrFamily(cidr) === cidrFamily(fallback) && cidrCovers(fallback, cidr))) return [fallback];
  const first = cidrs[0]!;
  const least = Math.min(cidrFamily(first) === 4 ? 16 : 48, ...cidrs.map(prefixLength));
  for (let bits = least; bits >= 8; bits--) {
    const wide = parseCidr(`${baseOf(first)}/${bits}`)!;
    if (cidrs.every((cidr) => cidrCovers(wide, cidr))) return [wide];
  }
  return [...new Set(cidrs)].toSorted();
}

function ingressControllerOf(sandbox: KubeObject['value'][string] | undefined, objects: readonly KubeObject[]): 'lab' | 'none' {
  const stated = textOf(dig(sandbox, 'ingressController'));
  if (stated === 'lab' || stated === 'none') return stated;
  // a class whose controller is another's is no controller yet: whether one runs here, the cluster's pods say (ingress-controllers.ts)
  return objects.some((object) => object.kind === 'Ingress') ? 'lab' : 'none';
}
