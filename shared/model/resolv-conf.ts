import { familyOf, parseIp, type Ip } from '../base/ip.ts';
import { asksClusterDns, dnsServiceOf } from './coredns-implied.ts';
import { dig, hasFields, recordsOf, textOf, textsOf, type Fields } from './json-fields.ts';
import { preferFamily } from './prefer-family.ts';
import type { Cluster, Pod, PodDnsConfig } from './types.ts';

/** A server in resolv.conf, and what names it knows: CoreDNS the cluster's and those outside, any other only those outside. */
export interface Nameserver { readonly ip: Ip; readonly knows: 'cluster' | 'upstream' }

/** What a program reads in `/etc/resolv.conf`. */
export interface ResolvConf {
  /** In the order in which they are asked; empty where the file is the machine's own, which Podhop does not simulate. */
  readonly nameservers: readonly Nameserver[];
  readonly search: readonly string[];
  /** From so many dots on a name is asked as it is before the search list. */
  readonly ndots: number;
  /** As they stand in the file, `ndots:5`. */
  readonly options: readonly string[];
  /** Entries of dnsConfig beyond what the file may hold. */
  readonly leftOut: readonly string[];
}

/** validation.go MaxDNSNameservers, MaxDNSSearchPaths, MaxDNSSearchListChars. */
const limits = { nameservers: 3, searches: 32, characters: 2048 } as const;
/** resolv.conf(5): without the option, and at most. */
const plainNdots = 1;
const mostNdots = 15;

/** A pod's `dnsConfig` as the API server keeps it; undefined without one. */
export function dnsConfigOf(spec: Fields): PodDnsConfig | undefined {
  const config = dig(spec, 'dnsConfig');
  if (!hasFields(config)) return undefined;
  return {
    nameservers: textsOf(dig(config, 'nameservers')).map(parseIp).filter((ip) => ip !== null),
    searches: textsOf(dig(config, 'searches')),
    options: recordsOf(dig(config, 'options')).map((option) => ({ name: textOf(option['name']), value: typeof option['value'] === 'string' ? option['value'] : '' })).filter(({ name }) => name !== ''),
  };
}

/** Addresses at which the cluster's DNS answers: its Service's and its pods' own. */
function clusterServers(cluster: Cluster): ReadonlySet<string> {
  const service = dnsServiceOf(cluster.services);
  if (service === undefined) return new Set();
  const slices = cluster.endpointSlices.filter((slice) => slice.namespace === service.namespace && slice.service === service.name);
  return new Set([...service.clusterIps, ...slices.flatMap((slice) => slice.endpoints.flatMap(({ addresses }) => addresses))]);
}

/** `/etc/resolv.conf` as the kubelet writes it for a pod (pkg/kubelet/network/dns, GetPodDNS and its limits), or as a machine has its own. */
export function resolvConfOf(cluster: Cluster, pod: Pod | null, own: readonly Ip[] = pod?.ips ?? []): ResolvConf {
  const config = pod?.dnsConfig;
  const first = pod !== null && asksClusterDns(pod);
  const domain = cluster.settings.dnsDomain;
  const servers = first ? preferFamily(dnsServiceOf(cluster.services)?.clusterIps ?? [], own).slice(0, 1) : [];
  const nameservers = [...new Set([...servers, ...(config?.nameservers ?? [])])];
  const listed = [...new Set([...(first ? [`${pod.namespace}.svc.${domain}`, `svc.${domain}`, domain] : []), ...(config?.searches ?? [])])];
  const search = fitting(listed);
  const options = mergedOptions(first ? [{ name: 'ndots', value: '5' }] : [], config?.options ?? []);
  const known = clusterServers(cluster);
  // a machine's own servers stand before those that dnsConfig adds, and answer
  const ofMachine = pod === null || (!first && pod.dnsPolicy !== 'None');
  return {
    nameservers: ofMachine ? [] : nameservers.slice(0, limits.nameservers).map((ip) => ({ ip, knows: known.has(ip) ? 'cluster' : 'upstream' })),
    search: search.map((suffix) => suffix.toLowerCase().replace(/\.$/, '')).filter((suffix) => suffix !== ''),
    ndots: ndotsOf(options),
    options,
    leftOut: [...nameservers.slice(limits.nameservers), ...listed.slice(search.length)],
  };
}

/** As many entries as the file may hold: 32, and 2,048 characters with the spaces between them (formDNSSearchFitsLimits). */
function fitting(search: readonly string[]): readonly string[] {
  let characters = -1;
  return search.slice(0, limits.searches).filter((suffix) => (characters += suffix.length + 1) <= limits.characters);
}

/** An option of dnsConfig replaces the policy's of the same name (mergeDNSOptions). */
function mergedOptions(base: PodDnsConfig['options'], own: PodDnsConfig['options']): readonly string[] {
  const merged = new Map([...base, ...own].map(({ name, value }) => [name, value]));
  return [...merged].map(([name, value]) => (value === '' ? name : `${name}:${value}`));
}

function ndotsOf(options: readonly string[]): number {
  const stated = options.find((option) => option.startsWith('ndots:'))?.slice('ndots:'.length);
  return stated !== undefined && /^\d+$/.test(stated) ? Math.min(mostNdots, Number(stated)) : plainNdots;
}

/** The file's text, line by line; empty for a machine's own. */
export function printResolvConf({ nameservers, search, options }: ResolvConf): readonly string[] {
  if (nameservers.length === 0) return [];
  return [...(search.length > 0 ? [`search ${search.join(' ')}`] : []), ...nameservers.map(({ ip }) => `nameserver ${ip}`), ...(options.length > 0 ? [`options ${options.join(' ')}`] : [])];
}

/** Seconds that a resolver waits for an answer before it asks the next server (resolv.conf(5), RES_TIMEOUT). */
export function timeoutOf({ options }: ResolvConf): number {
  const stated = Number(options.find((option) => option.startsWith('timeout:'))?.slice('timeout:'.length) ?? 5);
  return Number.isInteger(stated) && stated >= 0 ? Math.min(30, stated) : 5;
}

/** The record types that a client asks for an address, by the families that it wants: with `no-aaaa` only A. */
export const addressTypes = ({ options }: ResolvConf): readonly ('A' | 'AAAA')[] => (options.includes('no-aaaa') ? ['A'] : ['A', 'AAAA']);

/** The addresses of one family among these. */
export const ofFamily = (ips: readonly Ip[], type: 'A' | 'AAAA'): readonly Ip[] => ips.filter((ip) => familyOf(ip) === (type === 'A' ? 4 : 6));
