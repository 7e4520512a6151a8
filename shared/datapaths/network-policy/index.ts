import { cidrFamily } from '../../base/cidr.ts';
import type { Problem } from '../../base/problem.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Cluster } from '../../model/types.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { buildIptables } from './iptables.ts';
import { buildNftables } from './nftables.ts';
import { planNode } from './plan.ts';
import { by } from './words.ts';

const MAX_RELATED = 20;

/** Where nobody enforces them, policies exist and do nothing. */
function inert({ settings, policies }: Cluster): readonly Problem[] {
  const [first, ...others] = policies;
  if (settings.enforcesNetworkPolicy || first === undefined) return [];
  const related = others.slice(0, MAX_RELATED).flatMap((policy) => (policy.at ? [{ what: `${policy.namespace}/${policy.name} is inert, too`, at: policy.at }] : []));
  return [{
    code: 'policy-inert', severity: 'warning', at: first.at,
    what: others.length === 0 ? `NetworkPolicy ${first.namespace}/${first.name} is inert: this pod network does not enforce policies` : `${policies.length} NetworkPolicies are inert, ${first.namespace}/${first.name} first: this pod network does not enforce policies`,
    fix: 'choose a pod network that enforces them (Sandbox spec.enforcesNetworkPolicy: true)',
    ...(related.length > 0 ? { related } : {}),
  }];
}

/** NetworkPolicy as rules in FORWARD of every node, for the node's own pods (README.md): iptables with ipsets, or a table of nft's own in nftables mode. */
export const networkPolicy: Datapath = {
  id: by,
  provides: ['policy'],
  check: inert,
  compile(host, cluster) {
    if (host.kind !== 'node' || !cluster.settings.enforcesNetworkPolicy || cluster.policies.length === 0) return null;
    const families = [...new Set<IpFamily>(cluster.settings.podSubnets.map(cidrFamily))];
    const plans = families.map((family) => planNode(cluster, host.node, family));
    if (cluster.settings.proxyMode === 'nftables') {
      const tables = plans.map(buildNftables).filter((table) => table !== null);
      return tables.length === 0 ? null : { rank: ranks.policy, parts: [{ netns: host.id, tables }] };
    }
    const built = plans.map((plan) => buildIptables(plan, cluster.settings.proxyMode === 'ipvs')).filter((one) => one !== null);
    return built.length === 0 ? null : { rank: ranks.policy, parts: [{ netns: host.id, tables: built.map(({ table }) => table), ipsets: built.flatMap(({ ipsets }) => ipsets) }] };
  },
};
