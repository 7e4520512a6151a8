import { fraction, fromFractionJson, multiplyFractions, toFractionJson, type Fraction } from '../../base/fraction.ts';
import type { Ip } from '../../base/ip.ts';
import { emptyState, send } from '../../engine/send.ts';
import { indexCluster } from '../../model/index-cluster.ts';
import { redirectsToHttps } from '../../model/ingress-annotations.ts';
import { certificateFault, dialled, routeAt, sharesOf, tlsEntryFor, type BackendShare } from '../../model/ingress-backends.ts';
import { tlsPort, type IngressController } from '../../model/ingress-controllers.ts';
import { refOfIngress, type RouteAnswer } from '../../model/ingress-match.ts';
import type { HttpRequest } from '../../model/http-request.ts';
import { partyOfPod } from '../../model/resolve-from.ts';
import { resolveTo } from '../../model/resolve-to.ts';
import type { Pod } from '../../model/types.ts';
import type { Branch, DecidedBy, HttpAnswer } from '../../trace/types.ts';
import { toBranch } from '../branch.ts';
import { flowOf, type Asked } from '../legs/flow.ts';
import type { World } from '../world.ts';
import { rulesMet } from './rules-met.ts';

const remembered = new WeakMap<World, Map<string, readonly Branch[]>>();

/** The controller's own connection to one endpoint, every branch of it. */
function onward(world: World, pod: Pod, end: { readonly ip: Ip; readonly port: number }, now: number): readonly Branch[] {
  const known = remembered.get(world) ?? new Map<string, readonly Branch[]>();
  remembered.set(world, known);
  const key = `${pod.namespace}/${pod.name} ${end.ip} ${end.port}`;
  const found = known.get(key);
  if (found) return found;
  const from = partyOfPod(pod);
  const to = resolveTo(world.cluster, from, end.ip);
  if (!to.ok || to.value.kind !== 'target') return [];
  const asked: Asked = { world, probe: { from: from.label, to: end.ip, port: end.port }, from, target: to.value.target, protocol: 'tcp', port: end.port };
  const made = send(world.dataplane, flowOf(asked, end.ip), emptyState(now), { mode: 'all' }).branches.map((one) => toBranch(asked, end.ip, one.odds, one.trace));
  known.set(key, made);
  return made;
}

const scaled = (branch: Branch, odds: Fraction): Branch['odds'] => toFractionJson(multiplyFractions(fromFractionJson(branch.odds), odds));
const spoken = ({ method, scheme, host, path }: HttpRequest): string => `${method} ${scheme}://${host}${path}`;

/** An answer that the controller gives by itself. */
function ownAnswer(branch: Branch, http: HttpAnswer, odds: Fraction, code: string, sentence: string, decidedBy: readonly DecidedBy[]): Branch {
  return { ...branch, odds: scaled(branch, odds), verdict: 'http-error', code, sentence, http, decidedBy };
}

function decidedByRule(share: BackendShare, answer: RouteAnswer): DecidedBy {
  const { ingress, target } = share;
  const rule = answer.kind !== 'rule' ? undefined : answer.route.ingress === ingress ? answer.route.rule : ingress.rules?.find((one) => one.host === answer.route.rule.host && one.path === answer.route.rule.path);
  const at = rule?.at ?? ingress.at;
  const left = rule ? `${rule.host === '' ? '*' : rule.host}${rule.path} (${rule.pathType})` : 'defaultBackend';
  return { kind: 'Ingress', namespace: ingress.namespace, name: ingress.name, ...(at ? { file: at.file, line: at.line } : {}), rule: `${left} → ${target ? `${target.service}:${target.port}` : 'no Service'}` };
}

/** The request at a backend: every endpoint as likely (the common controllers' round robin), each over a connection of the controller's own. */
function served(asked: Asked, branch: Branch, pod: Pod, share: BackendShare, answer: RouteAnswer, base: HttpAnswer): readonly Branch[] {
  const { world, probe } = asked;
  const part = fraction(share.weight, share.of);
  const by = decidedByRule(share, answer);
  const service = share.target ? `${share.ingress.namespace}/${share.target.service}` : undefined;
  const { ends, why } = dialled(indexCluster(world.cluster), share.ingress, share.target);
  const named: HttpAnswer = { ...base, ...(service === undefined ? {} : { service }) };
  if (ends.length === 0) return [ownAnswer(branch, { ...named, status: 503 }, part, 'http-503', `Ingress ${by.namespace}/${by.name} takes the request (${by.rule}), but ${why}: the controller answers 503.`, [by])];
  const client = branch.sourceSeen?.ip;
  const forwarded = client === undefined ? {} : { forwarded: { 'X-Forwarded-For': client, 'X-Forwarded-Host': base.request?.host ?? '', 'X-Forwarded-Proto': base.request?.scheme ?? 'http' } };
  return ends.flatMap((end) => onward(world, pod, end, probe.now ?? 0).map((leg): Branch => {
    const odds = multiplyFractions(part, multiplyFractions(fraction(1, ends.length), fromFractionJson(leg.odds)));
    const legs = [...branch.legs, ...leg.legs.map((one) => ({ ...one, kind: 'onward' as const, answer: `Host: ${base.request?.host ?? ''}${client === undefined ? '' : `, X-Forwarded-For: ${client}`}` }))];
    if (leg.verdict !== 'delivered') {
      const status = leg.verdict === 'refused' ? 502 : 504;
      const failed = ownAnswer(branch, { ...named, ...forwarded, status }, odds, leg.code, `The controller reached no pod of ${service} (${status}): ${leg.sentence}`, [by, ...leg.decidedBy]);
      return { ...failed, legs };
    }
    return {
      ...branch, odds: scaled(branch, odds), verdict: 'delivered', code: '', sentence: `${leg.endpoint?.pod ?? end.ip} answered 200: ${by.rule}.`,
      dnat: leg.dnat ?? branch.dnat, snat: leg.snat ?? branch.snat, endpoint: leg.endpoint, sourceSeen: leg.sourceSeen, http: { ...named, ...forwarded, status: 200 }, decidedBy: [by, ...branch.decidedBy], legs,
    };
  }));
}

