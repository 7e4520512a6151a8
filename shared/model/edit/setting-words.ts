import type { Cluster, Fault } from '../types.ts';
import type { SandboxFields } from './types.ts';

/** A machine as a person calls it: `node b` for `node/b` or a bare `b`, `web` for `pod/shop/web`, `client office`. */
function machineWords(id: string): string {
  const [kind = '', ...rest] = id.includes('/') ? id.split('/') : ['node', id];
  if (kind === 'switch') return `the ${rest[0] === 'lan' ? 'nodes’' : 'outside'} network`;
  if (kind === 'world') return 'the internet';
  if (kind === 'router') return 'the router';
  return kind === 'pod' ? rest.at(-1) ?? '' : `${kind} ${rest.join('/')}`;
}

const rank = (id: string): number => ['pod', 'client', 'host', 'node', 'lb', 'router', 'switch', 'world'].indexOf(id.includes('/') ? id.split('/')[0]! : 'node');

/** Whose cable it is: a pod's before its node's, a machine's before its network's. */
export const cableOwner = (a: string, b: string): string => (rank(a) <= rank(b) ? a : b);

function cableWords(a: string, b: string): string {
  const owner = cableOwner(a, b);
  const other = owner === a ? b : a;
  const usual = other.startsWith('switch/') || (owner.startsWith('pod/') && rank(other) === rank('node'));
  return usual ? `the cable of ${machineWords(owner)}` : `the cable between ${machineWords(owner)} and ${machineWords(other)}`;
}

/** Where a route leads: `the pods of node b (10.244.2.0/24)` where a node has that range. */
export function routeWords(dst: string, { nodes }: Pick<Cluster, 'nodes'>): string {
  const node = nodes.find(({ podCidrs }) => podCidrs.some((cidr) => cidr === dst));
  if (dst === 'default' || dst === '0.0.0.0/0' || dst === '::/0') return 'everywhere else';
  return node === undefined ? dst : `the pods of node ${node.name} (${dst})`;
}

/** What putting a fault in, or taking it out, is called. */
export function faultTitle(fault: Fault, on: boolean, cluster: Pick<Cluster, 'nodes'>): string {
  switch (fault.kind) {
    case 'link-cut': return `${on ? 'Cut' : 'Mend'} ${cableWords(fault.a, fault.b)}`;
    case 'route-cut': return `${on ? 'Cut' : 'Mend'} the route of ${machineWords(fault.on)} to ${routeWords(fault.dst, cluster)}`;
    case 'node-stopped': return `${on ? 'Stop' : 'Start'} ${machineWords(fault.node)}`;
    case 'stale-kube-proxy': return `${on ? 'Stop' : 'Start'} kube-proxy on ${machineWords(fault.node)}`;
    case 'br-netfilter-off': return `Turn ${on ? 'off' : 'on'} br_netfilter on ${machineWords(fault.node)}`;
    case 'hairpin-off': return `Turn ${on ? 'off' : 'on'} hairpin mode on ${machineWords(fault.node)}`;
    case 'mtu': return `${on ? `Lower the MTU of ${fault.link ?? 'eth0'} to ${fault.bytes}` : `Restore the MTU of ${fault.link ?? 'eth0'}`} on ${machineWords(fault.on)}`;
    case 'fabric-blocks': return `${on ? 'Block' : 'Let through'} ${fault.protocol.toUpperCase()}${fault.port === undefined ? '' : ` port ${fault.port}`} between machines`;
  }
}

type WordsOf = { readonly [K in keyof SandboxFields]-?: (value: Exclude<SandboxFields[K], undefined | null>) => string };

const wordsOf: WordsOf = {
  podNetwork: (network) => `Use the ${network} pod network`,
  enforcesNetworkPolicy: (on) => `Let the pod network ${on ? 'enforce' : 'ignore'} policies`,
  podsRoutable: (on) => `Make pod addresses ${on ? 'routable' : 'unknown'} outside the nodes`,
  masquerade: (on) => (on ? 'Masquerade what pods send outside' : 'Send what pods send outside with their own addresses'),
  loadBalancer: (kind) => (kind === 'none' ? 'Use no load balancer' : kind === 'cloud' ? 'Use the cloud’s load balancer' : 'Use MetalLB'),
  ingressController: (kind) => (kind === 'none' ? 'Use no Ingress controller' : 'Use the lab’s Ingress controller'),
  seed: (seed) => `Roll with seed ${seed}`,
};
const defaults: { readonly [K in keyof SandboxFields]-?: string } = { podNetwork: 'pod network', enforcesNetworkPolicy: 'enforcement of policies', podsRoutable: 'reach of pod addresses', masquerade: 'masquerading', loadBalancer: 'load balancer', ingressController: 'Ingress controller', seed: 'seed' };

/** What a change of the Sandbox document's settings is called. */
export function sandboxTitle(fields: SandboxFields): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined) as readonly (readonly [keyof SandboxFields, unknown])[];
  const words = given.map(([key, value]) => (value === null ? `Use the default ${defaults[key]}` : (wordsOf[key] as (value: unknown) => string)(value)));
  return words.map((one, i) => (i === 0 ? one : `${one[0]!.toLowerCase()}${one.slice(1)}`)).join(', ') || 'Set nothing';
}
