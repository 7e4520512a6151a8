import { parseIp, type Ip } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { Problem } from '../base/problem.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { nearest } from '../kube/nearest.ts';
import { netnsOfPod, refOfNode, refOfOutsider, refOfPod } from './describe.ts';
import { indexCluster, ownerKey, type ClusterIndex } from './index-cluster.ts';
import { fullName } from './problems.ts';
import { matchesLabels } from './selectors.ts';
import type { Cluster, Node, Outsider, Pod, Workload } from './types.ts';

/** One end of a question that is a machine or a pod. */
export interface Party {
  readonly kind: 'pod' | 'node' | 'client' | 'host' | 'address';
  /** In full, in CLI.md's words: `pod/shop/web-0`, `node/a`, `ip/10.0.0.1`. */
  readonly label: string;
  /** Where its packets start; a hostNetwork pod's is its node's. Null for an address that nobody here has. */
  readonly netns: NetnsId | null;
  readonly ips: readonly Ip[];
  readonly ref: ObjectRef | null;
  readonly pod: Pod | null;
  readonly node: Node | null;
  readonly outsider: Outsider | null;
}

const workloadKinds: Readonly<Record<string, Workload['kind']>> = {
  deployment: 'Deployment', deployments: 'Deployment', deploy: 'Deployment', replicaset: 'ReplicaSet', replicasets: 'ReplicaSet', rs: 'ReplicaSet',
  statefulset: 'StatefulSet', statefulsets: 'StatefulSet', sts: 'StatefulSet', daemonset: 'DaemonSet', daemonsets: 'DaemonSet', ds: 'DaemonSet',
  job: 'Job', jobs: 'Job', cronjob: 'CronJob', cronjobs: 'CronJob', cj: 'CronJob', replicationcontroller: 'ReplicationController', replicationcontrollers: 'ReplicationController', rc: 'ReplicationController',
};
const otherKinds: Readonly<Record<string, 'pod' | 'node' | 'client' | 'host' | 'ip' | 'service'>> = {
  pod: 'pod', pods: 'pod', po: 'pod', node: 'node', nodes: 'node', no: 'node', client: 'client', host: 'host', ip: 'ip', service: 'service', services: 'service', svc: 'service',
};

/** `kind/NS/NAME` or `kind/NAME` taken apart; null where the text is of another form. */
export interface Address { readonly kind: (typeof otherKinds)[string] | Workload['kind']; readonly namespace: string; readonly name: string }

export function parseAddress(text: string): Address | null {
  const [word, ...rest] = text.trim().split('/');
  const lower = (word ?? '').toLowerCase();
  const kind = Object.hasOwn(workloadKinds, lower) ? workloadKinds[lower]! : Object.hasOwn(otherKinds, lower) ? otherKinds[lower]! : null;
  if (kind === null || rest.length === 0 || rest.length > 2 || rest.includes('')) return null;
  return rest.length === 2 ? { kind, namespace: rest[0]!, name: rest[1]! } : { kind, namespace: 'default', name: rest[0]! };
}

/** A problem in a question; it has no place in a file. */
export const questionProblem = (code: string, what: string, fix: string): Problem => ({ code, severity: 'error', what, fix, at: null });

/** The source of a question (CLI.md's `A`). An address that nobody has is a source too: only `--at` can send it. */
export function resolveFrom(cluster: Cluster, text: string): Result<Party, Problem> {
  const index = indexCluster(cluster);
  const bare = parseIp(text.trim());
  if (bare !== null) return ok(partyOfAddress(index, bare));
  const address = parseAddress(text);
  if (address === null) return err(questionProblem('bad-source', `"${text}" names no source`, didYouMean(sourceLike(index, text), 'write pod/NS/NAME, deployment/NS/NAME, node/NAME, client/NAME or ip/ADDRESS')));
  if (address.kind === 'service') return err(questionProblem('bad-source', 'a Service sends nothing by itself', 'ask from one of its pods'));
  return resolveParty(index, address);
}

/** A pod, workload, node, outside machine or address by its CLI address. */
export function resolveParty(index: ClusterIndex, address: Address): Result<Party, Problem> {
  const { kind, namespace, name } = address;
  switch (kind) {
    case 'pod': {
      const pod = index.pods.get(`${namespace}/${name}`);
      return pod ? livingPod(pod) : err(missing('pod', `${namespace}/${name}`, index.pods.keys()));
    }
    case 'node': {
      const node = index.nodes.get(name);
      return node ? ok(partyOfNode(node)) : err(missing('node', name, index.nodes.keys()));
    }
    case 'client':
    case 'host': {
      const outsider = index.outsiders.get(`${kind}/${name}`);
      return outsider ? ok(partyOfOutsider(outsider)) : err(missing(kind, name, [...index.outsiders.values()].filter((other) => other.kind === kind).map((other) => other.name)));
    }
    case 'ip': {
      const ip = parseIp(name);
      return ip === null ? err(questionProblem('bad-address', `"${name}" is no IP address`, 'write ip/ADDRESS')) : ok(partyOfAddress(index, ip));
    }
    case 'service':
      return err(questionProblem('bad-address', `service/${namespace}/${name} is no machine`, 'name a pod, a node or an outside machine'));
    default:
      return podOfWorkload(index, { kind, namespace, name });
  }
}

