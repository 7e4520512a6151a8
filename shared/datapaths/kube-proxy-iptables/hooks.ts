import { buildBuiltinChain } from '../../dataplane/builtin-chains.ts';
import type { Chain } from '../../dataplane/rules.ts';
import { comment, ctState, draft, jump, numbered, type Draft } from './parts.ts';
import { by } from './chain-plan.ts';

type Jump = readonly [chain: string, target: string, text: string, onlyNew: boolean, why: string];

const external = 'kubernetes externally-visible service portals';
const portals = 'kubernetes service portals';
const firewall = 'kubernetes load balancer firewall';
const whyFirewall = 'Packets to a load balancer address that its source ranges did not admit are dropped here';
const whyKubelet = 'Answers to 127.0.0.1 must not be forged from outside the node, since route_localnet opens the way for node ports on localhost';
const whyRefused = 'Connections to a cluster IP without endpoints are refused or dropped here, since nothing rewrote them';
const whyExternal = 'Connections to a node port, external IP or load balancer address without endpoints are refused or dropped here, since nothing rewrote them';

/** The order in each built-in chain as kube-proxy leaves it: it prepends its jumps one by one, so its last one comes first (iptablesJumpChains, then iptablesKubeletJumpChains). */
const filterJumps: readonly Jump[] = [
  ['INPUT', 'KUBE-FIREWALL', '', false, whyKubelet],
  ['INPUT', 'KUBE-PROXY-FIREWALL', firewall, true, whyFirewall],
  ['INPUT', 'KUBE-NODEPORTS', 'kubernetes health check service ports', false, 'Health checks of load balancers are let in'],
  ['INPUT', 'KUBE-EXTERNAL-SERVICES', external, true, whyExternal],
  ['FORWARD', 'KUBE-PROXY-FIREWALL', firewall, true, whyFirewall],
  ['FORWARD', 'KUBE-FORWARD', 'kubernetes forwarding rules', false, 'Masqueraded Service traffic passes even where the node forwards nothing else'],
  ['FORWARD', 'KUBE-SERVICES', portals, true, whyRefused],
  ['FORWARD', 'KUBE-EXTERNAL-SERVICES', external, true, whyExternal],
  ['OUTPUT', 'KUBE-FIREWALL', '', false, whyKubelet],
  ['OUTPUT', 'KUBE-PROXY-FIREWALL', firewall, true, whyFirewall],
  ['OUTPUT', 'KUBE-SERVICES', portals, true, whyRefused],
];

const natJumps: readonly Jump[] = [
  ['PREROUTING', 'KUBE-SERVICES', portals, false, 'Every new connection that arrives is looked up among the Services before it is routed'],
  ['OUTPUT', 'KUBE-SERVICES', portals, false, 'Every new connection of the node\'s own processes is looked up among the Services'],
  ['POSTROUTING', 'KUBE-POSTROUTING', 'kubernetes postrouting rules', false, 'Marked connections get this node\'s address as their source on the way out'],
];

function asDraft([, target, text, onlyNew, why]: Jump): Draft {
  return draft([...(onlyNew ? [ctState('new')] : []), ...(text === '' ? [] : [comment(text)])], jump(target), { by, why });
}

function hookChains(family: 'ip' | 'ip6', table: string, jumps: readonly Jump[]): readonly Chain[] {
  const names = [...new Set(jumps.map(([chain]) => chain))];
  return names.map((name) => buildBuiltinChain(family, table, name, { rules: numbered(family, table, name, jumps.filter(([chain]) => chain === name).map(asDraft)) })!);
}

/** The built-in chains of nat with kube-proxy's jumps. */
export const natHooks = (family: 'ip' | 'ip6'): readonly Chain[] => hookChains(family, 'nat', natJumps);
/** The built-in chains of filter with kube-proxy's jumps. */
export const filterHooks = (family: 'ip' | 'ip6'): readonly Chain[] => hookChains(family, 'filter', filterJumps);
