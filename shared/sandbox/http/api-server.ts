import { printRef } from '../../base/object-ref.ts';
import { anonymous, authorize, buildRbac, printRbacRequest, rbacRequest, userOfServiceAccount } from '../../model/rbac.ts';
import type { RbacUser } from '../../model/rbac-types.ts';
import { isApiServer, isApiServerName } from '../../model/rbac-server.ts';
import type { HttpRequest } from '../../model/http-request.ts';
import type { Branch, DecidedBy, HttpAnswer } from '../../trace/types.ts';
import type { Asked } from '../legs/flow.ts';

/** Whether this branch's packets ended at an API server. */
export const atApiServer = ({ world }: Asked, { endpoint }: Branch): boolean => endpoint !== null && isApiServer(world.cluster, endpoint.ip, endpoint.port);

/** A pod shows its ServiceAccount's token unless it mounts none; others show what the request's headers hold, which nobody here can have issued. Null = 401. */
function userOf({ from }: Asked, { headers }: HttpRequest): RbacUser | null {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) return null;
  return from.pod && from.pod.tokenMounted !== false ? userOfServiceAccount(from.pod.namespace, from.pod.serviceAccount) : anonymous;
}

/** What the API server answers: 400 without TLS, 401 for a token that it did not issue, 403 for what no role allows, else 200 (201 for what is created). */
export function apiAnswer(asked: Asked, branch: Branch, request: HttpRequest): Branch {
  const { cluster } = asked.world;
  const { method, scheme, host, serverName, path } = request;
  const base = { request: { method, scheme, host, path }, service: 'default/kubernetes' };
  const refuse = (status: number, sentence: string, decidedBy: readonly DecidedBy[] = []): Branch => ({ ...branch, verdict: 'http-error', code: `http-${status}`, sentence, http: { ...base, status }, decidedBy });
  if (scheme === 'http') return refuse(400, 'The API server speaks TLS only: it answers a plain request with 400.');
  if (!isApiServerName(cluster, serverName) && serverName !== branch.endpoint?.ip) return { ...branch, verdict: 'tls-mismatch', code: 'foreign-certificate', sentence: `The API server’s certificate does not name ${serverName}.`, http: null };
  const user = userOf(asked, request);
  if (user === null) return refuse(401, 'The API server did not issue this token: Unauthorized (401).');
  const wanted = rbacRequest(method, path);
  const decision = authorize(cluster.rbac ?? buildRbac([]), user, wanted);
  const text = printRbacRequest(wanted);
  if (!decision.allowed) return refuse(403, `User "${user.name}" cannot ${text}: no role bound to it allows that (403).`);
  const http: HttpAnswer = { ...base, status: wanted.verb === 'create' ? 201 : 200 };
  const decidedBy = [decision.binding, decision.role].map(({ ref, at }): DecidedBy => ({ ...ref, ...(at ? { file: at.file, line: at.line } : {}), rule: text }));
  return { ...branch, sentence: `User "${user.name}" may ${text}: ${printRef(decision.binding.ref)} binds ${printRef(decision.role.ref)}.`, http, decidedBy: [...decidedBy, ...branch.decidedBy] };
}
