import type { Json } from '../../base/json.ts';
import type { KubeObject } from '../../kube/types.ts';
import { dig, fieldsOf, hasFields, listOf, textOf, type Fields } from '../json-fields.ts';
import { byFullName } from '../problems.ts';
import type { Fault, Outsider } from '../types.ts';
import { changes, nodeOf, refuse, remove, set, setOrRemove, type EditContext, type Planned } from './context.ts';
import { faultTitle, sandboxTitle } from './setting-words.ts';
import type { ClusterEdit, TextChange } from './types.ts';

type Of<K extends ClusterEdit['kind']> = Extract<ClusterEdit, { kind: K }>;

/** The settings document that counts: of several, the first by name. */
const only = (context: EditContext, kind: string): KubeObject | null => context.objects.filter((object) => object.kind === kind).toSorted(byFullName)[0] ?? null;

/** Fields under the Sandbox document's spec; the document is written where there is none. */
export function changeSandbox(context: EditContext, fields: Readonly<Record<string, Json>>): readonly TextChange[] {
  const sandbox = only(context, 'Sandbox');
  if (sandbox) {
    if (!hasFields(sandbox.value['spec'])) return set(sandbox, ['spec'], Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)));
    return Object.entries(fields).flatMap(([key, value]) => setOrRemove(sandbox, ['spec', key], value));
  }
  const spec = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  if (Object.keys(spec).length === 0) return [];
  return [{ kind: 'add', object: { apiVersion: 'podhop.dev/v1alpha1', kind: 'Sandbox', metadata: { name: 'lab' }, spec }, file: 'sandbox.yaml' }];
}

/** Settings that Kubernetes has no document for. */
export const setSandbox = (context: EditContext, edit: Of<'set-sandbox'>): Planned => changes(sandboxTitle(edit.set), changeSandbox(context, edit.set as Readonly<Record<string, Json>>));

/** How pods of different nodes reach each other. */
export const setPodNetwork = (context: EditContext, edit: Of<'set-pod-network'>): Planned =>
  context.cluster.settings.podNetwork === edit.podNetwork ? refuse('nothing-to-do', `the pod network is ${edit.podNetwork} already`) : changes(sandboxTitle({ podNetwork: edit.podNetwork }), changeSandbox(context, { podNetwork: edit.podNetwork }));

/** kube-proxy's mode, in its own configuration. */
export function setProxyMode(context: EditContext, edit: Of<'set-proxy-mode'>): Planned {
  if (context.cluster.settings.proxyMode === edit.mode) return refuse('nothing-to-do', `kube-proxy runs in mode ${edit.mode} already`);
  const proxy = only(context, 'KubeProxyConfiguration');
  // Without any document the lab detects local traffic by cluster CIDR, as kubeadm would set it; a document without the field would detect nothing.
  const clusterCIDR = context.cluster.settings.podSubnets.join(',');
  const made = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode: edit.mode, clusterCIDR };
  return changes(`Run kube-proxy in mode ${edit.mode}`, proxy ? set(proxy, ['mode'], edit.mode) : [{ kind: 'add', object: made, file: 'kube-proxy.yaml' }]);
}

const machine = (name: string): string => (name.includes('/') ? name : `node/${name}`);
const isSame = (a: Json, b: Fault): boolean => {
  if (!hasFields(a) || textOf(a['kind']) !== b.kind) return false;
  if (b.kind === 'link-cut') {
    const ends = [machine(textOf(a['a'])), machine(textOf(a['b']))].toSorted();
    return JSON.stringify(ends) === JSON.stringify([machine(b.a), machine(b.b)].toSorted());
  }
  const wanted = b as unknown as Fields;
  return Object.keys(wanted).every((key) => (key === 'node' || key === 'on' ? machine(textOf(a[key])) === machine(textOf(wanted[key])) : a[key] === wanted[key]));
};

/** Puts a fault into the Sandbox document, or takes it out. */
export function changeFault(context: EditContext, fault: Fault, on: boolean): Planned {
  const title = faultTitle(fault, on, context.cluster);
  const sandbox = only(context, 'Sandbox');
  const faults = listOf(dig(sandbox?.value, 'spec', 'faults'));
  const index = faults.findIndex((one) => isSame(one, fault));
  if ((index >= 0) === on) return refuse('nothing-to-do', `${title}: it is so already`);
  const value: Json = { ...fault };
  if (!on) return changes(title, remove(sandbox!, faults.length === 1 ? ['spec', 'faults'] : ['spec', 'faults', index]));
  return changes(title, faults.length > 0 ? set(sandbox!, ['spec', 'faults', faults.length], value) : changeSandbox(context, { faults: [value] }));
}

/** Cables, routes, nodes and kube-proxies that stop working, or work again. */
export function faultEdit(context: EditContext, edit: Of<'cut-link' | 'restore-link' | 'cut-route' | 'restore-route' | 'stop-node' | 'start-node' | 'stop-kube-proxy' | 'start-kube-proxy'>): Planned {
  switch (edit.kind) {
    case 'cut-link':
    case 'restore-link': return changeFault(context, { kind: 'link-cut', a: edit.a, b: edit.b }, edit.kind === 'cut-link');
    case 'cut-route':
    case 'restore-route': return changeFault(context, { kind: 'route-cut', on: edit.on, dst: edit.dst }, edit.kind === 'cut-route');
    default: {
      const node = nodeOf(context, edit.node);
      const proxy = edit.kind === 'stop-kube-proxy' || edit.kind === 'start-kube-proxy';
      return node.ok ? changeFault(context, { kind: proxy ? 'stale-kube-proxy' : 'node-stopped', node: edit.node }, edit.kind === 'stop-node' || edit.kind === 'stop-kube-proxy') : node;
    }
  }
}

/** An outside machine as the Sandbox document writes it. */
export const outsiderEntry = (outsider: Pick<Outsider, 'name' | 'addresses'>): Json => (outsider.addresses.length === 1 ? { name: outsider.name, address: outsider.addresses[0]! } : { name: outsider.name, addresses: [...outsider.addresses] });

/** Takes an outside machine out of the Sandbox document; a made-up one by an empty list. */
export function deleteOutsider(context: EditContext, kind: 'client' | 'host', name: string): Planned {
  const outsider = context.cluster.outsiders.find((one) => one.kind === kind && one.name === name);
  if (!outsider) return refuse('no-such-object', `there is no ${kind} ${name}`);
  const title = `Delete ${kind} ${name}`;
  const key = `${kind}s`;
  const sandbox = only(context, 'Sandbox');
  const entries = dig(sandbox?.value, 'spec', key);
  const others = context.cluster.outsiders.some((one) => one.kind === kind && one.name !== name);
  if (outsider.implied) return others ? refuse('implied-object', `${kind} ${name} is always there while others are`, `give another ${kind} its name or address`) : changes(title, changeSandbox(context, { [key]: [] }));
  if (hasFields(entries)) return changes(title, remove(sandbox!, ['spec', key, name]));
  const index = listOf(entries).findIndex((entry) => textOf(fieldsOf(entry)['name']) === name);
  return changes(title, remove(sandbox!, ['spec', key, index]));
}