function missing(kind: string, name: string, known: Iterable<string>): Problem {
  const candidates = [...known];
  const close = nearest(name, candidates) ?? candidates.find((candidate) => candidate.endsWith(`/${name.split('/').at(-1)!}`)) ?? candidates.find((candidate) => candidate.startsWith(name)) ?? null;
  const few = candidates.length > 0 && candidates.length <= 5 ? `there is ${candidates.map((candidate) => `${kind}/${candidate}`).join(', ')}` : '';
  return questionProblem(`no-such-${kind}`, `there is no ${kind}/${name}`, close === null ? few : `did you mean ${kind}/${close}?`);
}

function didYouMean(candidates: readonly string[], otherwise: string): string {
  return candidates.length === 0 ? otherwise : `did you mean ${candidates.join(' or ')}? Otherwise ${otherwise}`;
}

/** Things whose plain name the text is, as addresses. */
function sourceLike(index: ClusterIndex, text: string): readonly string[] {
  const name = text.trim();
  const workloads = [...index.workloads.values()].filter((workload) => workload.name === name).map((workload) => `${workload.kind.toLowerCase()}/${fullName(workload)}`);
  const pods = [...index.pods.values()].filter((pod) => pod.name === name).map((pod) => `pod/${fullName(pod)}`);
  const nodes = index.nodes.has(name) ? [`node/${name}`] : [];
  const outsiders = [...index.outsiders.keys()].filter((key) => key.endsWith(`/${name}`));
  return [...workloads, ...pods, ...nodes, ...outsiders].slice(0, 3);
}

/** A pod as a party, if it has a network: running, or starting with an address already. */
function livingPod(pod: Pod): Result<Party, Problem> {
  if (pod.ips.length > 0) return ok(partyOfPod(pod));
  const state = pod.phase === 'Pending' ? (pod.node === '' ? 'is Pending: no node runs it' : 'is Pending and has no address yet') : `has ${pod.phase === 'Failed' ? 'failed' : 'ended'} and has no network any more`;
  return err(questionProblem('pod-has-no-network', `pod/${fullName(pod)} ${state}`, 'choose a running pod'));
}

/** The first ready pod, or else the first with an address; a Deployment's pods may belong to its ReplicaSets. */
function podOfWorkload(index: ClusterIndex, { kind, namespace, name }: { readonly kind: Workload['kind']; readonly namespace: string; readonly name: string }): Result<Party, Problem> {
  const workload = index.workloads.get(ownerKey({ kind, namespace, name }));
  if (workload === undefined) {
    const known = [...index.workloads.values()].filter((other) => other.kind === kind).map(fullName);
    return err(missing(kind.toLowerCase(), `${namespace}/${name}`, known));
  }
  const pods = podsOfWorkload(index, workload);
  const chosen = pods.find((pod) => pod.ready && !pod.terminating && pod.ips.length > 0) ?? pods.find((pod) => pod.ips.length > 0);
  return chosen ? ok(partyOfPod(chosen)) : err(questionProblem('no-running-pod', `${kind.toLowerCase()}/${namespace}/${name} has no pod with a network`, pods.length === 0 ? 'it has no pods at all' : 'its pods are Pending or have ended'));
}

/** The pods of a workload, by name; a Deployment's through its ReplicaSets `NAME-<hash>`. */
export function podsOfWorkload(index: ClusterIndex, workload: Workload): readonly Pod[] {
  const own = index.podsByOwner.get(ownerKey(workload)) ?? [];
  // pods that Podhop made, or that the Deployment adopted, name it themselves
  if (workload.kind !== 'Deployment' || own.length > 0) return own;
  const prefix = `${workload.name}-`;
  const through = [...index.podsByOwner].filter(([key]) => {
    const [kind, namespace, name] = key.split('/');
    return kind === 'ReplicaSet' && namespace === workload.namespace && name!.startsWith(prefix) && !name!.slice(prefix.length).includes('-');
  });
  return through.flatMap(([, pods]) => pods.filter((pod) => matchesLabels(workload.podLabels, pod.labels)));
}

export const partyOfPod = (pod: Pod): Party => ({
  kind: 'pod', label: `pod/${fullName(pod)}`, netns: netnsOfPod(pod), ips: pod.ips, ref: refOfPod(pod), pod, node: null, outsider: null,
});
export const partyOfNode = (node: Node): Party => ({
  kind: 'node', label: `node/${node.name}`, netns: `node/${node.name}`, ips: node.addresses, ref: refOfNode(node), pod: null, node, outsider: null,
});
export const partyOfOutsider = (outsider: Outsider): Party => ({
  kind: outsider.kind, label: `${outsider.kind}/${outsider.name}`, netns: `${outsider.kind}/${outsider.name}`, ips: outsider.addresses,
  ref: refOfOutsider(outsider), pod: null, node: null, outsider,
});

/** Whoever has the address, known by that address alone. */
export function partyOfAddress(index: ClusterIndex, ip: Ip): Party {
  const [pod, node, outsider] = [index.podByIp.get(ip), index.nodeByIp.get(ip), index.outsiderByIp.get(ip)];
  const owner = pod ? partyOfPod(pod) : node ? partyOfNode(node) : outsider ? partyOfOutsider(outsider) : null;
  return { kind: 'address', label: `ip/${ip}`, netns: owner?.netns ?? null, ips: [ip], ref: owner?.ref ?? null, pod: pod ?? null, node: node ?? null, outsider: outsider ?? null };
}
