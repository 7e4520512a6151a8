import type { Cluster, Labels, Outsider, Pod, Service } from '../../shared/model/types.ts';
import { labelOf } from '../scene/labels.ts';
import { troubleOf, troubleWords } from '../scene/troubles.ts';
import { inSentence, podId, podStatus } from '../scene/words-of-things.ts';
import type { IconName } from '../theme/icon-paths.ts';

export type PlaceKind = 'pod' | 'node' | 'service' | 'client' | 'host' | 'policy';

/** Anything of the cluster that can be chosen or selected, with the words that lists show for it. */
export interface Place {
  /** `pod/NS/NAME` and so on, as CLI.md writes it. */
  readonly id: string;
  readonly kind: PlaceKind;
  readonly icon: IconName;
  readonly name: string;
  /** '' for what has none. */
  readonly namespace: string;
  /** Where it stands in the outline: `node/a`, `services`, `outside`. */
  readonly parent: string;
  readonly labels: Labels;
  /** First address, '' while it has none. */
  readonly address: string;
  /** '' when all is well, else a few words: `Not ready`. */
  readonly trouble: string;
}

/** All that is out of order, in one line; '' when all is well. */
const listed = (words: readonly string[]): string => words.map((word, i) => (i === 0 ? word : inSentence(word))).join(', ');

function podTrouble(pod: Pod, cluster: Cluster): string {
  const status = podStatus(pod);
  return listed([...(status === 'Ready' ? [] : [status]), ...troubleWords(troubleOf(cluster, podId(pod)))]);
}

const isDns = (pod: Pod): boolean => pod.labels['k8s-app'] === 'kube-dns';

const podPlace = (pod: Pod, cluster: Cluster): Place => ({
  id: podId(pod),
  kind: 'pod',
  icon: isDns(pod) ? 'dns' : 'pod',
  name: pod.name,
  labels: pod.labels,
  namespace: pod.namespace,
  parent: pod.node === '' ? 'unscheduled' : `node/${pod.node}`,
  address: pod.ips[0] ?? '',
  trouble: podTrouble(pod, cluster),
});

const servicePlace = (service: Service): Place => ({
  id: `service/${service.namespace}/${service.name}`,
  kind: 'service',
  icon: 'service',
  name: service.name,
  labels: service.labels,
  namespace: service.namespace,
  parent: 'services',
  address: service.clusterIps[0] ?? (service.headless ? 'headless' : service.externalName),
  trouble: '',
});

const outsiderPlace = (outsider: Outsider, cluster: Cluster): Place => ({
  id: `${outsider.kind}/${outsider.name}`,
  kind: outsider.kind,
  icon: outsider.kind === 'client' ? 'client' : 'internet',
  name: labelOf(`${outsider.kind}/${outsider.name}`),
  labels: {},
  namespace: '',
  parent: 'outside',
  address: outsider.addresses[0] ?? '',
  trouble: listed(troubleWords(troubleOf(cluster, `${outsider.kind}/${outsider.name}`))),
});

/** The person's own things first; the cluster's own after them. */
const systemLast = <T extends { readonly namespace: string }>(things: readonly T[]): readonly T[] =>
  [...things.filter(({ namespace }) => namespace !== 'kube-system'), ...things.filter(({ namespace }) => namespace === 'kube-system')];

const remembered = new WeakMap<Cluster, readonly Place[]>();

/** Every place of the cluster: nodes, pods, Services, then what is outside; each group in the cluster's own order. */
export function listPlaces(cluster: Cluster): readonly Place[] {
  const known = remembered.get(cluster);
  if (known !== undefined) return known;
  const nodes = cluster.nodes.map((node): Place => ({
    id: `node/${node.name}`,
    kind: 'node',
    icon: 'node',
    name: node.name,
    labels: node.labels,
    namespace: '',
    parent: 'nodes',
    address: node.addresses[0] ?? '',
    trouble: listed(troubleWords(troubleOf(cluster, `node/${node.name}`))),
  }));
  const places = [...nodes, ...systemLast(cluster.pods).map((pod) => podPlace(pod, cluster)), ...systemLast(cluster.services).map(servicePlace), ...cluster.outsiders.map((outsider) => outsiderPlace(outsider, cluster))];
  remembered.set(cluster, places);
  return places;
}

