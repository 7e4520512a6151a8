import { parseIp, type Ip } from '../base/ip.ts';
import { fnv1a32 } from '../base/stable-id.ts';
import { addressPool } from './ipam.ts';
import type { ClusterIndex } from './index-cluster.ts';
import { addressOfIngressHost } from './ingress-hosts.ts';
import type { WayIn } from './ingress-way-in.ts';
import type { Cluster, Endpoint, Outsider, Pod, Service } from './types.ts';

/** Who asks: which resolver and which search list it has. */
export type Asker =
  /** A pod with `dnsPolicy: ClusterFirst` and the like: CoreDNS, and the search list of its namespace. */
  | { readonly kind: 'cluster'; readonly namespace: string; /** The search list, else its namespace's. */ readonly search?: readonly string[]; /** Else 5. */ readonly ndots?: number }
  /** A node, a hostNetwork pod with ClusterFirst, a pod with Default, a machine outside: a resolver that knows no cluster names. */
  | { readonly kind: 'upstream'; /** None without it. */ readonly search?: readonly string[]; /** Else 1. */ readonly ndots?: number };

/** What a name leads to without sending a packet. */
export type NameAnswer =
  | {
    readonly kind: 'found';
    /** The name that existed, in full. */
    readonly fqdn: string;
    /** Addresses in the answer; a client dials the first, and CoreDNS shuffles them. */
    readonly ips: readonly Ip[];
    /** Names that the answer led through, the asked one first. */
    readonly cnames: readonly string[];
    readonly service: Service | null;
    readonly pod: Pod | null;
    readonly outsider: Outsider | null;
    /** True where Podhop cannot know the address and uses a stand-in. */
    readonly standIn: boolean;
    /** Where an Ingress names the host: how its controller is entered. */
    readonly wayIn?: Pick<WayIn, 'via' | 'portMap'>;
    /** Every name that was asked for, the one that existed last. */
    readonly tried: readonly string[];
  }
  | { readonly kind: 'nxdomain'; readonly tried: readonly string[]; readonly why: string };
/** What one server says of one name. */
export type Found = Omit<Extract<NameAnswer, { kind: 'found' }>, 'tried'>;

/** `options ndots:5` of every cluster pod, and what programs take without the option (resolv.conf(5)). */
const ndots = { cluster: 5, upstream: 1 } as const;
/** CoreDNS follows at most this many CNAMEs (plugin/kubernetes via upstream, maxCnameChain). */
const cnameLimit = 7;
/** Names set aside for examples (RFC 2606); the lab's internet host answers to them. */
const exampleName = /(^|\.)example(\.(com|org|net))?$/;
const standInNetwork = '192.0.2.0/24';

/** The names that a resolver asks for, in order: the search list first while the name has fewer dots than ndots, and only the name itself with a trailing dot. */
export function searchNames(asker: Asker, name: string, domain: string): readonly string[] {
  const plain = name.replace(/\.$/, '').toLowerCase();
  if (name.endsWith('.')) return [plain];
  const search = asker.search ?? (asker.kind === 'cluster' ? [`${asker.namespace}.svc.${domain}`, `svc.${domain}`, domain] : []);
  const searched = search.map((suffix) => `${plain}.${suffix}`);
  return plain.split('.').length - 1 < (asker.ndots ?? ndots[asker.kind]) ? [...searched, plain] : [plain, ...searched];
}

/** Resolves a name as the asker would, without packets (DESIGN §8.6). */
export function lookupName(index: ClusterIndex, asker: Asker, name: string): NameAnswer {
  const tried = searchNames(asker, name, index.cluster.settings.dnsDomain);
  const misses: string[] = [];
  for (const candidate of tried) {
    const answer = answerAt(index, asker.kind, candidate);
    if (typeof answer !== 'string') return { ...answer, tried: tried.slice(0, misses.length + 1) };
    misses.push(answer);
  }
  const foreign = asker.kind === 'upstream' && tried.some((name) => inDomain(name, index.cluster));
  return { kind: 'nxdomain', tried, why: foreign ? 'cluster names exist only in the cluster’s DNS, which this machine does not ask' : tellingMiss(name, misses) };
}

/** What a server says of one name in full; text = why it knows no address. */
export const answerAt = (index: ClusterIndex, knows: Asker['kind'], name: string): Found | string => (knows === 'cluster' ? clusterAnswer(index, name, []) : upstreamAnswer(index, name));

/** The reason that a person most likely looks for: the one that knows the Service, else that of the reading which the name's shape suggests. */
function tellingMiss(name: string, misses: readonly string[]): string {
  const parts = name.replace(/\.$/, '').split('.');
  const read = parts.length <= 2 ? parts.length - 1 : parts.at(-1) === 'svc' ? 2 : misses.length - 1;
  return misses.find((miss) => miss.startsWith('Service')) ?? misses[read] ?? misses.at(-1)!;
}

const inDomain = (name: string, { settings }: Cluster): boolean => name === settings.dnsDomain || name.endsWith(`.${settings.dnsDomain}`);

function clusterAnswer(index: ClusterIndex, name: string, cnames: readonly string[]): Found | string {
  if (!inDomain(name, index.cluster)) return upstreamAnswer(index, name, cnames);
  const labels = name.slice(0, -index.cluster.settings.dnsDomain.length - 1).split('.');
  const kind = labels.at(-1);
  if (kind === 'svc' && (labels.length === 3 || labels.length === 4)) {
    const [service, namespace] = [labels.at(-3)!, labels.at(-2)!];
    return serviceAnswer(index, { name, namespace, service, host: labels.length === 4 ? labels[0]! : null }, cnames);
  }
  if (kind === 'pod' && labels.length === 3) return podAnswer(index, name, labels[0]!, labels[1]!, cnames);
  return `no record ${name}`;
}

