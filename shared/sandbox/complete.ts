import type { Completion, Completions } from '../api/authoring-contract.ts';
import { placeAt, type Place } from '../kube/complete.ts';
import { readKinds, ruleOf } from '../kube/kinds/index.ts';
import { fieldsOf } from '../kube/shapes/index.ts';
import type { FieldType } from '../kube/shapes/shape.ts';
import type { Cluster } from '../model/types.ts';

const words: Readonly<Record<Exclude<FieldType['kind'], 'list' | 'map' | 'struct'>, string>> = {
  string: 'text', boolean: 'true or false', int32: 'number', int64: 'number', 'int-or-string': 'number or name', quantity: 'quantity', time: 'time', bytes: 'base64', any: '',
};
const wordOf = (type: FieldType): string => (type.kind === 'list' ? 'list' : type.kind === 'map' ? 'map' : type.kind === 'struct' ? '' : words[type.kind]);

/** Field → the values that the API server takes there (k8s.io/api v0.37 types.go; podhop.dev: CLI.md). */
const values: Readonly<Record<string, readonly string[]>> = {
  protocol: ['TCP', 'UDP', 'SCTP'],
  'ServiceSpec.type': ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  'ServiceSpec.externalTrafficPolicy': ['Cluster', 'Local'],
  'ServiceSpec.internalTrafficPolicy': ['Cluster', 'Local'],
  'ServiceSpec.sessionAffinity': ['None', 'ClientIP'],
  'ServiceSpec.clusterIP': ['None'],
  'ServiceSpec.ipFamilyPolicy': ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  'ServiceSpec.trafficDistribution': ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
  pathType: ['Prefix', 'Exact', 'ImplementationSpecific'],
  operator: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  addressType: ['IPv4', 'IPv6', 'FQDN'],
  'PodSpec.dnsPolicy': ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  'PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'SandboxSpec.podNetwork': ['bridge', 'vxlan', 'routed'],
  'SandboxSpec.loadBalancer': ['none', 'cloud', 'metallb'],
  'SandboxSpec.ingressController': ['lab', 'none'],
  'KubeProxyConfiguration.mode': ['iptables', 'nftables', 'ipvs', 'userspace', 'kernelspace'],
};

const option = (label: string, detail = ''): Completion => ({ label, detail });

/** A field's name and the colon, and where a map or a list follows, the next line with its indent. */
function fieldOption(name: string, type: FieldType, indent: number): Completion {
  const nested = `\n${' '.repeat(indent + 2)}`;
  const insert = type.kind === 'list' ? `${name}:${nested}- ` : type.kind === 'map' || type.kind === 'struct' ? `${name}:${nested}` : `${name}: `;
  return { label: name, detail: wordOf(type), insert };
}

/** Names of the cluster that a field may hold. */
function namesFor(cluster: Cluster, { struct, field }: { readonly struct: string; readonly field: string }): readonly Completion[] {
  if (field === 'nodeName') return cluster.nodes.map(({ name }) => option(name, 'Node'));
  if (field === 'namespace') return cluster.namespaces.map(({ name }) => option(name, 'Namespace'));
  if (struct === 'IngressServiceBackend' && field === 'name') return cluster.services.filter(({ implied }) => !implied).map(({ name }) => option(name, 'Service'));
  return field === 'serviceName' ? cluster.services.filter(({ implied }) => !implied).map(({ name }) => option(name, 'Service')) : [];
}

function valueOptions(cluster: Cluster | null, place: Extract<Place, { ask: 'value' }>, kind: string | undefined): readonly Completion[] {
  const { struct, field, type } = place;
  if (field === 'kind' && fieldsOf(struct).has('apiVersion')) return readKinds.map((rule) => option(rule.kind, rule.apiVersions[0] ?? ''));
  if (field === 'apiVersion') return [...new Set((kind === undefined ? readKinds : readKinds.filter((rule) => rule.kind === kind)).flatMap((rule) => rule.apiVersions))].map((one) => option(one));
  if (type.kind === 'boolean') return ['true', 'false'].map((one) => option(one));
  const known = values[`${struct}.${field}`] ?? values[field];
  return known === undefined ? (cluster === null ? [] : namesFor(cluster, place)) : known.map((one) => option(one));
}

/** What may stand at a place of a text, by the kinds' schemas and the cluster's names. */
export function complete(cluster: Cluster | null, { text, line, col }: { readonly text: string; readonly line: number; readonly col: number }): Completions {
  const place = placeAt(text, line, col);
  if (place === null) return { from: col, options: [] };
  if (place.ask === 'value') {
    const kind = place.kind === undefined || ruleOf(place.kind) === undefined ? undefined : place.kind;
    return { from: place.from, options: valueOptions(cluster, place, kind) };
  }
  const fields = [...fieldsOf(place.struct)].filter(([name]) => name !== '...' && name !== 'status' && !place.present.has(name));
  return { from: place.from, options: fields.map(([name, type]) => fieldOption(name, type, place.from - 1)) };
}
