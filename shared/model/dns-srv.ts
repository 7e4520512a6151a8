import { parseIp, type Ip } from '../base/ip.ts';
import { dashed } from './dns.ts';
import type { ClusterIndex } from './index-cluster.ts';
import { preferFamily } from './prefer-family.ts';
import type { L4Protocol, Service } from './types.ts';

/** One record of an SRV answer, with the address that its target has. */
export interface SrvRecord { readonly target: string; readonly port: number; readonly weight: number; readonly ip: Ip }

const form = /^_([a-z0-9-]+)\._(tcp|udp|sctp)\.(.+)$/i;

/** The protocol in a name of the form `_port._protocol.NAME`; null for any other name. */
export const srvProtocol = (name: string): L4Protocol | null => (form.exec(name)?.[2]?.toLowerCase() ?? null) as L4Protocol | null;

/** As dig prints it: priority, weight, port, target. */
export const printSrv = ({ weight, port, target }: SrvRecord): string => `0 ${weight} ${port} ${target}.`;

/**
 * The SRV records of a name in full (DNS specification 2.3.2, 2.4.2): one with the Service's own name, or of a headless Service one for each ready
 * endpoint with its host name and its own port. Equal weights, which CoreDNS makes a whole part of 100 (plugin/backend_lookup.go). Text = why there is none.
 */
export function srvRecords(index: ClusterIndex, name: string, own: readonly Ip[]): readonly SrvRecord[] | string {
  const [, port = '', protocol = '', rest = ''] = form.exec(name.toLowerCase()) ?? [];
  const domain = `.svc.${index.cluster.settings.dnsDomain}`;
  const labels = rest.endsWith(domain) ? rest.slice(0, -domain.length).split('.') : [];
  if (labels.length !== 2) return `no record ${name}`;
  const [serviceName, namespace] = labels as [string, string];
  const service = index.services.get(`${namespace}/${serviceName}`);
  if (service === undefined) return index.namespaces.has(namespace) ? `no Service ${serviceName} in namespace ${namespace}` : `no namespace ${namespace}`;
  if (service.type === 'ExternalName') return `Service ${serviceName} is an ExternalName, which has no ports in DNS`;
  const found = service.headless ? ofEndpoints(index, service, rest, port, protocol, own) : ofService(service, rest, port, protocol, own);
  if (found.length > 0) return found.map((record) => ({ ...record, weight: Math.max(1, Math.floor(100 / found.length)) }));
  const named = service.ports.some((one) => one.name === port && one.protocol === protocol);
  return named ? `Service ${serviceName} has no ready endpoint for ${port}/${protocol}` : `Service ${serviceName} has no port named ${port}/${protocol}, and ports without a name have no SRV record`;
}

type Unweighted = Omit<SrvRecord, 'weight'>;

function ofService(service: Service, target: string, port: string, protocol: string, own: readonly Ip[]): readonly Unweighted[] {
  const ip = preferFamily(service.clusterIps, own)[0];
  const number = service.ports.find((one) => one.name === port && one.protocol === protocol)?.port;
  return ip === undefined || number === undefined ? [] : [{ target, port: number, ip }];
}

function ofEndpoints(index: ClusterIndex, service: Service, rest: string, port: string, protocol: string, own: readonly Ip[]): readonly Unweighted[] {
  const records = (index.slicesOf.get(`${service.namespace}/${service.name}`) ?? []).flatMap((slice) => {
    const number = slice.ports.find((one) => (one.name ?? '') === port && one.protocol === protocol)?.port ?? null;
    if (number === null) return [];
    return slice.endpoints.filter(({ ready }) => ready).flatMap((endpoint) => endpoint.addresses.map(parseIp).filter((ip) => ip !== null)
      .map((ip): Unweighted => ({ target: `${endpoint.hostname === '' ? dashed(ip) : endpoint.hostname}.${rest}`, port: number, ip })));
  });
  const wanted = new Set(preferFamily(records.map(({ ip }) => ip), own));
  return records.filter(({ ip }, i) => wanted.has(ip) && records.findIndex((other) => other.ip === ip) === i).toSorted((a, b) => (a.ip < b.ip ? -1 : 1));
}
