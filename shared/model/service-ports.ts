import { cidrFamily, type Cidr } from '../base/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { Cluster, L4Protocol, Service } from './types.ts';

/** One port of one Service in one IP family, as kube-proxy sees it (BaseServicePortInfo, pkg/proxy/serviceport.go). */
export interface ProxiedPort {
  readonly service: Service;
  readonly ref: ObjectRef;
  /** `Service ns/name`: made once, for every sentence about it. */
  readonly title: string;
  readonly index: number;
  /** `spec.ports[index]`, as `Origin.field` names it. */
  readonly field: string;
  readonly family: IpFamily;
  /** `ns/name`, plus `:portname` where the port is named (ServicePortName.String). */
  readonly name: string;
  readonly portName: string;
  readonly protocol: L4Protocol;
  readonly port: number;
  readonly clusterIp: Ip;
  readonly externalIps: readonly Ip[];
  /** Load balancer addresses that nodes answer for themselves: those of `ipMode: Proxy` and mere hostnames are not here. */
  readonly vips: readonly Ip[];
  /** Empty = everyone; ranges of the other family do not count. */
  readonly sourceRanges: readonly Cidr[];
  /** 0 = none. */
  readonly nodePort: number;
  /** 0 = none; only a LoadBalancer with externalTrafficPolicy Local has one. */
  readonly healthCheckNodePort: number;
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** Reachable by something else than its ClusterIP. */
  readonly externallyAccessible: boolean;
  /** Seconds of ClientIP affinity, or null. */
  readonly affinitySeconds: number | null;
}

const proxyNameLabel = 'service.kubernetes.io/service-proxy-name';

/** Whether kube-proxy looks at this Service at all: not ExternalName, not headless, not left to another proxy by label (ShouldSkipService, informer filter). */
export const isProxied = (service: Service): boolean =>
  service.type !== 'ExternalName' && !service.headless && service.clusterIps.length > 0 && !(proxyNameLabel in service.labels);

/** Local external policy counts only where the type makes the Service externally reachable (ExternalPolicyLocal, pkg/api/v1/service/util.go). */
const externalPolicyLocal = (service: Service): boolean =>
  service.externalTrafficPolicy === 'Local' && (service.type !== 'ClusterIP' || service.externalIps.length > 0);

function buildPorts(service: Service, family: IpFamily): readonly ProxiedPort[] {
  const clusterIp = isProxied(service) ? service.clusterIps.find((ip) => familyOf(ip) === family) : undefined;
  if (clusterIp === undefined) return [];
  const externalIps = service.externalIps.filter((ip) => familyOf(ip) === family);
  const vips: Ip[] = [];
  for (const { ip, ipMode } of service.loadBalancer) if (ip !== null && ipMode !== 'Proxy' && familyOf(ip) === family) vips.push(ip);
  const sourceRanges = service.loadBalancerSourceRanges.filter((range) => cidrFamily(range) === family);
  const externalLocal = externalPolicyLocal(service);
  const healthCheckNodePort = service.type === 'LoadBalancer' && externalLocal ? service.healthCheckNodePort : 0;
  const base = `${service.namespace}/${service.name}`;
  const title = `Service ${base}`;
  const ref: ObjectRef = { kind: 'Service', namespace: service.namespace, name: service.name };
  return service.ports.map((port, index) => ({
    service, ref, title, index, field: `spec.ports[${index}]`, family, name: port.name === '' ? base : `${base}:${port.name}`, portName: port.name, protocol: port.protocol, port: port.port,
    clusterIp, externalIps, vips, sourceRanges, nodePort: port.nodePort, healthCheckNodePort,
    internalLocal: service.internalTrafficPolicy === 'Local', externalLocal,
    externallyAccessible: port.nodePort !== 0 || vips.length > 0 || externalIps.length > 0, affinitySeconds: service.sessionAffinitySeconds,
  }));
}

const ofService = { 4: new WeakMap<Service, readonly ProxiedPort[]>(), 6: new WeakMap<Service, readonly ProxiedPort[]>() } as const;

/** The ports of one Service in one family; empty where kube-proxy ignores it or it has no ClusterIP of that family. The same Service gives the same objects. */
export function portsOfService(service: Service, family: IpFamily): readonly ProxiedPort[] {
  let ports = ofService[family].get(service);
  if (ports === undefined) ofService[family].set(service, (ports = buildPorts(service, family)));
  return ports;
}

/** Every port kube-proxy serves in one family, in the order of the Services and of their `spec.ports`. */
export const proxiedPorts = (cluster: Cluster, family: IpFamily): readonly ProxiedPort[] => cluster.services.flatMap((service) => portsOfService(service, family));
