import { parseIp, type Ip } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { Problem } from '../base/problem.ts';
import { err, ok, type Result } from '../base/result.ts';
import { nearest } from '../kube/nearest.ts';
import { lookupName, searchNames, type Asker, type NameAnswer } from './dns.ts';
import { printSrv, srvProtocol, srvRecords, type SrvRecord } from './dns-srv.ts';
import { refOfService } from './describe.ts';
import { asksClusterDns } from './coredns-implied.ts';
import { controllerFor } from './ingress-controllers.ts';
import { wayInFromOutside } from './ingress-way-in.ts';
import { indexCluster, type ClusterIndex } from './index-cluster.ts';
import { resolvConfOf } from './resolv-conf.ts';
import { preferFamily } from './prefer-family.ts';
import { fullName } from './problems.ts';
import { parseAddress, partyOfAddress, partyOfOutsider, partyOfPod, questionProblem, resolveParty, type Party } from './resolve-from.ts';
import { parseUrl, type AskedUrl } from './parse-url.ts';
import type { Cluster, L4Protocol, Service } from './types.ts';

/** What a question's destination turned out to be. */
export interface Target {
  readonly kind: 'pod' | 'node' | 'service' | 'client' | 'host' | 'address' | 'name';
  /** In full, `service/shop/api`, or the address or name as typed. */
  readonly label: string;
  readonly ref: ObjectRef | null;
  readonly service: Service | null;
  /** Who has the address, where it is somebody's own. */
  readonly party: Party | null;
  /** Addresses that the source may dial, each as likely; one, except for names with several records. */
  readonly ips: readonly Ip[];
  /** How the address was found: as typed, from the object, or by a name without packets. */
  readonly how: 'literal' | 'object' | 'without-packets';
  /** The name that existed, in full; '' without one. */
  readonly fqdn: string;
  /** Names that the answer led through (ExternalName). */
  readonly cnames: readonly string[];
  /** Which of several ways in was taken, as a clause: `by node port of node a`; '' where there was only one. */
  readonly via: string;
  /** Ports that the way in changes; a port that is not listed is dialled as asked. */
  readonly portMap: readonly { readonly protocol: L4Protocol; readonly from: number; readonly to: number }[];
  readonly url: AskedUrl | null;
  /** Names that a resolver is asked for by packets, until one exists; empty where nobody is asked. */
  readonly lookups: readonly string[];
  /** Where an SRV answer led here: its records, one for each of `ips`, each with a port of its own. */
  readonly srv?: { readonly protocol: L4Protocol; readonly records: readonly SrvRecord[] };
  /** True where the address only stands for an outside name that Podhop cannot look up. */
  readonly standIn: boolean;
}

export type TargetAnswer =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'nxdomain'; readonly name: string; readonly tried: readonly string[]; /** Names that a resolver is asked for by packets; empty where nobody is asked. */ readonly lookups: readonly string[]; readonly why: string; readonly url: AskedUrl | null }
  | { readonly kind: 'unmodelled'; readonly what: string };

const blank = { ref: null, service: null, party: null, how: 'object', fqdn: '', cnames: [], via: '', portMap: [], url: null, lookups: [], standIn: false } as const;