/** The controller's own answer to plain HTTP where https is wanted (308, as ingress-nginx's `http-redirect-code` has it); the client is not followed. */
function redirected(branch: Branch, base: HttpAnswer, answer: Exclude<RouteAnswer, { kind: 'none' }>): Branch {
  const ingress = answer.kind === 'rule' ? answer.route.ingress : answer.ingress;
  const { host, path } = base.request!;
  const location = `https://${host}${path}`;
  return { ...branch, code: 'https-redirect', sentence: `The controller answers 308 and sends the client to ${location}: Ingress ${ingress.namespace}/${ingress.name} wants TLS.`, http: { ...base, status: 308, location }, decidedBy: [{ ...refOfIngress(ingress), ...(ingress.at ? { file: ingress.at.file, line: ingress.at.line } : {}), rule: 'ssl-redirect' }, ...branch.decidedBy] };
}

/** Plain HTTP on the controller's TLS port, or a TLS greeting on its plain one; null where scheme and port fit. */
function wrongPort(branch: Branch, controller: IngressController, pod: Pod, { scheme, method, host, path }: HttpRequest): Branch | null {
  const secure = tlsPort(controller, pod);
  if (secure === null || (branch.endpoint?.port === secure) === (scheme === 'https')) return null;
  if (scheme === 'https') return { ...branch, verdict: 'tls-mismatch', code: 'no-tls', sentence: `Port ${branch.endpoint?.port} of the controller speaks plain HTTP, so it has no answer to a TLS greeting.`, http: null };
  return { ...branch, verdict: 'http-error', code: 'http-400', sentence: 'The controller answers 400: plain HTTP came to its TLS port.', http: { status: 400, request: { method, scheme, host, path } } };
}

/** What becomes of a request that reached a controller's pod: certificate, rule, backend, and the onward connection. */
export function proxied(asked: Asked, branch: Branch, controller: IngressController, request: HttpRequest): readonly Branch[] {
  const { cluster } = asked.world;
  const pod = controller.pods.find((one) => `${one.namespace}/${one.name}` === branch.endpoint?.pod);
  if (!pod) return [branch];
  const mistaken = wrongPort(branch, controller, pod, request);
  if (mistaken) return [mistaken];
  const fault = request.scheme === 'https' ? certificateFault(controller, cluster.secrets ?? [], request.serverName) : null;
  if (fault !== null) return [{ ...branch, verdict: 'tls-mismatch', code: 'default-certificate', sentence: `The certificate is not for ${request.serverName}: ${fault}.`, http: null }];
  const answer = routeAt(controller, request.host, request.path);
  const { method, scheme, host, path } = request;
  const base: HttpAnswer = { status: 404, request: { method, scheme, host, path }, ...rulesMet(controller.table, answer, host, path) };
  if (answer.kind === 'none') {
    const why = controller.claimed.length === 0 ? 'it claims no Ingress' : answer.host === null ? `no rule names host ${host === '' ? '(none)' : host}` : `no path of host ${answer.host === '' ? '*' : answer.host} takes it`;
    return [ownAnswer(branch, base, fraction(1), 'http-404', `The controller answers ${spoken(request)} with 404: ${why}, and there is no default backend.`, controller.table.all.slice(0, 1).map(({ ingress }) => ({ ...refOfIngress(ingress), ...(ingress.at ? { file: ingress.at.file, line: ingress.at.line } : {}) })))];
  }
  if (request.scheme === 'http' && redirectsToHttps(answer.kind === 'rule' ? answer.route.ingress : answer.ingress, { nginx: controller.controller === 'k8s.io/ingress-nginx', tls: tlsEntryFor(controller, host) !== undefined })) return [redirected(branch, base, answer)];
  return sharesOf(controller, answer, request.headers).flatMap((share) => served(asked, branch, pod, share, answer, base));
}
