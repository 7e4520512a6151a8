import type { Problem } from '../base/problem.ts';
import type { Origin } from '../dataplane/ids.ts';
import type { Backend, PortPlan } from '../model/port-plan.ts';
import type { PodSource } from '../model/proxy-node.ts';
import type { ProxiedPort } from '../model/service-ports.ts';
import type { Cluster } from '../model/types.ts';

/** "Service shop/api". */
export const sayService = ({ title }: ProxiedPort): string => title;

/** An Origin for one Service port; `field` defaults to its place in `spec.ports`. */
export const serviceOrigin = (by: string, port: ProxiedPort, why: string, field = port.field, code?: string): Origin =>
  (code === undefined ? { by, for: port.ref, field, why } : { by, for: port.ref, field, why, code });

const podName = (pod: string): string => pod.slice(pod.indexOf('/') + 1);

/** Why an endpoint's rules exist: the pod the Service selects, or the address somebody wrote down. */
export const sayEndpoint = (port: ProxiedPort, endpoint: Backend): string =>
  endpoint.pod === null ? `${sayService(port)} has the endpoint ${endpoint.key}, which belongs to no pod` : `Service ${port.service.name} selects pod ${podName(endpoint.pod)}`;

/** Why an endpoint's own traffic to itself is masqueraded. */
export const sayHairpin = (port: ProxiedPort, endpoint: Backend): string =>
  `${endpoint.pod === null ? `Endpoint ${endpoint.key}` : `Pod ${podName(endpoint.pod)}`} that reaches itself through ${sayService(port)} must see another address as its client, or it would answer itself directly`;

/** What the local-traffic detector calls a pod: "a source in the pod network 10.244.0.0/16". */
export function sayPodSource(source: Exclude<PodSource, null>): string {
  if (source.kind === 'cidr') return `a source in the pod network ${source.cidr}`;
  return source.prefix ? `a packet from an interface named ${source.name}…` : `a packet from the bridge ${source.name}`;
}

/** Why traffic that no endpoint may take ends: refused if there is none anywhere, dropped if only this node has none. */
export function refusal({ port, view }: PortPlan, what: string): { readonly refuse: boolean; readonly why: string; readonly code: 'no-endpoints' | 'no-local-endpoints' } {
  if (!view.hasEndpoints) return { refuse: true, code: 'no-endpoints', why: `${sayService(port)} has no ready endpoint anywhere, so connections to its ${what} are refused` };
  return { refuse: false, code: 'no-local-endpoints', why: `${sayService(port)} keeps traffic to its ${what} on the node it arrived at (traffic policy Local), and this node has no endpoint, so the packet is dropped` };
}

/** What no mode of kube-proxy can know from a cluster alone: what a stopped one saw last. */
export const checkProxy = (cluster: Cluster): readonly Problem[] => cluster.settings.faults.flatMap((fault) => (fault.kind !== 'stale-kube-proxy' ? [] : [{
  code: 'stale-since-unknown', severity: 'warning', at: null, what: `no document says what the stopped kube-proxy of node ${fault.node} saw last, so its rules are shown up to date`, fix: 'open the cluster as it was, then stop kube-proxy there',
} satisfies Problem]));

/** Services whose source ranges a mode is not simulated with; their addresses admit everybody there. */
export const sourceRangesProblems = (cluster: Cluster, mode: string): readonly Problem[] => cluster.services.filter((service) => service.loadBalancerSourceRanges.length > 0 && service.loadBalancer.length > 0).map((service) => ({
  code: 'not-modelled', severity: 'warning', at: service.at, what: `loadBalancerSourceRanges of Service ${service.namespace}/${service.name} are not simulated in ${mode} mode: everybody is admitted`, fix: 'read results for its load balancer address without them, or choose another mode',
}));
