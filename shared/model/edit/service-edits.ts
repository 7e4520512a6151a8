import type { Json } from '../../base/json.ts';
import type { FieldPath, KubeObject } from '../../kube/types.ts';
import { dig, fieldsOf, recordsOf, textOf } from '../json-fields.ts';
import { changes, missing, named, objectOf, refuse, remove, serviceOf, set, setOrRemove, type EditContext, type Planned } from './context.ts';
import { serviceTitle } from './service-words.ts';
import type { ClusterEdit, PortEdit, TextChange } from './types.ts';

const spec = (...path: FieldPath): FieldPath => ['spec', ...path];

/** What a port may not say for this type (core/v1: a nodePort needs NodePort or LoadBalancer). */
function portJson(port: PortEdit, type: string): { readonly [key: string]: Json } {
  const external = type === 'NodePort' || type === 'LoadBalancer';
  return {
    ...(port.name === undefined || port.name === '' ? {} : { name: port.name }), ...(port.protocol === undefined ? {} : { protocol: port.protocol }), port: port.port,
    ...(port.targetPort === undefined ? {} : { targetPort: port.targetPort }), ...(external && port.nodePort !== undefined && port.nodePort > 0 ? { nodePort: port.nodePort } : {}),
  };
}

/** Ports one by one, so that what stands beside them stays. */
function portChanges(object: KubeObject, ports: readonly PortEdit[], type: string): readonly TextChange[] {
  const old = recordsOf(dig(object.value, 'spec', 'ports'));
  if (old.length === 0 || ports.length === 0) return set(object, spec('ports'), ports.map((port) => portJson(port, type)));
  const known = ['name', 'protocol', 'port', 'targetPort', 'nodePort'];
  const changed = ports.flatMap((port, i): readonly TextChange[] => {
    const wanted = portJson(port, type);
    if (i >= old.length) return set(object, spec('ports', i), wanted);
    return known.flatMap((field) => (wanted[field] === undefined ? remove(object, spec('ports', i, field)) : set(object, spec('ports', i, field), wanted[field])));
  });
  const surplus = old.slice(ports.length).flatMap((_, i) => remove(object, spec('ports', old.length - 1 - i)));
  return [...changed, ...surplus];
}

/** What the API server clears when a Service changes its type (registry/core/service `dropTypeDependentFields`). */
function typeChanges(object: KubeObject, type: string, ports: readonly PortEdit[] | undefined): readonly TextChange[] {
  const external = type === 'NodePort' || type === 'LoadBalancer';
  const kept = recordsOf(dig(object.value, 'spec', 'ports')).length;
  return [
    ...set(object, spec('type'), type),
    ...(external || ports !== undefined ? [] : Array.from({ length: kept }, (_, i) => remove(object, spec('ports', i, 'nodePort'))).flat()),
    ...(external ? [] : remove(object, spec('externalTrafficPolicy'))),
    ...(type === 'LoadBalancer' ? [] : [...remove(object, spec('healthCheckNodePort')), ...remove(object, spec('loadBalancerSourceRanges')), ...remove(object, spec('allocateLoadBalancerNodePorts')), ...remove(object, ['status', 'loadBalancer'])]),
    ...(type === 'ExternalName' ? [...remove(object, spec('clusterIP')), ...remove(object, spec('clusterIPs'))] : remove(object, spec('externalName'))),
  ];
}

const plainFields = ['externalTrafficPolicy', 'internalTrafficPolicy', 'externalName', 'externalIPs', 'loadBalancerSourceRanges', 'publishNotReadyAddresses', 'trafficDistribution', 'clusterIP'] as const;

function affinityChanges(object: KubeObject, seconds: number | null): readonly TextChange[] {
  if (seconds === null) return [...remove(object, spec('sessionAffinity')), ...remove(object, spec('sessionAffinityConfig'))];
  // Three hours are the default and need no field.
  return [...set(object, spec('sessionAffinity'), 'ClientIP'), ...(seconds === 10_800 ? remove(object, spec('sessionAffinityConfig')) : set(object, spec('sessionAffinityConfig'), { clientIP: { timeoutSeconds: seconds } }))];
}

/** Fields of a Service's spec, with what follows from a change of its type. */
export function setService(context: EditContext, edit: Extract<ClusterEdit, { kind: 'set-service' }>): Planned {
  const found = serviceOf(context, edit.service);
  if (!found.ok) return found;
  const { object, service } = found.value;
  const { type, ports, sessionAffinitySeconds } = edit.set;
  if (type === 'ExternalName' && (edit.set.externalName ?? service.externalName) === '') return refuse('no-external-name', `Service ${service.name} needs a name to stand for`, 'give it an externalName');
  const list = [
    ...(ports === undefined ? [] : portChanges(object, ports, type ?? service.type)),
    ...(sessionAffinitySeconds === undefined ? [] : affinityChanges(object, sessionAffinitySeconds)),
    ...plainFields.flatMap((field) => setOrRemove(object, spec(field), edit.set[field] as Json | undefined)),
    ...('clusterIP' in edit.set ? remove(object, spec('clusterIPs')) : []),
    ...(type === undefined || type === service.type ? [] : typeChanges(object, type, ports)),
  ];
  const written = new Set(list.filter((change) => change.kind === 'set').map((change) => change.path.join('.')));
  return changes(serviceTitle(service, edit.set), list.filter((change) => change.kind !== 'remove' || !written.has(change.path.join('.'))));
}

/** The backend of one path of an Ingress; the path is added where there is none. `host` '' = any host. */
export function setIngressBackend(context: EditContext, edit: Extract<ClusterEdit, { kind: 'set-ingress-backend' }>): Planned {
  const ref = { kind: 'Ingress', ...edit.ingress };
  const object = objectOf(context, ref);
  if (!object) return missing(context, ref);
  const backend = { service: { name: edit.service, port: typeof edit.port === 'number' ? { number: edit.port } : { name: edit.port } } };
  const title = `Send ${edit.host}${edit.path || '/'} to ${edit.service}`;
  if (edit.host === '' && edit.path === '') return changes(title, set(object, spec('defaultBackend'), backend));
  const rules = recordsOf(dig(object.value, 'spec', 'rules'));
  const rule = rules.findIndex((one) => textOf(one['host']) === edit.host);
  const entry = { path: edit.path || '/', pathType: 'Prefix', backend };
  if (rule < 0) {
    const made: Json = { ...(edit.host === '' ? {} : { host: edit.host }), http: { paths: [entry] } };
    return changes(title, rules.length === 0 ? set(object, spec('rules'), [made]) : set(object, spec('rules', rules.length), made), { note: `${named(ref)} has a new rule` });
  }
  const paths = recordsOf(fieldsOf(rules[rule]!['http'])['paths']);
  const path = paths.findIndex((one) => (textOf(one['path']) || '/') === (edit.path || '/'));
  return changes(title, path < 0 ? set(object, spec('rules', rule, 'http', 'paths', paths.length), entry) : set(object, spec('rules', rule, 'http', 'paths', path, 'backend'), backend));
}