/** The destination of a question (CLI.md's `B`) as this source would reach it. A name that does not exist is an answer, not a problem. `host` is the Host that a request to `ingress` names. */
export function resolveTo(cluster: Cluster, from: Party, text: string, host = ''): Result<TargetAnswer, Problem> {
  const index = indexCluster(cluster);
  const typed = text.trim();
  if (typed === '') return err(questionProblem('bad-destination', 'no destination is given', 'write an address, a name, service/NS/NAME, pod/NS/NAME, node/NAME or a URL'));
  if (/^https?:\/\//i.test(typed)) {
    const url = parseUrl(typed);
    return url === null ? err(questionProblem('bad-url', `"${typed}" is no URL that Podhop reads`, 'write http://HOST[:PORT]/PATH')) : withUrl(resolveHost(index, from, url.host), url);
  }
  if (typed.toLowerCase() === 'ingress') return ingressTarget(index, from, host.toLowerCase());
  if (/^[a-z]+:\/\//i.test(typed)) return err(questionProblem('bad-url', `"${typed}" is no http or https URL`, 'write http://HOST[:PORT]/PATH'));
  return resolveHost(index, from, typed);
}

function withUrl(result: Result<TargetAnswer, Problem>, url: AskedUrl): Result<TargetAnswer, Problem> {
  if (!result.ok) return result;
  const { value } = result;
  if (value.kind === 'unmodelled') return result;
  return ok(value.kind === 'nxdomain' ? { ...value, url } : { kind: 'target', target: { ...value.target, url } });
}

function resolveHost(index: ClusterIndex, from: Party, text: string): Result<TargetAnswer, Problem> {
  const ip = text.toLowerCase() === 'localhost' ? parseIp('127.0.0.1') : parseIp(text.replace(/^\[(.*)\]$/, '$1'));
  if (ip !== null) return target(addressTarget(index, ip, text));
  const address = parseAddress(text);
  if (address?.kind === 'service') return serviceTarget(index, from, `${address.namespace}/${address.name}`);
  if (address !== null) {
    const party = resolveParty(index, address);
    if (!party.ok) return party;
    if (party.value.kind === 'address') return target(addressTarget(index, party.value.ips[0]!, party.value.label));
    return target({ ...blank, kind: party.value.kind, label: party.value.label, ref: party.value.ref, party: party.value, ips: preferFamily(party.value.ips, from.ips).slice(0, 1) });
  }
  if (text.includes('/')) return err(questionProblem('bad-destination', `"${text}" names no destination`, 'write service/NS/NAME, pod/NS/NAME, node/NAME, an address, a name or a URL'));
  if (!/^[A-Za-z0-9_*]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(text) || text.length > 253) return err(questionProblem('bad-name', `"${text}" is no DNS name`, 'use letters, digits, "-" and "."'));
  return ok(srvProtocol(text) === null ? nameAnswer(index, lookupName(index, askerOf(index.cluster, from), text), text, from) : srvAnswer(index, text, from));
}

/** What one server's answer for one name in full leads to; `typed` is how the name stood in the question. */
export function resolveName(cluster: Cluster, from: Party, { name, knows }: { readonly name: string; readonly knows: Asker['kind'] }, typed: string): TargetAnswer {
  const index = indexCluster(cluster);
  if (srvProtocol(typed) !== null) return srvAnswer(index, typed, from, { name, knows });
  const asker: Asker = knows === 'cluster' ? { kind: 'cluster', namespace: from.pod?.namespace ?? 'default' } : { kind: 'upstream' };
  return nameAnswer(index, lookupName(index, asker, `${name}.`), typed, from);
}

/** The name of the question as a resolver gets it: the URL's host, or the destination itself. */
export const askedName = (text: string): string => parseUrl(text.trim())?.host ?? text.trim();

function srvAnswer(index: ClusterIndex, text: string, from: Party, only?: { readonly name: string; readonly knows: Asker['kind'] }): TargetAnswer {
  const asker = askerOf(index.cluster, from);
  const names = only ? [only.name] : searchNames(asker, text, index.cluster.settings.dnsDomain);
  const answers = names.map((name) => ((only?.knows ?? asker.kind) === 'cluster' ? srvRecords(index, name, from.ips) : 'SRV records are known of the cluster only'));
  const at = answers.findIndex((answer) => typeof answer !== 'string');
  const lookups = asksByPackets(index, from) ? searchNames(asker, text, index.cluster.settings.dnsDomain) : [];
  const misses = answers.filter((answer) => typeof answer === 'string');
  if (at < 0) return { kind: 'nxdomain', name: text, tried: names, lookups, why: misses.find((miss) => miss.startsWith('Service')) ?? misses[0]!, url: null };
  const records = answers[at] as readonly SrvRecord[];
  const labels = records[0]!.target.split('.').slice(0, -index.cluster.settings.dnsDomain.split('.').length - 1);
  const service = index.services.get(`${labels.at(-1)}/${labels.at(-2)}`) ?? null;
  const srv = { protocol: srvProtocol(text)!, records };
  return { kind: 'target', target: { ...blank, kind: 'name', label: text, ref: service ? refOfService(service) : null, service, ips: records.map(({ ip }) => ip), how: 'without-packets', fqdn: names[at]!, lookups, srv, via: records.length === 1 ? `SRV ${printSrv(records[0]!)}` : `SRV of ${records.length} records` } };
}

/** The controller's address as this source would reach it. */
function ingressTarget(index: ClusterIndex, from: Party, host: string): Result<TargetAnswer, Problem> {
  const controller = controllerFor(index.cluster, host);
  if (controller) return serviceTarget(index, from, fullName(controller.service));
  const none = (index.cluster.ingresses ?? []).length === 0 ? 'there is no Ingress, so there is no controller' : 'nothing here is an Ingress controller, so nobody serves the Ingresses';
  return err(questionProblem('no-ingress-controller', none, 'add a controller with its Service, or spec.ingressController: lab to the Sandbox document'));
}

const target = (value: Target): Result<TargetAnswer, Problem> => ok({ kind: 'target', target: value });

function addressTarget(index: ClusterIndex, ip: Ip, label: string): Target {
  const party = partyOfAddress(index, ip);
  const service = party.ref === null ? index.serviceByIp.get(ip) ?? null : null;
  const ref: ObjectRef | null = service ? refOfService(service) : party.ref;
  return { ...blank, kind: 'address', label, ref, service, party: party.ref === null ? null : party, ips: [ip], how: 'literal' };
}

/** Whose resolver a source uses: its resolv.conf's first server, which knows the cluster's names or does not. */
function askerOf(cluster: Cluster, from: Party): Asker {
  const { pod } = from;
  const { nameservers, search, ndots } = resolvConfOf(cluster, pod, from.ips);
  // of a cluster without any DNS Service nobody says otherwise: names are found as if it had one
  const knows = nameservers[0]?.knows ?? (pod !== null && asksClusterDns(pod) ? 'cluster' : 'upstream');
  return knows === 'cluster' ? { kind: 'cluster', namespace: pod!.namespace, search, ndots } : { kind: 'upstream', search, ndots };
}

const asksByPackets = (index: ClusterIndex, from: Party): boolean => resolvConfOf(index.cluster, from.pod, from.ips).nameservers.length > 0;

/** `service/NS/NAME` names the object itself: nobody asks a resolver for it. */
const isObject = (text: string): boolean => text.includes('/');

function nameAnswer(index: ClusterIndex, answer: NameAnswer, text: string, from: Party): TargetAnswer {
  const lookups = !isObject(text) && asksByPackets(index, from) ? searchNames(askerOf(index.cluster, from), text, index.cluster.settings.dnsDomain) : [];
  if (answer.kind === 'nxdomain') return { kind: 'nxdomain', name: text, tried: answer.tried, lookups, why: answer.why, url: null };
  const { service, pod, outsider, fqdn, cnames, standIn, wayIn } = answer;
  const ref: ObjectRef | null = service ? refOfService(service) : pod ? partyOfPod(pod).ref : outsider ? partyOfOutsider(outsider).ref : null;
  const party = pod ? partyOfPod(pod) : outsider ? partyOfOutsider(outsider) : null;
  const ips = preferFamily(answer.ips, from.ips);
  // only headless names have several records that are not merely one per family
  const records = service !== null && !service.headless ? ips.slice(0, 1) : ips;
  const own = service !== null && cnames.length === 0 && wayIn === undefined;
  const label = own ? `service/${fullName(service)}` : text;
  return { kind: 'target', target: { ...blank, kind: own ? 'service' : 'name', label, ref, service, party, ips: records, how: 'without-packets', fqdn, cnames, lookups, via: wayIn?.via ?? (standIn ? 'an address that stands for the outside host' : ''), portMap: wayIn?.portMap ?? [], standIn } };
}

const outside = (from: Party): boolean => from.kind === 'client' || from.kind === 'host' || (from.kind === 'address' && from.pod === null && from.node === null);

function serviceTarget(index: ClusterIndex, from: Party, name: string): Result<TargetAnswer, Problem> {
  const service = index.services.get(name);
  if (service === undefined) {
    const close = nearest(name, index.services.keys()) ?? [...index.services.keys()].find((other) => other.endsWith(`/${name.split('/')[1]!}`)) ?? null;
    return err(questionProblem('no-such-service', `there is no service/${name}`, close === null ? 'check the namespace and the name' : `did you mean service/${close}?`));
  }
  const base = { ...blank, kind: 'service' as const, label: `service/${name}`, ref: refOfService(service), service };
  if (service.type === 'ExternalName' || service.headless) {
    // the object is only a name: what counts is what the name says inside the cluster
    const answer = lookupName(index, { kind: 'cluster', namespace: service.namespace }, `${service.name}.${service.namespace}.svc.${index.cluster.settings.dnsDomain}.`);
    return ok(nameAnswer(index, answer, `service/${name}`, from));
  }
  if (outside(from)) {
    const wayIn = wayInFromOutside(index, service, from.ips);
    if (wayIn !== null) return target({ ...base, ...wayIn });
  }
  const ips = preferFamily(service.clusterIps, from.ips).slice(0, 1);
  if (ips.length === 0) return err(questionProblem('service-has-no-address', `service/${name} has no address`, 'see its problems'));
  return target({ ...base, ips, via: outside(from) ? 'by its ClusterIP: the Service has no way in from outside' : '' });
}

/** The port that is really dialled for an asked one. */
export const dialledPort = (target: Target, protocol: L4Protocol, port: number): number => target.portMap.find((entry) => entry.protocol === protocol && entry.from === port)?.to ?? port;

