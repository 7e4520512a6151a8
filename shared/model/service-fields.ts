import { parseCidr } from '../base/cidr.ts';
import { familyOf, parseIp, type Ip, type IpFamily } from '../base/ip.ts';
import type { KubeObject } from '../kube/types.ts';
import { booleanOf, dig, hasFields, integerOf, labelsOf, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { protocolOf } from './pod-drafts.ts';
import type { LoadBalancerIngress, Service, ServicePort } from './types.ts';

/** A Service as written, with the API server's defaults but without anything allocated. */
export interface ServiceDraft {
  readonly object: KubeObject;
  readonly service: Service;
  /** Addresses the manifest fixes, `None` apart. */
  readonly givenClusterIps: readonly Ip[];
  readonly families: readonly IpFamily[];
  readonly wantsNodePorts: boolean;
  readonly wantsHealthPort: boolean;
  readonly loadBalancerIp: Ip | null;
}

const types: readonly Service['type'][] = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];
/** `service.spec.sessionAffinityConfig.clientIP.timeoutSeconds` defaults to three hours (v1.DefaultClientIPServiceAffinitySeconds). */
const affinitySeconds = 10_800;

/** Reads a Service with the defaults of the API server (core/v1 defaults.go `SetDefaults_Service`). */
export function draftService(object: KubeObject, clusterFamilies: readonly IpFamily[]): ServiceDraft {
  const spec = dig(object.value, 'spec') as Fields | undefined ?? {};
  const type = types.find((known) => known === spec['type']) ?? 'ClusterIP';
  const addresses = [textOf(spec['clusterIP']), ...textsOf(spec['clusterIPs'])];
  const headless = type !== 'ExternalName' && addresses.includes('None');
  const givenClusterIps = headless || type === 'ExternalName' ? [] : [...new Set(addresses.map(parseIp).filter((address) => address !== null))];
  const externalTrafficPolicy = spec['externalTrafficPolicy'] === 'Local' ? 'Local' : 'Cluster';
  const service: Service = {
    namespace: object.namespace,
    name: object.name,
    labels: labelsOf(dig(object.value, 'metadata', 'labels')),
    annotations: labelsOf(dig(object.value, 'metadata', 'annotations')),
    type,
    selector: type !== 'ExternalName' && hasFields(spec['selector']) && Object.keys(spec['selector']).length > 0 ? labelsOf(spec['selector']) : null,
    clusterIps: [],
    headless,
    externalName: type === 'ExternalName' ? textOf(spec['externalName']) : '',
    externalIps: textsOf(spec['externalIPs']).map(parseIp).filter((address) => address !== null),
    loadBalancer: type === 'LoadBalancer' ? ingressOf(object.value) : [],
    loadBalancerSourceRanges: sourceRanges(object.value),
    ports: recordsOf(spec['ports']).map((port) => portOf(port, type === 'NodePort' || type === 'LoadBalancer')),
    internalTrafficPolicy: spec['internalTrafficPolicy'] === 'Local' ? 'Local' : 'Cluster',
    externalTrafficPolicy,
    sessionAffinitySeconds: affinityOf(spec),
    healthCheckNodePort: type === 'LoadBalancer' && externalTrafficPolicy === 'Local' ? integerOf(spec['healthCheckNodePort'], 0) : 0,
    publishNotReadyAddresses: booleanOf(spec['publishNotReadyAddresses'], false),
    trafficDistribution: textOf(spec['trafficDistribution']),
    at: object.at,
    implied: false,
  };
  return {
    object,
    service,
    givenClusterIps,
    families: familiesOf(spec, givenClusterIps, clusterFamilies),
    wantsNodePorts: type === 'NodePort' || (type === 'LoadBalancer' && booleanOf(spec['allocateLoadBalancerNodePorts'], true)),
    wantsHealthPort: type === 'LoadBalancer' && externalTrafficPolicy === 'Local',
    loadBalancerIp: parseIp(textOf(spec['loadBalancerIP'])),
  };
}

const affinityOf = (spec: Fields): number | null => (spec['sessionAffinity'] === 'ClientIP' ? integerOf(dig(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'), affinitySeconds) : null);

function portOf(port: Fields, external: boolean): ServicePort {
  const number = integerOf(port['port'], 0);
  const target = port['targetPort'];
  return {
    name: textOf(port['name']),
    protocol: protocolOf(port['protocol']),
    port: number,
    targetPort: typeof target === 'string' && target !== '' ? target : integerOf(target, 0) || number,
    nodePort: external ? integerOf(port['nodePort'], 0) : 0,
    appProtocol: textOf(port['appProtocol']),
  };
}

function ingressOf(value: Fields): readonly LoadBalancerIngress[] {
  return recordsOf(dig(value, 'status', 'loadBalancer', 'ingress')).map((entry) => ({
    ip: parseIp(textOf(entry['ip'])),
    hostname: textOf(entry['hostname']),
    ipMode: entry['ipMode'] === 'Proxy' ? 'Proxy' : 'VIP',
  }));
}

/** Blanks around a range are trimmed, as kube-proxy does; the old annotation counts where the field is empty (servicehelpers.GetLoadBalancerSourceRanges). */
function sourceRanges(value: Fields): Service['loadBalancerSourceRanges'] {
  const listed = textsOf(dig(value, 'spec', 'loadBalancerSourceRanges'));
  const texts = listed.length > 0 ? listed : textOf(dig(value, 'metadata', 'annotations', 'service.beta.kubernetes.io/load-balancer-source-ranges')).split(',');
  return texts.map((text) => parseCidr(text.trim())).filter((cidr) => cidr !== null);
}

/** Which families a Service has: its addresses, else `ipFamilies`, else by policy, the cluster's primary family first (KEP-563). */
function familiesOf(spec: Fields, given: readonly Ip[], cluster: readonly IpFamily[]): readonly IpFamily[] {
  const named = textsOf(spec['ipFamilies']).map((name): IpFamily => (name === 'IPv6' ? 6 : 4));
  const policy = textOf(spec['ipFamilyPolicy']);
  const first = [...new Set([...given.map(familyOf), ...named])];
  const start = first.length > 0 ? first : [cluster[0] ?? 4];
  if (policy === 'RequireDualStack') return [...new Set([...start, ...cluster, 4 as const, 6 as const])];
  // a headless Service without selector gets every family that the cluster has
  const dual = policy === 'PreferDualStack' || (policy === '' && spec['clusterIP'] === 'None' && !hasFields(spec['selector']));
  return dual ? [...new Set([...start, ...cluster])] : start;
}
