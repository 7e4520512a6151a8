import { cidrContains } from '../../base/cidr.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Chain, Match } from '../../dataplane/rules.ts';
import type { Backend } from '../../model/port-plan.ts';
import type { PodSource } from '../../model/proxy-node.ts';
import { sayPodSource, sayService } from '../proxy-words.ts';
import { buildEndpointChains } from './endpoint-chain.ts';
import { comment, dport, draft, from, jump, localSource, numbered, oneIn, protocolIs, recentCheck, to, toMarkMasq, type Draft } from './parts.ts';
import { originOf, type ChainPlan } from './chain-plan.ts';

const natChain = (plan: ChainPlan, name: string, drafts: readonly Draft[], origin: Origin): Chain =>
  ({ kind: 'regular', id: `${plan.node.family}/nat/${name}`, name, rules: numbered(plan.node.family, 'nat', name, drafts), origin });

/** The match for "from a local pod", or for "not from one", in the place iptables prints it: `-s` before `-d`, `-i` after. */
function podSourceMatch(source: Exclude<PodSource, null>, not: boolean): Match {
  const inverted = not ? { not: true } as const : {};
  return source.kind === 'cidr' ? { kind: 'src', net: source.cidr, ...inverted } : { kind: 'iif', name: source.prefix ? `${source.name}+` : source.name, ...inverted };
}

/** The head of the ClusterIP chain: traffic that is not a local pod's is masqueraded, so that its answers come back through this node. */
function clusterIpMasquerade(plan: ChainPlan): readonly Draft[] {
  const { port, node: { masqueradeAll, podSource } } = plan;
  if (!masqueradeAll && podSource === null) return [];
  const rest = [protocolIs(port.protocol), comment(`${port.name} cluster IP`), dport(port.port)];
  if (masqueradeAll || podSource === null) {
    return [draft([to(port.clusterIp), ...rest], toMarkMasq, originOf(plan, `masqueradeAll: everyone who uses the cluster IP of ${sayService(plan.port)} is seen as this node`))];
  }
  const source = podSourceMatch(podSource, true);
  const head = podSource.kind === 'cidr' ? [source, to(port.clusterIp)] : [to(port.clusterIp), source];
  const why = `Whoever uses the cluster IP of ${sayService(plan.port)} without being ${sayPodSource(podSource)} is seen as this node, so that the answers return through it`;
  return [draft([...head, ...rest], toMarkMasq, originOf(plan, why))];
}

const silent: readonly Match[] = [];

function endpointRules(plan: ChainPlan, endpoints: readonly Backend[]): readonly Draft[] {
  const { port, node } = plan;
  const affinity: Draft[] = [];
  const spread: Draft[] = [];
  endpoints.forEach(({ key }, i) => {
    const { chain, origin } = plan.named.get(key)!;
    const says = node.large ? silent : [comment(`${port.name} -> ${key}`)];
    const target = jump(chain);
    if (port.affinitySeconds !== null) {
      const why = `${sayService(plan.port)} keeps a client with the endpoint it used in the last ${port.affinitySeconds} seconds (sessionAffinity: ClientIP)`;
      affinity.push(draft([...says, recentCheck(chain, port.family, port.affinitySeconds)], target, originOf(plan, why, 'spec.sessionAffinity')));
    }
    const left = endpoints.length - i;
    spread.push(draft(left === 1 ? says : node.large ? oneIn(left) : [...says, ...oneIn(left)], target, origin));
  });
  return [...affinity, ...spread];
}

/** KUBE-SVC or KUBE-SVL: masquerade head (on the ClusterIP's chain), affinity, then one rule per endpoint with probability 1/n, 1/(n−1), …, 1. */
function policyChain(plan: ChainPlan, name: string, endpoints: readonly Backend[], which: string): Chain {
  const head = plan.hasInternal && name === plan.internalChain ? clusterIpMasquerade(plan) : [];
  return natChain(plan, name, [...head, ...endpointRules(plan, endpoints)], originOf(plan, `${sayService(plan.port)} spreads connections evenly over ${which}`));
}

