import { hostCidr } from '../../base/cidr.ts';
import type { Chain } from '../../dataplane/rules.ts';
import { sayService, serviceOrigin } from '../proxy-words.ts';
import { chainOf, comment, jump, verdict, type Draft } from '../rules.ts';
import { admitsNode } from './build-sets.ts';
import { by } from './names.ts';
import { because, ifFilled, marked, rule, type TablesInput, type Words } from './words.ts';

/** The node dials a load balancer address from that very address; where the ranges leave the node out, this alone can stop it (kubernetes issue 119656). */
const outFilter = ({ views, nodeIp }: TablesInput): readonly Draft[] => views.flatMap(({ port }) => {
  if (port.sourceRanges.length === 0 || admitsNode(port.sourceRanges, nodeIp)) return [];
  return port.vips.map((vip): Draft => ({
    match: [{ kind: 'src', net: hostCidr(vip) }, { kind: 'ipvs', protocol: port.protocol, vaddr: vip, vport: port.port }], do: [verdict('drop')],
    origin: serviceOrigin(by, port, `${sayService(port)}'s loadBalancerSourceRanges do not hold this node, so it may not dial ${vip} either`, 'spec.loadBalancerSourceRanges', 'source-range'),
  }));
});

function ipvsFilter({ inSet }: Words): readonly Draft[] {
  const served = (['KUBE-LOAD-BALANCER', 'KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'] as const).map((name) => rule([inSet(name, 'dst', 'dst')], verdict('return'), 'A port that a Service serves'));
  return [
    ...served, rule([inSet('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')], verdict('return'), 'A health-check port'),
    rule([{ kind: 'ct-state', states: ['new'], module: 'conntrack' }, inSet('KUBE-IPVS-IPS', 'dst')], { kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } },
      'A Service address on a port that no Service has, or a ping: without this rule the node itself would answer (kubernetes issue 72236)', 'no-service-port'),
  ];
}

/** The chains of filter: who is kept out. */
export function filterChains(words: Words, input: TablesInput): readonly Chain[] {
  const { ip } = words;
  const chain = (name: string, drafts: readonly Draft[], why: string): Chain => chainOf(ip, 'filter', name, because(why), drafts);
  const firewall = rule([comment('kube-proxy firewall rules')], jump('KUBE-PROXY-FIREWALL'), 'Load balancer addresses with source ranges are guarded');
  return [
    // kube-proxy prepends its jumps one by one, so its last one stands first.
    chain('INPUT', [rule([comment('kubernetes ipvs access filter')], jump('KUBE-IPVS-FILTER'), 'Service addresses are local here, and only Services shall answer on them'), firewall, rule([comment('kubernetes health check rules')], jump('KUBE-NODE-PORT'), 'Health checks of load balancers are let in')], 'For this machine.'),
    chain('FORWARD', [firewall, rule([comment('kubernetes forwarding rules')], jump('KUBE-FORWARD'), 'Masqueraded Service traffic passes even where the node forwards nothing else')], 'On its way through.'),
    chain('OUTPUT', [rule([comment('kubernetes ipvs access filter')], jump('KUBE-IPVS-OUT-FILTER'), 'The node itself may be left out by source ranges')], 'From the node itself.'),
    chain('KUBE-FORWARD', [
      rule([comment('kubernetes forwarding rules'), marked], verdict('accept'), 'Masqueraded Service traffic passes, whatever else the node forwards'),
      rule([comment('kubernetes forwarding conntrack rule'), { kind: 'ct-state', states: ['related', 'established'], module: 'conntrack' }], verdict('accept'), 'Packets of connections that were let through once pass'),
    ], 'Lets Service traffic through the node'),
    chain('KUBE-NODE-PORT', [rule([words.about('KUBE-HEALTH-CHECK-NODE-PORT'), words.inSet('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')], verdict('accept'), 'Load balancers ask here whether the node has endpoints')], 'Lets health checks in'),
    chain('KUBE-PROXY-FIREWALL', ifFilled(words, 'KUBE-LOAD-BALANCER-FW', ['dst', 'dst'], jump('KUBE-SOURCE-RANGES-FIREWALL'), 'A load balancer address that admits certain sources only'), 'Guards load balancer addresses with source ranges'),
    chain('KUBE-SOURCE-RANGES-FIREWALL', [
      ...ifFilled(words, 'KUBE-LOAD-BALANCER-SOURCE-CIDR', ['dst', 'dst', 'src'], verdict('return'), 'The source is in one of the ranges'), ...ifFilled(words, 'KUBE-LOAD-BALANCER-SOURCE-IP', ['dst', 'dst', 'src'], verdict('return'), 'The node dials the address from the address'),
      rule([], verdict('drop'), 'Whoever the source ranges did not admit is dropped', 'source-range'),
    ], 'Knows who may dial which load balancer address'),
    chain('KUBE-IPVS-FILTER', ipvsFilter(words), 'Keeps the node\'s own ports off Service addresses'),
    chain('KUBE-IPVS-OUT-FILTER', outFilter(input), 'Keeps the node from load balancer addresses that do not admit it'),
  ];
}
