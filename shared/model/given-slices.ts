import type { ObjectRef } from '../base/object-ref.ts';
import { parseIp } from '../base/ip.ts';
import type { Json } from '../base/json.ts';
import { podSuffix } from '../base/stable-id.ts';
import type { KubeObject } from '../kube/types.ts';
import { booleanOf, dig, hasFields, integerOf, labelsOf, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { protocolOf } from './pod-drafts.ts';
import type { Endpoint, EndpointSlice } from './types.ts';

const addressTypes: readonly EndpointSlice['addressType'][] = ['IPv4', 'IPv6', 'FQDN'];
type SlicePort = EndpointSlice['ports'][number];

/** An EndpointSlice object as it stands; nil conditions as kube-proxy reads them (`ready` and `serving` true, `terminating` false). */
export function sliceOf(object: KubeObject): EndpointSlice {
  const { value } = object;
  const labels = labelsOf(dig(value, 'metadata', 'labels'));
  return {
    namespace: object.namespace,
    name: object.name,
    service: labels['kubernetes.io/service-name'] ?? '',
    addressType: addressTypes.find((known) => known === value['addressType']) ?? 'IPv4',
    ports: recordsOf(value['ports']).map(portOf),
    endpoints: recordsOf(value['endpoints']).map((endpoint) => endpointOf(endpoint, object.namespace)),
    headlessLabel: Object.hasOwn(labels, 'service.kubernetes.io/headless'),
    at: object.at,
    implied: false,
  };
}

function portOf(port: Fields): SlicePort {
  const number = integerOf(port['port'], 0);
  // an absent name is "" after the API server's defaulting (discovery/v1 SetDefaults_EndpointPort)
  return { name: textOf(port['name']), protocol: protocolOf(port['protocol']), port: number > 0 ? number : null };
}

function endpointOf(endpoint: Fields, namespace: string): Endpoint {
  const hints = (key: string): readonly string[] => recordsOf(dig(endpoint, 'hints', key)).map((hint) => textOf(hint['name']));
  return {
    addresses: textsOf(endpoint['addresses']).map(normalised),
    ready: booleanOf(dig(endpoint, 'conditions', 'ready'), true),
    serving: booleanOf(dig(endpoint, 'conditions', 'serving'), true),
    terminating: booleanOf(dig(endpoint, 'conditions', 'terminating'), false),
    nodeName: textOf(endpoint['nodeName']) || textOf(dig(endpoint, 'deprecatedTopology', 'kubernetes.io/hostname')),
    zone: textOf(endpoint['zone']),
    hintZones: hints('forZones'),
    hintNodes: hints('forNodes'),
    target: targetOf(endpoint['targetRef'], namespace),
    hostname: textOf(endpoint['hostname']),
  };
}

// leading zeros are decimal and the normalised form is what kube-proxy writes (utils ParseIPSloppy)
const normalised = (address: string): string => parseIp(address) ?? address;

function targetOf(value: Json | undefined, namespace: string): ObjectRef | null {
  if (!hasFields(value) || textOf(value['name']) === '') return null;
  return { kind: textOf(value['kind']) || 'Pod', namespace: textOf(value['namespace']) || namespace, name: textOf(value['name']) };
}

/** Slices that the mirroring controller would write for an Endpoints object, one per subset and family; none where its skip label says so. */
export function mirroredSlices(object: KubeObject): readonly EndpointSlice[] {
  const labels = labelsOf(dig(object.value, 'metadata', 'labels'));
  if (labels['endpointslice.kubernetes.io/skip-mirror'] === 'true') return [];
  return recordsOf(object.value['subsets']).flatMap((subset, i) => (['IPv4', 'IPv6'] as const).flatMap((addressType): readonly EndpointSlice[] => {
    const ready = recordsOf(subset['addresses']).map((address) => mirroredEndpoint(address, true, object.namespace));
    const unready = recordsOf(subset['notReadyAddresses']).map((address) => mirroredEndpoint(address, false, object.namespace));
    const endpoints = [...ready, ...unready].filter((endpoint) => endpoint.addresses[0]?.includes(':') === (addressType === 'IPv6'));
    if (endpoints.length === 0) return [];
    return [{
      namespace: object.namespace,
      name: `${object.name}-${podSuffix(`Endpoints/${object.namespace}/${object.name}/${addressType}`, i)}`,
      service: object.name,
      addressType,
      ports: recordsOf(subset['ports']).map(portOf),
      endpoints,
      headlessLabel: Object.hasOwn(labels, 'service.kubernetes.io/headless'),
      at: object.at,
      implied: false,
    }];
  }));
}

function mirroredEndpoint(address: Fields, ready: boolean, namespace: string): Endpoint {
  return {
    addresses: [normalised(textOf(address['ip']))],
    ready, serving: ready, terminating: false,
    nodeName: textOf(address['nodeName']),
    zone: '', hintZones: [], hintNodes: [],
    target: targetOf(address['targetRef'], namespace),
    hostname: textOf(address['hostname']),
  };
}
