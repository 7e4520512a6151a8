import type { Cluster, Pod, Service } from '../../../shared/model/types.ts';

// Written from the reference (network-policy-ingress.md, "DNS") and not from shared/model/dns.ts: what a real name server is told must not come from what it checks.

const domain = 'cluster.local';
const inFull = ({ name, namespace }: { readonly name: string; readonly namespace: string }): string => `${name}.${namespace}.svc.${domain}`;
const selects = (service: Service, pod: Pod): boolean => service.selector !== null && pod.namespace === service.namespace && Object.entries(service.selector).every(([key, value]) => pod.labels[key] === value);

function hostsOf(cluster: Cluster, service: Service): readonly string[] {
  if (!service.headless) return service.clusterIps.map((ip) => `${ip} ${inFull(service)}`);
  const ready = cluster.pods.filter((pod) => selects(service, pod) && (pod.ready || service.publishNotReadyAddresses));
  return ready.flatMap((pod) => pod.ips.flatMap((ip) => [`${ip} ${inFull(service)}`, ...(pod.subdomain === service.name && pod.hostname !== '' ? [`${ip} ${pod.hostname}.${inFull(service)}`] : [])]));
}

/** The hosts file and the options of the name server that stands for CoreDNS: everything it does not know does not exist. */
export function nameServerOf(cluster: Cluster): { readonly hosts: string; readonly options: readonly string[] } {
  const aliases = cluster.services.filter(({ type }) => type === 'ExternalName');
  const hosts = [
    ...cluster.services.filter(({ type }) => type !== 'ExternalName').flatMap((service) => hostsOf(cluster, service)),
    ...cluster.outsiders.flatMap(({ addresses, dnsNames }) => dnsNames.flatMap((name) => addresses.map((ip) => `${ip} ${name}`))),
  ];
  return { hosts: `${hosts.join('\n')}\n`, options: ['--local=/#/', ...aliases.map((service) => `--cname=${inFull(service)},${service.externalName}`)] };
}

/** What kubelet writes into a pod of this namespace (`dnsPolicy: ClusterFirst`), and glibc's shortest patience. */
export const resolvConf = (namespace: string, nameserver: string): string => `nameserver ${nameserver}\nsearch ${namespace}.svc.${domain} svc.${domain} ${domain}\noptions ndots:5 timeout:1 attempts:1\n`;

/** One question as the name server logged it. */
export interface LoggedQuery { readonly type: string; readonly name: string; readonly from: string }
export const readQueryLog = (log: string): readonly LoggedQuery[] => [...log.matchAll(/query\[(\w+)\] (\S+) from (\S+)/g)].map(([, type, name, from]) => ({ type: type!, name: name!, from: from! }));
