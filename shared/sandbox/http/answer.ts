import { controllerAt } from '../../model/ingress-controllers.ts';
import { healthChecks, proxyHealth, proxyHealthPort } from '../../model/health-checks.ts';
import type { HttpRequest } from '../../model/http-request.ts';
import { proxyFamilies } from '../../model/proxy-node.ts';
import type { Branch, HttpAnswer } from '../../trace/types.ts';
import type { Asked } from '../legs/flow.ts';
import { apiAnswer, atApiServer } from './api-server.ts';
import { withRequests } from './keep-alive.ts';
import { proxied } from './proxy.ts';

/** What became of the request on each branch of its connection: answered by whoever it reached, or passed on by a controller. */
export function answered(asked: Asked, request: HttpRequest, branches: readonly Branch[]): readonly Branch[] {
  return branches.flatMap((branch) => (branch.verdict === 'delivered' ? withRequests(asked, branch, answersOf(asked, request, branch)) : [branch]));
}

function answersOf(asked: Asked, request: HttpRequest, branch: Branch): readonly Branch[] {
  if (atApiServer(asked, branch)) return [apiAnswer(asked, branch, request)];
  const pod = branch.endpoint?.pod;
  const controller = pod === undefined ? undefined : controllerAt(asked.world.cluster, pod);
  return controller ? proxied(asked, branch, controller, request) : [direct(asked, branch, request)];
}

/** A server without a proxy before it answers 200, except for a host it has never heard of: an ExternalName changes the address, not the Host header or the certificate. */
function direct(asked: Asked, branch: Branch, request: HttpRequest): Branch {
  const { service } = asked.target;
  const { method, scheme, host, serverName, path } = request;
  const base = { request: { method, scheme, host, path } };
  const name = service?.type === 'ExternalName' && branch.endpoint?.pod === undefined ? service.externalName.toLowerCase().replace(/\.$/, '') : null;
  if (name !== null && scheme === 'https' && serverName !== name) return { ...branch, verdict: 'tls-mismatch', code: 'foreign-certificate', sentence: `The certificate is for ${name}, not for ${serverName}: an ExternalName changes only the address.`, http: null };
  if (name !== null && host !== name) return { ...branch, verdict: 'http-error', code: 'http-404', sentence: `${name} serves no host ${host} (404): an ExternalName changes only the address, not the Host header.`, http: { ...base, status: 404 } };
  const health = proxyHealthAnswer(asked, branch, path) ?? healthAnswer(asked, branch);
  if (health) return { ...branch, ...health, http: { ...base, status: health.verdict === 'delivered' ? 200 : Number(health.code.slice('http-'.length)) } };
  const http: HttpAnswer = { ...base, status: 200, ...(service && service.type !== 'ExternalName' ? { service: `${service.namespace}/${service.name}` } : {}) };
  return { ...branch, http };
}

/** What kube-proxy says of itself on its own port; null where something else was reached. */
function proxyHealthAnswer({ world: { cluster } }: Asked, { endpoint }: Branch, path: string): Pick<Branch, 'verdict' | 'code' | 'sentence'> | null {
  const node = endpoint?.pod === undefined && endpoint?.port === proxyHealthPort ? cluster.nodes.find(({ name }) => name === endpoint.node) : undefined;
  if (!node) return null;
  const status = proxyHealth(node, path);
  const why = { 200: 'it is well', 404: 'it has the pages /healthz and /livez only', 503: 'the node is about to be taken away, so balancers send it nothing new' }[status];
  return { verdict: status === 200 ? 'delivered' : 'http-error', code: status === 200 ? '' : `http-${status}`, sentence: `kube-proxy on node ${node.name} says ${status}: ${why}.` };
}

/** kube-proxy's own answer on a health-check node port: 503 where the node has no ready endpoint; null where nothing like that was reached. */
function healthAnswer({ world: { cluster } }: Asked, { endpoint }: Branch): Pick<Branch, 'verdict' | 'code' | 'sentence'> | null {
  if (endpoint?.node === undefined || endpoint.pod !== undefined) return null;
  const { node, port } = endpoint;
  const check = healthChecks(cluster, node, proxyFamilies(cluster)).find((one) => one.port === port);
  if (!check) return null;
  const { namespace, name } = check.service;
  if (check.status === 200) return { verdict: 'delivered', code: '', sentence: `kube-proxy on node ${node} says 200: ${check.localEndpoints} ready endpoint${check.localEndpoints === 1 ? '' : 's'} of Service ${namespace}/${name} here.` };
  return { verdict: 'http-error', code: 'http-503', sentence: `kube-proxy on node ${node} says 503: no ready endpoint of Service ${namespace}/${name} here, so balancers send it nothing.` };
}
