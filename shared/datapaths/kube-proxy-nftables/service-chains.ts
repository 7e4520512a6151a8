import { cidrContains, hostCidr } from '../../base/cidr.ts';
import type { PortRange } from '../../dataplane/packet.ts';
import type { Chain, Match, NamedSet, VmapElement } from '../../dataplane/rules.ts';
import type { Backend } from '../../model/port-plan.ts';
import type { PodSource } from '../../model/proxy-node.ts';
import { sayHairpin, sayPodSource, sayService } from '../proxy-words.ts';
import { affinitySetName } from './chain-names.ts';
import { originOf, type ChainPlan, type NamedBackend } from './chain-plan.ts';
import { regular } from './fixed-chains.ts';
import { comment, draft, drop, from, goTo, inSet, localSource, protocolIs, saddr, spread, to, toMarkMasq, type Draft } from './parts.ts';

const externalPolicy = 'spec.externalTrafficPolicy';

/** `ip saddr CIDR`, or `iifname` for the interface detectors (README.md). */
function podSourceMatch(source: Exclude<PodSource, null>, not: boolean): Match {
  const inverted = not ? { not: true } as const : {};
  return source.kind === 'cidr' ? { kind: 'src', net: source.cidr, ...inverted } : { kind: 'iif', name: source.prefix ? `${source.name}*` : source.name, ...inverted };
}

/** The head of the ClusterIP chain: traffic that is not a local pod's is masqueraded. The daddr keeps traffic that came through the external chain out of it. */
function clusterIpMasquerade(plan: ChainPlan): readonly Draft[] {
  const { port, node: { masqueradeAll, podSource } } = plan;
  if (masqueradeAll) return [draft([to(port.clusterIp)], toMarkMasq, originOf(plan, `masqueradeAll: everyone who uses the cluster IP of ${sayService(port)} is seen as this node`))];
  if (podSource === null) return [];
  const why = `Whoever uses the cluster IP of ${sayService(port)} without being ${sayPodSource(podSource)} is seen as this node, so that the answers return through it`;
  return [draft([to(port.clusterIp), podSourceMatch(podSource, true)], toMarkMasq, originOf(plan, why))];
}

const places: (readonly [number])[] = [];
/** The key of one side of the dice; the same side gives the same key, since every Service has a side 0. */
const place = (i: number): readonly [number] => (places[i] ??= [i]);

/** `service-` or `local-`: masquerade head (on the ClusterIP's chain), affinity, then one endpoint out of N by numgen. */
function policyChain(plan: ChainPlan, name: string, endpoints: readonly Backend[], which: string): Chain {
  const { port, node: { family } } = plan;
  const head = plan.hasInternal && name === plan.internalChain ? clusterIpMasquerade(plan) : [];
  const named = endpoints.map((endpoint) => plan.named.get(endpoint.key)!);
  const affinity = port.affinitySeconds === null ? [] : named.map((it) => draft([inSet('saddr', affinitySetName(it.chain))], goTo(it.chain),
    originOf(plan, `${sayService(port)} keeps a client with the endpoint it used in the last ${port.affinitySeconds} seconds (sessionAffinity: ClientIP)`, 'spec.sessionAffinity')));
  const elements = named.map(({ chain, origin }, i): VmapElement => ({ key: place(i), verdict: { kind: 'goto', chain }, origin }));
  const why = `${sayService(port)} spreads connections evenly over ${which}`;
  return regular(family, name, [...head, ...affinity, draft([], spread(elements), originOf(plan, why))], originOf(plan, why));
}

function localPolicyHead(plan: ChainPlan): readonly Draft[] {
  const { port, names, node: { podSource } } = plan;
  const drafts: Draft[] = [];
  if (podSource !== null) {
    const why = `Pods that use an external address of ${sayService(port)} reach all its endpoints, as if they had gone out and come back (${sayPodSource(podSource)})`;
    drafts.push(draft([podSourceMatch(podSource, false), comment('short-circuit pod traffic')], goTo(names.cluster), originOf(plan, why, externalPolicy)));
  }
  drafts.push(draft([localSource, comment('masquerade local traffic')], toMarkMasq,
    originOf(plan, `This node's own processes that use an external address of ${sayService(port)} are masqueraded: their source may be that very address`, externalPolicy)));
  drafts.push(draft([localSource, comment('short-circuit local traffic')], goTo(names.cluster),
    originOf(plan, `This node's own processes reach all endpoints of ${sayService(port)}, not only the local ones`, externalPolicy)));
  return drafts;
}

