import { parseIp, type Ip } from '../base/ip.ts';
import { lookupName } from './dns.ts';
import type { ClusterIndex } from './index-cluster.ts';
import { findRoute, isCanary, pathOnly, type RouteAnswer } from './ingress-match.ts';
import type { IngressController } from './ingress-controllers.ts';
import type { Ingress, IngressTarget, TlsSecret } from './types.ts';

/** Where a controller sends a request, and with what share of the requests. */
export interface BackendShare { readonly ingress: Ingress; readonly target: IngressTarget | null; /** Out of `of`. */ readonly weight: number; readonly of: number }

const weightKey = 'nginx.ingress.kubernetes.io/canary-weight';

/** The targets of a matched request: the rule's own, and a canary of the same host and path with its weight (ingress-nginx, `canary-weight`). */
export function sharesOf(controller: IngressController, answer: Exclude<RouteAnswer, { kind: 'none' }>): readonly BackendShare[] {
  if (answer.kind === 'default') return [{ ingress: answer.ingress, target: answer.target, weight: 1, of: 1 }];
  const { ingress, rule } = answer.route;
  const canary = controller.claimed.find((one) => isCanary(one) && one.rules?.some((other) => other.host === rule.host && other.path === rule.path));
  const target = canary?.rules?.find((other) => other.host === rule.host && other.path === rule.path)?.target ?? null;
  const of = Math.max(1, Number(canary?.annotations?.[`${weightKey}-total`] ?? 100));
  const weight = canary && target ? Math.min(of, Math.max(0, Math.trunc(Number(canary.annotations?.[weightKey] ?? 0)) || 0)) : 0;
  const shares: readonly BackendShare[] = [{ ingress, target: rule.target, weight: of - weight, of }, ...(canary ? [{ ingress: canary, target, weight, of }] : [])];
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

/** The certificate that a controller shows for a server name: null where it fits, else why it does not, as a clause. */
export function certificateFault(controller: IngressController, secrets: readonly TlsSecret[], host: string): string | null {
  const entries = controller.claimed.flatMap((ingress) => (ingress.tls ?? []).map((tls) => ({ ingress, tls })));
  const entry = entries.find(({ ingress, tls }) => (tls.hosts.length > 0 ? tls.hosts : (ingress.rules ?? []).map((rule) => rule.host)).some((pattern) => covers(pattern, host)));
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
export const routeAt = (controller: IngressController, host: string, path: string): RouteAnswer => findRoute(controller.table, host, pathOnly(path));
