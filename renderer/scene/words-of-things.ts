import type { Cluster, LabelSelector, Labels, Node, Pod } from '../../shared/model/types.ts';
import { isUp, troubleOf, troubleWords } from './troubles.ts';

/** A word of the map inside a sentence: abbreviations keep their capitals. */
export const inSentence = (word: string): string => (/^[A-Z][a-z]/.test(word) ? `${word[0]!.toLowerCase()}${word.slice(1)}` : word);

/** Whether labels satisfy a selector; an empty one takes everything (apimachinery labels.Selector). */
function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return (value !== undefined && values.includes(value)) === (operator === 'In');
  });
}

/** Pods (`pod/NS/NAME`) that at least one NetworkPolicy selects: they wear a shield. */
export function shieldedPods({ policies, pods }: Cluster): ReadonlySet<string> {
  if (policies.length === 0) return new Set();
  return new Set(pods.filter((pod) => policies.some((p) => p.namespace === pod.namespace && selects(p.podSelector, pod.labels))).map(podId));
}

const ids = new WeakMap<Pod, string>();

/** `pod/NS/NAME`; the same string for the same pod, since a crowd is asked for its ids many times in one layout. */
export function podId(pod: Pod): string {
  const known = ids.get(pod);
  if (known !== undefined) return known;
  const id = `pod/${pod.namespace}/${pod.name}`;
  ids.set(pod, id);
  return id;
}
/** What a pod's workload is called; a pod that nobody made is its own. */
export const ownerOf = (pod: Pod): string => pod.owner?.name ?? pod.name;
export const isResolver = (pod: Pod): boolean => pod.labels['k8s-app'] === 'kube-dns';

/** One or two words for what a pod is doing. */
export function podStatus(pod: Pod): string {
  if (pod.node === '') return 'Not scheduled';
  if (pod.phase === 'Succeeded') return 'Completed';
  if (pod.phase === 'Failed') return 'Failed';
  if (pod.terminating) return 'Terminating';
  if (pod.crashed === true) return 'Crash loop';
  return pod.ready ? 'Ready' : 'Not ready';
}

/** A pod's name as its workload's and the part that was appended: `web` and `-5d7f9c-x2k4q`. A name that stands for itself has no suffix. */
export function splitPodName(pod: Pod): readonly [string, string] {
  const owner = pod.owner?.name ?? '';
  // a Deployment's pods carry two generated parts, `-0` of a StatefulSet is part of how people call it
  const generated = /^(.+?)((?:-[a-z0-9]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5})$/.exec(pod.name);
  if (generated !== null && owner !== '' && pod.name.startsWith(owner)) return [generated[1] ?? pod.name, generated[2] ?? ''];
  return [pod.name, ''];
}

/** What a screen reader says of a pod: "Pod api-1, node a, ready, 10.244.1.12"; with what is out of order with it: "ready, cable cut". */
export const podLabel = (pod: Pod, cluster: Cluster): string => ['Pod ' + pod.name, pod.node === '' ? '' : `node ${pod.node}`, ...[podStatus(pod), ...troubleWords(troubleOf(cluster, podId(pod)))].map(inSentence), pod.ips[0] ?? 'no address'].filter((part) => part !== '').join(', ');

/** What a screen reader says of a node: "Node b, stopped, 192.168.56.12, 3 pods". */
export function nodeLabel(node: Node, cluster: Cluster, pods: number, folded: boolean): string {
  const trouble = troubleWords(troubleOf(cluster, `node/${node.name}`));
  return [`Node ${node.name}`, ...(isUp(cluster, node) ? ['ready'] : []), ...trouble.map(inSentence), node.addresses[0] ?? '', `${pods} pods`, folded ? 'folded' : ''].filter((part) => part !== '').join(', ');
}
