import { parseIp, type Ip } from '../base/ip.ts';
import { lookupName } from './dns.ts';
import type { ClusterIndex } from './index-cluster.ts';
import { canaryShare } from './ingress-annotations.ts';
import { canariesOf, findRoute, type RouteAnswer } from './ingress-match.ts';
import type { IngressController } from './ingress-controllers.ts';
import type { HttpRequest } from './http-request.ts';
import type { Ingress, IngressTarget, TlsSecret } from './types.ts';

/** Where a controller sends a request, and with what share of the requests. */
export interface BackendShare { readonly ingress: Ingress; readonly target: IngressTarget | null; /** Out of `of`. */ readonly weight: number; readonly of: number }

/** The targets of a matched request: the rule's own, and a canary of the same host and path with its share (ingress-nginx, `canary`). */
export function sharesOf(controller: IngressController, answer: Exclude<RouteAnswer, { kind: 'none' }>, headers: HttpRequest['headers'] = {}): readonly BackendShare[] {
  if (answer.kind === 'default') return [{ ingress: answer.ingress, target: answer.target, weight: 1, of: 1 }];
  const { ingress, rule } = answer.route;
  const canary = canariesOf(controller.table, answer.route)[0];
  if (canary === undefined || canary.target === null) return [{ ingress, target: rule.target, weight: 1, of: 1 }];
  const { weight, of } = canaryShare(canary.ingress, headers);
  const shares: readonly BackendShare[] = [{ ingress, target: rule.target, weight: of - weight, of }, { ingress: canary.ingress, target: canary.target, weight, of }];
  return shares.filter((share) => share.weight > 0);
}

/** What a controller dials for a backend: the pods themselves, past the ClusterIP. Empty with the reason where there is nobody. */
export function dialled(index: ClusterIndex, ingress: Ingress, target: IngressTarget | null): { readonly ends: readonly { readonly ip: Ip; readonly port: number }[]; readonly why: string } {
  const none = (why: string) => ({ ends: [], why });
  if (target === null) return none('its backend is no Service');
  const name = `${ingress.namespace}/${target.service}`;
  const service = index.services.get(name);
  if (!service) return none(`there is no Service ${name}`);
  const port = service.ports.find((one) => one.protocol === 'tcp' && (one.port === target.port || (one.name !== '' && one.name === target.port)));
  if (service.type === 'ExternalName') {
    const answer = lookupName(index, { kind: 'upstream' }, service.externalName);
    const number = port?.port ?? (typeof target.port === 'number' ? target.port : 80);
    return answer.kind === 'found' ? { ends: answer.ips.slice(0, 1).map((ip) => ({ ip, port: number })), why: '' } : none(`${service.externalName} has no address`);
  }
  if (!port) return none(`Service ${name} has no port ${target.port}`);
  const ends = (index.slicesOf.get(name) ?? []).filter((slice) => slice.addressType !== 'FQDN').flatMap((slice) => slice.ports.filter((one) => (one.name ?? '') === port.name && one.protocol === 'tcp' && one.port !== null)
    .flatMap((one) => slice.endpoints.filter((endpoint) => endpoint.ready).flatMap((endpoint) => endpoint.addresses.slice(0, 1).map(parseIp).filter((ip) => ip !== null).map((ip) => ({ ip, port: one.port! })))));
  const distinct = ends.filter((end, i) => ends.findIndex((other) => other.ip === end.ip && other.port === end.port) === i);
  return distinct.length === 0 ? none(`Service ${name} has no ready endpoint`) : { ends: distinct, why: '' };
}

const covers = (pattern: string, host: string): boolean => pattern === host || (pattern.startsWith('*.') && host.includes('.') && host.slice(host.indexOf('.')) === pattern.slice(1));

interface TlsEntry { readonly ingress: Ingress; readonly tls: NonNullable<Ingress['tls']>[number] }
const remembered = new WeakMap<IngressController, ReadonlyMap<string, TlsEntry>>();

/** The first TLS entry for each name or wildcard that one is for; an entry without hosts is for its Ingress's own. */
function entriesOf(controller: IngressController): ReadonlyMap<string, TlsEntry> {
  const known = remembered.get(controller);
  if (known) return known;
  const made = new Map<string, TlsEntry>();
  for (const ingress of controller.claimed) {
    for (const tls of ingress.tls ?? []) for (const name of tls.hosts.length > 0 ? tls.hosts : (ingress.rules ?? []).map((rule) => rule.host)) if (!made.has(name)) made.set(name, { ingress, tls });
  }
  remembered.set(controller, made);
  return made;
}

/** The TLS entry that a server name falls under: by the name itself, else by a wildcard. */
export function tlsEntryFor(controller: IngressController, name: string): TlsEntry | undefined {
  const entries = entriesOf(controller);
  const dot = name.indexOf('.');
  return entries.get(name) ?? (dot > 0 ? entries.get(`*${name.slice(dot)}`) : undefined);
}

/** The certificate that a controller shows for a server name: null where it fits, else why it does not, as a clause. */
export function certificateFault(controller: IngressController, secrets: readonly TlsSecret[], host: string): string | null {
  const entry = tlsEntryFor(controller, host);
  const own = 'so the controller shows its own certificate';
  if (!entry) return `no Ingress has a TLS entry for ${host === '' ? 'a request without a name' : host}, ${own}`;
  const { ingress, tls } = entry;
  const name = `${ingress.namespace}/${tls.secret}`;
  if (tls.secret === '') return `the TLS entry of Ingress ${ingress.namespace}/${ingress.name} names no Secret, ${own}`;
  const secret = secrets.find((one) => one.namespace === ingress.namespace && one.name === tls.secret);
  if (!secret) {
    const elsewhere = secrets.find((one) => one.name === tls.secret);
    return `there is no Secret ${name}${elsewhere ? ` (namespace ${elsewhere.namespace} has one, but a Secret counts only in the Ingress’s own)` : ''}, ${own}`;
  }
  if (secret.type !== 'kubernetes.io/tls') return `Secret ${name} is of type ${secret.type}, not kubernetes.io/tls, ${own}`;
  // a certificate that cannot be read is taken at its Secret's word
  if (secret.names !== null && secret.names.length > 0 && !secret.names.some((pattern) => covers(pattern, host))) return `the certificate in Secret ${name} is for ${secret.names.join(', ')}`;
  return null;
}

/** The rule that takes a request at this controller. */
export const routeAt = (controller: IngressController, host: string, path: string): RouteAnswer => findRoute(controller.table, host, path);