function localPolicyHead(plan: ChainPlan): readonly Draft[] {
  const { port, names, node: { podSource } } = plan;
  const field = 'spec.externalTrafficPolicy';
  const drafts: Draft[] = [];
  if (podSource !== null) {
    const why = `Pods that use an external address of ${sayService(plan.port)} reach all its endpoints, as if they had gone out and come back (${sayPodSource(podSource)})`;
    const says = comment(`pod traffic for ${port.name} external destinations`);
    drafts.push(draft([podSourceMatch(podSource, false), says], jump(names.svc), originOf(plan, why, field)));
  }
  drafts.push(draft([comment(`masquerade LOCAL traffic for ${port.name} external destinations`), localSource], toMarkMasq,
    originOf(plan, `This node's own processes that use an external address of ${sayService(plan.port)} are masqueraded: their source may be that very address`, field)));
  drafts.push(draft([comment(`route LOCAL traffic for ${port.name} external destinations`), localSource], jump(names.svc),
    originOf(plan, `This node's own processes reach all endpoints of ${sayService(plan.port)}, not only the local ones`, field)));
  return drafts;
}

/** KUBE-EXT: traffic to node ports, external IPs and load balancer addresses, before it meets the policy's endpoints. */
function externalChain(plan: ChainPlan): Chain {
  const { port, names } = plan;
  const masquerade = (): Draft => draft([comment(`masquerade traffic for ${port.name} external destinations`)], toMarkMasq,
    originOf(plan, `${sayService(plan.port)} may send outside traffic to an endpoint on another node (externalTrafficPolicy: Cluster), so the client's address is replaced by this node's`, 'spec.externalTrafficPolicy'));
  const drafts: Draft[] = port.externalLocal ? [...localPolicyHead(plan)] : [masquerade()];
  if (plan.hasExternal) {
    const which = port.externalLocal ? 'the endpoints on this node, the client\'s address kept' : 'all its endpoints';
    drafts.push(draft([], jump(plan.externalPolicyChain), originOf(plan, `Outside traffic of ${sayService(plan.port)} goes to ${which}`)));
  }
  return natChain(plan, names.ext, drafts, originOf(plan, `${sayService(plan.port)} is reachable from outside`));
}

/** KUBE-FW: one rule per source range; whoever falls off the end is not rewritten and meets KUBE-PROXY-FIREWALL's DROP. */
function firewallChain(plan: ChainPlan): Chain {
  const { port, names, node: { nodeIp } } = plan;
  const field = 'spec.loadBalancerSourceRanges';
  const says = comment(`${port.name} loadbalancer IP`);
  const target = jump(names.ext);
  const drafts = port.sourceRanges.map((range) =>
    draft([{ kind: 'src', net: range }, says], target, originOf(plan, `${sayService(plan.port)} admits ${range} to its load balancer address`, field)));
  if (nodeIp !== null && port.sourceRanges.some((range) => cidrContains(range, nodeIp))) {
    for (const address of port.vips) {
      drafts.push(draft([from(address), says], target, originOf(plan, `This node is admitted, and may dial ${address} from that very address`, field)));
    }
  }
  drafts.push(draft([comment(`other traffic to ${port.name} will be dropped by KUBE-PROXY-FIREWALL`)], [], originOf(plan, `Whoever is not in the source ranges of ${sayService(plan.port)} stays unrewritten and is dropped in the filter table`, field)));
  return natChain(plan, names.fw, drafts, originOf(plan, `${sayService(plan.port)} restricts who may use its load balancer address`, field));
}

/** The chains of one planned Service port: EXT, FW, SVC, SVL and one SEP per endpoint, in kube-proxy's order of writing. */
export function chainsOfPlan(plan: ChainPlan): readonly Chain[] {
  const { names, view } = plan;
  const chains: Chain[] = [];
  if (plan.usesExternal) chains.push(externalChain(plan));
  if (plan.usesFirewall) chains.push(firewallChain(plan));
  if (plan.usesCluster) chains.push(policyChain(plan, names.svc, view.cluster, 'its endpoints'));
  if (plan.usesLocal) chains.push(policyChain(plan, names.svl, view.local, 'its endpoints on this node'));
  return [...chains, ...buildEndpointChains(plan)];
}
