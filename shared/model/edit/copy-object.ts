import type { Json } from '../../base/json.ts';
import type { KubeObject } from '../../kube/types.ts';
import { fieldsOf, recordsOf } from '../json-fields.ts';
import type { ManifestObject } from './types.ts';

const without = (fields: { readonly [key: string]: Json }, keys: readonly string[]): { readonly [key: string]: Json } => Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));

/** What the API server fills in for one object alone. */
const ownMetadata = ['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'managedFields', 'selfLink', 'generateName'];

/** What the API server allocates to one Service alone. */
function serviceSpec(spec: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const headless = spec['clusterIP'] === 'None';
  const kept = without(spec, ['healthCheckNodePort', 'loadBalancerIP', ...(headless ? [] : ['clusterIP', 'clusterIPs'])]);
  return spec['ports'] === undefined ? kept : { ...kept, ports: recordsOf(spec['ports']).map((port) => without(port, ['nodePort'])) };
}

/** The same object under another name, without anything that only one object can have. A `replica` stays with its controller, a `copy` belongs to nobody. */
export function copyOf(object: KubeObject, name: string, as: 'replica' | 'copy'): ManifestObject {
  const metadata = { ...without(fieldsOf(object.value['metadata']), as === 'copy' ? [...ownMetadata, 'ownerReferences'] : ownMetadata), name };
  const value = { ...without(object.value, ['status']), metadata };
  const spec = fieldsOf(object.value['spec']);
  if (object.kind === 'Service') return { ...value, spec: serviceSpec(spec) };
  if (object.kind === 'Pod') return { ...value, spec: without(spec, as === 'replica' ? ['nodeName', 'hostname'] : ['hostname']) };
  if (object.kind === 'Node') return { ...value, spec: without(spec, ['podCIDR', 'podCIDRs', 'providerID']) };
  return value;
}
