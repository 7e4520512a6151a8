import type { Alternative, Named, PolicyParty } from '../../../shared/model/edit/types.ts';
import type { Cluster, Pod, Service } from '../../../shared/model/types.ts';
import { labelOf } from '../../scene/labels.ts';

/** What a gesture that has begun will do: place a pod, join a Service and a pod, or say who may reach whom. */
export type GestureKind = 'move' | 'connect' | 'wire';
export interface Gesture { readonly kind: GestureKind; /** The thing it began at, `pod/NS/NAME` and so on. */ readonly from: string; readonly how: 'drag' | 'choose' }

/** Something that can be done, in words and as an edit. */
export type Choice = Alternative;

export const namedOf = (id: string): Named => {
  const [, namespace = '', name = ''] = id.split('/');
  return { namespace, name };
};
const kindOf = (id: string): string => id.split('/')[0] ?? '';
export const findPod = ({ pods }: Cluster, id: string): Pod | undefined => pods.find((p) => `pod/${p.namespace}/${p.name}` === id);
export const findService = ({ services }: Cluster, id: string): Service | undefined => services.find((s) => `service/${s.namespace}/${s.name}` === id);

/** Whether a Service's selector chooses the pod (EndpointSlice controller: all of its labels, in its namespace; no selector chooses nothing). */
export function chooses(service: Service, pod: Pod): boolean {
  const wanted = Object.entries(service.selector ?? {});
  return wanted.length > 0 && service.namespace === pod.namespace && wanted.every(([key, value]) => pod.labels[key] === value);
}

/** Which gesture a drag from this thing is: pods move, Services join, what is outside asks who may reach whom. */
export function dragKind(id: string): GestureKind | null {
  const kind = kindOf(id);
  if (kind === 'pod') return 'move';
  if (kind === 'service') return 'connect';
  return kind === 'client' || kind === 'host' ? 'wire' : null;
}

function takes({ kind, from }: Gesture, id: string, cluster: Cluster): boolean {
  const [source, target] = [kindOf(from), kindOf(id)];
  if (id === from) return false;
  if (kind === 'wire') return (target === 'pod' || (source === 'pod' && (target === 'client' || target === 'host')));
  const pod = findPod(cluster, source === 'pod' ? from : id);
  if (pod === undefined) return false;
  if (target === 'node') return kind === 'move' && pod.node !== id.slice('node/'.length) && !pod.hostNetwork;
  const service = findService(cluster, target === 'service' ? id : from);
  return (target === 'service' || (source === 'service' && target === 'pod')) && service !== undefined && service.namespace === pod.namespace && service.type !== 'ExternalName';
}

/** Whether letting go here would do something. A dragged pod may also be let go on a Service. */
export const isTarget = (gesture: Gesture, id: string, cluster: Cluster): boolean => takes(gesture, id, cluster);

function partyOf(id: string, { outsiders }: Cluster): PolicyParty | null {
  if (kindOf(id) === 'pod') return { ref: { kind: 'Pod', ...namedOf(id) } };
  const address = outsiders.find((o) => `${o.kind}/${o.name}` === id)?.addresses[0];
  return address === undefined ? null : { cidr: `${address}/${address.includes(':') ? 128 : 32}` };
}

function wireChoices(from: string, to: string, cluster: Cluster): readonly Choice[] {
  const [source, target] = [partyOf(from, cluster), partyOf(to, cluster)];
  if (source === null || target === null) return [];
  const [a, b] = [labelOf(from), labelOf(to)];
  const expose: readonly Choice[] = kindOf(to) === 'pod' ? [{ title: `Put a Service in front of ${b}`, edit: { kind: 'expose', target: { kind: 'Pod', ...namedOf(to) } } }] : [];
  return [
    { title: `Let ${a} reach ${b}`, edit: { kind: 'allow', from: source, to: target } },
    { title: `Keep ${a} away from ${b}`, edit: { kind: 'deny', from: source, to: target } },
    ...expose,
  ];
}

function connectChoice(service: Service, pod: Pod): Choice {
  const edit = { service: { namespace: service.namespace, name: service.name }, pod: { namespace: pod.namespace, name: pod.name } };
  return chooses(service, pod)
    ? { title: `Take ${pod.name} away from Service ${service.name}`, edit: { kind: 'disconnect-service', ...edit } }
    : { title: `Connect Service ${service.name} to ${pod.name}`, edit: { kind: 'connect-service', ...edit } };
}

/** What can be done by letting go at a target, the likeliest first; empty where nothing can. */
export function choicesAt(gesture: Gesture, id: string, cluster: Cluster): readonly Choice[] {
  if (!isTarget(gesture, id, cluster)) return [];
  if (gesture.kind === 'wire') return wireChoices(gesture.from, id, cluster);
  if (kindOf(id) === 'node') return [{ title: `Move ${labelOf(gesture.from)} to node ${id.slice('node/'.length)}`, edit: { kind: 'move-pod', pod: namedOf(gesture.from), node: id.slice('node/'.length) } }];
  const service = findService(cluster, kindOf(id) === 'service' ? id : gesture.from);
  const pod = findPod(cluster, kindOf(id) === 'pod' ? id : gesture.from);
  return service === undefined || pod === undefined ? [] : [connectChoice(service, pod)];
}

/** What a person who chooses by clicks or keys is asked for. */
export function promptOf({ kind, from }: Gesture): string {
  const name = labelOf(from);
  if (kind === 'move') return `Choose a node for ${name}`;
  if (kind === 'connect') return from.startsWith('service/') ? `Choose a pod for Service ${name}` : `Choose a Service for ${name}`;
  return `Choose what ${name} may or may not reach`;
}