const byId = new WeakMap<Cluster, ReadonlyMap<string, Place>>();

const namespaced = /^(pod|service|deployment|replicaset|statefulset|daemonset|job|cronjob|replicationcontroller)\/[^/]+$/;

/** The id with its namespace written out: `pod/web` means `pod/default/web` (CLI.md). */
export const fullId = (id: string): string => (namespaced.test(id) ? id.replace('/', '/default/') : id);

/** The place with this id, if the cluster has it. */
export function findPlace(cluster: Cluster | null, id: string): Place | null {
  if (cluster === null) return null;
  let map = byId.get(cluster);
  if (map === undefined) {
    map = new Map(listPlaces(cluster).map((place) => [place.id, place]));
    byId.set(cluster, map);
  }
  return map.get(id) ?? null;
}

const kinds = /^(router|switch|lb|world|pod|service|node|client|host|deployment|replicaset|statefulset|daemonset|job|cronjob|replicationcontroller|ip)\//;

// NAME-TEMPLATEHASH-SUFFIX in the alphabet of k8s.io/apimachinery/pkg/util/rand
const generated = /^(.+-)([bcdfghjklmnpqrstvwxz2456789]{5,10}-)([bcdfghjklmnpqrstvwxz2456789]{5})$/;

/** A generated pod name in its parts, `frontend-`, `5b785d7f46-`, `79vj9`; null for any other name. */
export function splitGenerated(name: string): readonly [string, string, string] | null {
  const match = generated.exec(name);
  return match === null ? null : [match[1]!, match[2]!, match[3]!];
}

/** A generated pod name without its template hash, and seen to be without it: `frontend-…79vj9`. Other names as they are. */
export const shortenGenerated = (name: string): string => name.replace(generated, '$1…$3');

/** The shortest word a person would use for an id: `web-1` for `pod/shop/web-1`, `Node a`; a name or an address as it was typed. */
export const shortName = (id: string): string => (kinds.test(id) ? shortenGenerated(labelOf(id)) : id);

/** Who can be asked as a source: what has a network of its own. A Service has none. */
export const sourcesOf = (cluster: Cluster): readonly Place[] => listPlaces(cluster).filter((place) => place.kind !== 'service' && place.parent !== 'unscheduled');

const destinationRank: Readonly<Record<PlaceKind, number>> = { service: 0, pod: 1, host: 2, client: 3, node: 4, policy: 5 };

/** Who can be asked for, Services first. */
export const destinationsOf = (cluster: Cluster): readonly Place[] =>
  listPlaces(cluster)
    .filter((place) => place.parent !== 'unscheduled')
    .toSorted((a, b) => destinationRank[a.kind] - destinationRank[b.kind]);

/** One word of a search: `kind:pod`, `app=web`, `app!=web`, a label's key before `=`, or a part of the name, namespace, kind or address. */
function answersTo(place: Place, word: string): boolean {
  if (word.startsWith('kind:')) return place.kind.startsWith(word.slice('kind:'.length));
  const selector = /^([^=!]+)(!?)==?(.*)$/.exec(word);
  if (selector === null) return `${place.id} ${place.address}`.toLowerCase().includes(word);
  const [, key = '', not = '', value = ''] = selector;
  const own = Object.entries(place.labels).find(([one]) => one.toLowerCase() === key)?.[1]?.toLowerCase();
  return not === '!' ? own !== value : own !== undefined && own.startsWith(value);
}

/** Whether a place answers to every word that was typed. */
export const matchesPlace = (place: Place, typed: string): boolean => typed.toLowerCase().split(/\s+/).filter((word) => word !== '').every((word) => answersTo(place, word));