/** `external-`: traffic to node ports, external IPs and load balancer addresses, before it meets the policy's endpoints. */
function externalChain(plan: ChainPlan): Chain {
  const { port, names, node: { family } } = plan;
  const masquerade = (): Draft => draft([], toMarkMasq,
    originOf(plan, `${sayService(port)} may send outside traffic to an endpoint on another node (externalTrafficPolicy: Cluster), so the client's address is replaced by this node's`, externalPolicy));
  const drafts: Draft[] = port.externalLocal ? [...localPolicyHead(plan)] : [masquerade()];
  if (plan.hasExternal) {
    const which = port.externalLocal ? 'the endpoints on this node, the client\'s address kept' : 'all its endpoints';
    drafts.push(draft([], goTo(plan.externalPolicyChain), originOf(plan, `Outside traffic of ${sayService(port)} goes to ${which}`)));
  }
  return regular(family, names.external, drafts, originOf(plan, `${sayService(port)} is reachable from outside`));
}

/** `firewall-`: whoever is in none of the source ranges is dropped, before DNAT and whether or not there are endpoints. */
function firewallChain(plan: ChainPlan): Chain {
  const { port, names, node: { family, nodeIp } } = plan;
  const nodeToo = nodeIp !== null && port.sourceRanges.some((range) => cidrContains(range, nodeIp));
  const sources = [...port.sourceRanges, ...(nodeToo ? port.vips.map(hostCidr) : [])];
  const outside: Match = sources.length === 1 ? { kind: 'src', net: sources[0]!, not: true } : { kind: 'compare', left: [saddr], op: '!=', right: sources.map((source) => [source]) };
  const origin = originOf(plan, `${sayService(port)} admits only its loadBalancerSourceRanges to its load balancer address`, 'spec.loadBalancerSourceRanges', 'source-range');
  return regular(family, names.firewall, [draft([outside], drop, origin)], origin);
}

/** `endpoint-`, one per endpoint: masquerade the endpoint's own traffic back to itself, remember the client where affinity asks for it, rewrite the destination. */
function endpointChains(plan: ChainPlan): readonly Chain[] {
  const { port, node: { family } } = plan;
  // what endpoints have in common is one object: a node can have 100,000 of these chains
  const ofProtocol: readonly Match[] = [protocolIs(port.protocol)];
  let ports: PortRange = { from: 0, to: 0 };
  const build = ({ endpoint, chain, origin }: NamedBackend): Chain => {
    if (ports.from !== endpoint.port) ports = { from: endpoint.port, to: endpoint.port };
    const hairpin = draft([from(endpoint.ip)], toMarkMasq, originOf(plan, sayHairpin(port, endpoint)));
    const dnat = draft(ofProtocol, [{ kind: 'dnat', to: { ip: endpoint.ip, ports } }], origin);
    if (port.affinitySeconds === null) return regular(family, chain, [hairpin, dnat], origin);
    const remember = draft([], [{ kind: 'update-set', op: 'update', set: affinitySetName(chain), key: [saddr] }], originOf(plan, `${sayService(port)} remembers that this client used this endpoint`, 'spec.sessionAffinity'));
    return regular(family, chain, [hairpin, remember, dnat], origin);
  };
  return Array.from(plan.named.values(), build);
}

/** The chains of one planned Service port in kube-proxy's order of making: one per endpoint, then `service-`, `local-`, `external-`, `firewall-`. */
export function chainsOfPlan(plan: ChainPlan): readonly Chain[] {
  const { names, view } = plan;
  return [
    ...endpointChains(plan),
    ...(plan.usesCluster ? [policyChain(plan, names.cluster, view.cluster, 'its endpoints')] : []),
    ...(plan.usesLocal ? [policyChain(plan, names.local, view.local, 'its endpoints on this node')] : []),
    ...(plan.usesExternal ? [externalChain(plan)] : []),
    ...(plan.restrictsSources ? [firewallChain(plan)] : []),
  ];
}

/** One set per endpoint for ClientIP affinity: clients by source address, forgotten after the timeout unless they come again. */
export function affinitySetsOfPlan(plan: ChainPlan): readonly NamedSet[] {
  const { port, node: { family } } = plan;
  if (port.affinitySeconds === null) return [];
  const timeoutSeconds = port.affinitySeconds;
  return Array.from(plan.named.values(), ({ endpoint, chain }): NamedSet => ({
    name: affinitySetName(chain), kind: 'nft-set', type: family === 'ip' ? 'ipv4_addr' : 'ipv6_addr', flags: ['dynamic', 'timeout'], timeoutSeconds, size: 65535, elements: [],
    origin: originOf(plan, `Clients of ${sayService(port)} that used endpoint ${endpoint.key}`, 'spec.sessionAffinity'),
  }));
}
