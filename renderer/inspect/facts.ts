import type { ObjectRef } from '../../shared/base/object-ref.ts';
import { printResolvConf, resolvConfOf } from '../../shared/model/resolv-conf.ts';
import { troubleOf, troubleWords } from '../scene/troubles.ts';
import { inSentence, podId, podStatus } from '../scene/words-of-things.ts';
import { findPolicy } from '../state/policies.ts';
import type { Cluster, Endpoint, Ingress, Labels, Node, Outsider, Pod, Policy, Service } from '../../shared/model/types.ts';

export interface Fact { readonly name: string; readonly value: string; readonly mono: boolean }

/** What the inspector says of one thing. */
export interface ThingFacts {
  readonly kind: string;
  readonly ref: ObjectRef | null;
  readonly facts: readonly Fact[];
  readonly labels: Labels;
  /** Whether Podhop made it up. */
  readonly implied: boolean;
  /** The command that shows the same on a real cluster; '' where there is none. */
  readonly command: string;
}

const words = (name: string, value: string): Fact => ({ name, value, mono: false });
const mono = (name: string, value: string): Fact => ({ name, value, mono: true });
const present = (facts: readonly Fact[]): readonly Fact[] => facts.filter(({ value }) => value !== '');

/** What a program in the pod reads in /etc/resolv.conf, or whose file it is. */
function resolverFact(pod: Pod, cluster: Cluster): Fact {
  const lines = printResolvConf(resolvConfOf(cluster, pod));
  return lines.length > 0 ? mono('resolv.conf', lines.join('\n')) : words('resolv.conf', pod.hostNetwork && pod.dnsPolicy === 'ClusterFirst' ? "The node's own: ClusterFirst counts only with a network of its own" : `The node's own (dnsPolicy ${pod.dnsPolicy})`);
}

function podFacts(pod: Pod, cluster: Cluster): ThingFacts {
  const ports = pod.ports.map(({ port, protocol, name }) => `${port}/${protocol}${name === '' ? '' : ` ${name}`}`);
  return {
    kind: 'Pod',
    ref: pod.implied && pod.owner !== null ? pod.owner : { kind: 'Pod', namespace: pod.namespace, name: pod.name },
    implied: pod.implied,
    labels: pod.labels,
    facts: present([
      words('Status', pod.terminating ? 'Terminating' : `${pod.phase}${pod.phase === 'Running' ? `, ${inSentence(podStatus(pod))}` : ''}`),
      words('Out of order', troubleWords(troubleOf(cluster, podId(pod))).join(', ')),
      mono('Address', pod.ips.join('\n')),
      mono('Node', pod.node),
      mono('Namespace', pod.namespace),
      words('Owner', pod.owner === null ? '' : `${pod.owner.kind} ${pod.owner.name}`),
      mono('Ports', ports.join('\n')),
      words('Containers', pod.containers.join(', ')),
      words('Network', pod.hostNetwork ? "The node's own" : ''),
      resolverFact(pod, cluster),
      mono('Service account', pod.serviceAccount === 'default' ? '' : pod.serviceAccount),
    ]),
    command: `kubectl get pod ${pod.name} -n ${pod.namespace} -o wide`,
  };
}

const endpointLine = ({ addresses, ready, target }: Endpoint): string => `${addresses[0] ?? ''}${target === null ? '' : `  ${target.name}`}${ready ? '' : '  not ready'}`;

function serviceFacts(service: Service, cluster: Cluster): ThingFacts {
  const endpoints = cluster.endpointSlices.filter((slice) => slice.namespace === service.namespace && slice.service === service.name).flatMap((slice) => slice.endpoints.map(endpointLine));
  const shown = endpoints.length > 12 ? [...endpoints.slice(0, 12), `${endpoints.length - 12} more`] : endpoints;
  const ports = service.ports.map(({ port, targetPort, protocol, nodePort }) => `${port} → ${targetPort}/${protocol}${nodePort === 0 ? '' : `, node ${nodePort}`}`);
  const selector = service.selector === null ? '' : Object.entries(service.selector).map(([key, value]) => `${key}=${value}`).join('\n');
  return {
    kind: 'Service',
    ref: { kind: 'Service', namespace: service.namespace, name: service.name },
    implied: service.implied,
    labels: service.labels,
    facts: present([
      words('Type', service.headless ? 'Headless' : service.type),
      mono('Address', service.clusterIps.join('\n')),
      mono('From outside', [...service.externalIps, ...service.loadBalancer.map(({ ip, hostname }) => ip ?? hostname)].join('\n')),
      mono('Name outside', service.externalName),
      mono('Namespace', service.namespace),
      mono('Ports', ports.join('\n')),
      mono('Selects', selector),
      endpoints.length === 0 && service.externalName === '' ? words('Endpoints', 'None: nobody answers behind it') : mono('Endpoints', shown.join('\n')),
      words('Inside policy', service.internalTrafficPolicy === 'Local' ? 'Only endpoints on the same node' : ''),
      words('Outside policy', service.externalTrafficPolicy === 'Local' ? 'Only endpoints on the node it arrives at' : ''),
      words('Affinity', service.sessionAffinitySeconds === null ? '' : `Same endpoint for ${service.sessionAffinitySeconds} s`),
    ]),
    command: `kubectl get endpointslices -n ${service.namespace} -l kubernetes.io/service-name=${service.name}`,
  };
}

