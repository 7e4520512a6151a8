import { dig, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import type { PodDraft } from './pod-drafts.ts';
import { matchesSelector, selectorOf } from './selectors.ts';
import type { Labels, LabelSelector, Node } from './types.ts';

/** One required pod (anti-)affinity term. */
interface Term {
  readonly selector: LabelSelector | null;
  readonly topologyKey: string;
  readonly inNamespace: (name: string) => boolean;
}

export interface PodAffinity { readonly affinity: readonly Term[]; readonly antiAffinity: readonly Term[] }
const none: PodAffinity = { affinity: [], antiAffinity: [] };

/** Required pod affinity and anti-affinity of a pod; without `namespaces` or `namespaceSelector` its own namespace is meant (scheduler `interpodaffinity`). */
export function podAffinityOf(draft: PodDraft, namespaces: ReadonlyMap<string, Labels>): PodAffinity {
  if (draft.spec['affinity'] === undefined) return none;
  const terms = (kind: string): readonly Term[] => recordsOf(dig(draft.spec, 'affinity', kind, 'requiredDuringSchedulingIgnoredDuringExecution')).map((item) => termOf(item, draft, namespaces));
  return { affinity: terms('podAffinity'), antiAffinity: terms('podAntiAffinity') };
}

function termOf(item: Fields, draft: PodDraft, namespaces: ReadonlyMap<string, Labels>): Term {
  const listed = textsOf(item['namespaces']);
  const selected = selectorOf(item['namespaceSelector']);
  const inNamespace = (name: string): boolean =>
    listed.includes(name) || (selected === null ? listed.length === 0 && name === draft.namespace : matchesSelector(selected, namespaces.get(name) ?? {}));
  return { selector: selectorOf(item['labelSelector']), topologyKey: textOf(item['topologyKey']), inNamespace };
}

/** Whether the term speaks of this pod; a term without a labelSelector matches no pod. */
export const termMatches = (term: Term, pod: PodDraft): boolean => term.selector !== null && term.inNamespace(pod.namespace) && matchesSelector(term.selector, pod.labels);

/** A pod that already has a node. */
export interface Placed { readonly draft: PodDraft; readonly node: Node; readonly affinity: PodAffinity }

/** Why the pod cannot stand on the node because of pods that do, or null. Both sides' anti-affinity counts. */
export function podAffinityConflict(draft: PodDraft, own: PodAffinity, node: Node, placed: readonly Placed[], withAntiAffinity: readonly Placed[]): string | null {
  const together = (key: string, other: Node): boolean => Object.hasOwn(node.labels, key) && node.labels[key] === other.labels[key];
  for (const term of own.antiAffinity) {
    const other = placed.find((candidate) => together(term.topologyKey, candidate.node) && termMatches(term, candidate.draft));
    if (other) return `anti-affinity with pod ${other.draft.name}`;
  }
  for (const other of withAntiAffinity) {
    if (other.affinity.antiAffinity.some((term) => together(term.topologyKey, other.node) && termMatches(term, draft))) return `anti-affinity of pod ${other.draft.name}`;
  }
  for (const term of own.affinity) {
    if (placed.some((candidate) => together(term.topologyKey, candidate.node) && termMatches(term, candidate.draft))) continue;
    // the first of a group of pods that attract each other may go anywhere
    const first = termMatches(term, draft) && !placed.some((candidate) => termMatches(term, candidate.draft));
    if (!first || !Object.hasOwn(node.labels, term.topologyKey)) return 'no pod there that its affinity asks for';
  }
  return null;
}