interface Asked { readonly name: string; readonly namespace: string; readonly service: string; readonly host: string | null }

function serviceAnswer(index: ClusterIndex, asked: Asked, cnames: readonly string[]): Found | string {
  const service = index.services.get(`${asked.namespace}/${asked.service}`);
  if (service === undefined) return index.namespaces.has(asked.namespace) ? `no Service ${asked.service} in namespace ${asked.namespace}` : `no namespace ${asked.namespace}`;
  const found = { kind: 'found', fqdn: asked.name, cnames, service, outsider: null, standIn: false } as const;
  if (service.type === 'ExternalName') return asked.host === null ? externalName(index, service, asked.name, cnames) : `no record ${asked.name}`;
  if (asked.host === null && !service.headless) return service.clusterIps.length > 0 ? { ...found, ips: service.clusterIps, pod: null } : `Service ${asked.service} has no address`;
  const endpoints = answeringEndpoints(index, service).filter(({ hostnames }) => asked.host === null || hostnames.includes(asked.host));
  const ips = [...new Set(endpoints.map(({ ip }) => ip))].toSorted();
  if (ips.length === 0) return asked.host === null ? `Service ${asked.service} is headless and has no ready endpoint` : `Service ${asked.service} has no endpoint named ${asked.host}`;
  return { ...found, ips, pod: ips.length === 1 ? index.podByIp.get(ips[0]!) ?? null : null };
}

/** Endpoints that CoreDNS serves: those whose condition is ready (the kubernetes plugin reads the slices' `ready`). */
function answeringEndpoints(index: ClusterIndex, service: Service): readonly { readonly ip: Ip; readonly hostnames: readonly string[] }[] {
  return (index.slicesOf.get(`${service.namespace}/${service.name}`) ?? []).flatMap((slice) => slice.endpoints.flatMap((endpoint: Endpoint) => {
    if (!endpoint.ready) return [];
    return endpoint.addresses.map(parseIp).filter((address) => address !== null).map((ip) => ({ ip, hostnames: [endpoint.hostname === '' ? dashed(ip) : endpoint.hostname] }));
  }));
}

/** `10-244-1-5` for an address, as CoreDNS names endpoints without a hostname and pods. */
export const dashed = (ip: Ip): string => ip.replaceAll('.', '-').replaceAll(':', '-');

function externalName(index: ClusterIndex, service: Service, name: string, cnames: readonly string[]): Found | string {
  const chain = [...cnames, name];
  const target = service.externalName.replace(/\.$/, '').toLowerCase();
  if (target === '' || chain.length > cnameLimit || chain.includes(target)) return `Service ${service.name} is an ExternalName that leads to no address`;
  if (parseIp(target) !== null) return `Service ${service.name} has an address as its externalName, which DNS reads as a name made of digits`;
  const answer = clusterAnswer(index, target, chain);
  if (typeof answer !== 'string') return { ...answer, service: answer.service ?? service };
  // the person who wrote it knows that the outside name exists; only its address is unknown here
  return inDomain(target, index.cluster) ? answer : { kind: 'found', fqdn: target, ips: [standInFor(index, target)], cnames: chain, service, pod: null, outsider: null, standIn: true };
}

function standInFor(index: ClusterIndex, name: string): Ip {
  const network = addressPool(standInNetwork as Parameters<typeof addressPool>[0], 1, new Set(index.outsiderByIp.keys()));
  return network.nextFrom(fnv1a32(name) % 253)!;
}

/** CoreDNS with `pods insecure` (kubeadm's Corefile): any address in dashes, if its namespace exists. */
function podAnswer(index: ClusterIndex, name: string, host: string, namespace: string, cnames: readonly string[]): Found | string {
  const ip = parseIp(host.replaceAll('-', '.')) ?? parseIp(host.replaceAll('-', ':'));
  if (ip === null || !index.namespaces.has(namespace)) return `no record ${name}`;
  return { kind: 'found', fqdn: name, ips: [ip], cnames, service: null, pod: index.podByIp.get(ip) ?? null, outsider: null, standIn: false };
}

function upstreamAnswer(index: ClusterIndex, name: string, cnames: readonly string[] = []): Found | string {
  const known = index.cluster.outsiders.find((candidate) => candidate.dnsNames.some((own) => own === name || (own.startsWith('*.') && name.endsWith(own.slice(1)))));
  const entered = known ? null : addressOfIngressHost(index, name);
  if (typeof entered === 'string') return entered;
  if (entered) return { kind: 'found', fqdn: name, ips: entered.ips, cnames, service: entered.service, pod: null, outsider: null, standIn: false, wayIn: { via: entered.via, portMap: entered.portMap } };
  const outsider = known ?? (exampleName.test(name) ? index.outsiders.get('host/internet') : undefined);
  if (outsider !== undefined) return { kind: 'found', fqdn: name, ips: outsider.addresses, cnames, service: null, pod: null, outsider, standIn: false };
  const balanced = index.cluster.services.find((service) => service.loadBalancer.some((entry) => entry.hostname.toLowerCase() === name));
  const ips = balanced?.loadBalancer.flatMap((entry) => entry.ip ?? []) ?? [];
  if (balanced !== undefined && ips.length > 0) return { kind: 'found', fqdn: name, ips, cnames, service: balanced, pod: null, outsider: null, standIn: false };
  return `nobody outside is known by the name ${name}`;
}