/** What is broken at a node, and why Kubernetes still calls a stopped one ready (node-monitor-grace-period of kube-controller-manager). */
function brokenWords(node: Node, cluster: Cluster): string {
  const { words: all, ...rest } = troubleOf(cluster, `node/${node.name}`);
  const broken = troubleWords({ ...rest, words: all.filter((word) => word !== 'Cordoned' && word !== 'Not ready') });
  const unnoticed = node.ready && all.includes('Stopped') ? '. Kubernetes has not noticed: it calls a silent node NotReady only after the node monitor’s grace period' : '';
  return `${broken.join(', ')}${unnoticed}`;
}

function nodeFacts(node: Node, cluster: Cluster): ThingFacts {
  return {
    kind: 'Node',
    ref: { kind: 'Node', name: node.name },
    implied: node.implied,
    labels: node.labels,
    facts: present([
      words('Status', `${node.ready ? 'Ready' : 'Not ready'}${node.unschedulable ? ', cordoned: takes no new pods' : ''}`),
      words('Out of order', brokenWords(node, cluster)),
      mono('Address', node.addresses.join('\n')),
      mono('Pod addresses', node.podCidrs.join('\n')),
      words('Pods', String(cluster.pods.filter((pod) => pod.node === node.name).length)),
      words('Taints', node.taints.map(({ key, value, effect }) => `${key}${value === '' ? '' : `=${value}`}: ${effect}`).join(', ')),
    ]),
    command: 'sudo iptables-save -t nat; ip route',
  };
}

const outsiderFacts = (outsider: Outsider): ThingFacts => ({
  kind: outsider.kind === 'client' ? 'Client outside the cluster' : 'Host outside the cluster',
  ref: null,
  implied: outsider.implied,
  labels: {},
  facts: present([
    mono('Address', outsider.addresses.join('\n')),
    outsider.ports === null ? words('Answers on', 'Every port') : mono('Answers on', outsider.ports.map(({ port, protocol }) => `${port}/${protocol}`).join('\n')),
    mono('Names', outsider.dnsNames.join('\n')),
  ]),
  command: '',
});

const policyFacts = (policy: Policy): ThingFacts => ({
  kind: 'NetworkPolicy',
  ref: { kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name },
  implied: false,
  labels: {},
  facts: [mono('Namespace', policy.namespace), words('Judges', [...(policy.ingress === null ? [] : ['what comes in']), ...(policy.egress === null ? [] : ['what goes out'])].join(' and ') || 'nothing')],
  command: `kubectl describe networkpolicy ${policy.name} -n ${policy.namespace}`,
});

/** An Ingress, by any of its paths (`ingress/NS/NAME/INDEX`): all of them, as the controller reads them. */
function ingressFacts({ namespace, name, className, backends, implied }: Ingress): ThingFacts {
  return {
    kind: 'Ingress',
    ref: { kind: 'Ingress', namespace, name },
    implied,
    labels: {},
    facts: present([mono('Class', className ?? ''), mono('Namespace', namespace), ...backends.map(({ host, path, service, port }) => mono(`${host}${path}` || 'Everything else', `${service}:${port}`))]),
    command: `kubectl describe ingress ${name} -n ${namespace}`,
  };
}

/** The facts about a thing by its id; null where the cluster has no such thing. */
export function factsOf(cluster: Cluster, id: string): ThingFacts | null {
  const [kind = '', ...rest] = id.split('/');
  const [namespace, name] = rest.length === 2 ? rest : ['', rest[0]];
  const here = (thing: { readonly namespace: string; readonly name: string }): boolean => thing.namespace === namespace && thing.name === name;
  const pod = kind === 'pod' ? cluster.pods.find(here) : undefined;
  if (pod !== undefined) return podFacts(pod, cluster);
  const service = kind === 'service' ? cluster.services.find(here) : undefined;
  if (service !== undefined) return serviceFacts(service, cluster);
  const node = kind === 'node' ? cluster.nodes.find((one) => one.name === name) : undefined;
  if (node !== undefined) return nodeFacts(node, cluster);
  const policy = findPolicy(cluster, id);
  if (policy !== undefined) return policyFacts(policy);
  const ingress = kind === 'ingress' ? (cluster.ingresses ?? []).find((one) => one.namespace === rest[0] && one.name === rest[1]) : undefined;
  if (ingress !== undefined) return ingressFacts(ingress);
  const outsider = cluster.outsiders.find((one) => one.kind === kind && one.name === name);
  return outsider === undefined ? null : outsiderFacts(outsider);
}
