import { fraction, fromFractionJson, multiplyFractions, toFractionJson } from '../../base/fraction.ts';
import { controllerAt } from '../../model/ingress-controllers.ts';
import type { Branch, RequestShare } from '../../trace/types.ts';
import type { Asked } from '../legs/flow.ts';

/** Controllers that choose by chance: NGINX Inc.'s default is `random two least_conn` (ConfigMap `lb-method`). Those named nowhere here take turns, as ingress-nginx (`load-balance`), Traefik, HAProxy, Contour and Kong do without further settings. */
const byChance: ReadonlySet<string> = new Set(['nginx.org/ingress-controller']);

/** How a proxy divides the requests of one connection among the branches behind it. */
function howOf(asked: Asked, behind: readonly Branch[]): RequestShare['how'] {
  if (behind.length === 1) return 'all';
  const pod = behind[0]!.legs.find((leg) => leg.kind === 'onward')?.trace.flow.from.replace(/^pod\//, '');
  const controller = pod === undefined ? undefined : controllerAt(asked.world.cluster, pod);
  // a canary's weight is drawn for each request
  const even = behind.every(({ odds }) => odds.num === behind[0]!.odds.num && odds.den === behind[0]!.odds.den);
  return even && controller !== undefined && controller.controller !== '' && !byChance.has(controller.controller) ? 'turns' : 'about';
}

/**
 * Keep-alive: what becomes of each of the requests that follow one another on this connection. Rewrites are of the connection (conntrack), so without a
 * proxy all of them end where it does; a controller reads each request and sends it on by itself. How many connections of its own it keeps for that is not modelled.
 */
export function withRequests(asked: Asked, connection: Branch, behind: readonly Branch[]): readonly Branch[] {
  const of = asked.probe.http?.requests;
  if (of === undefined) return behind;
  const how = howOf(asked, behind);
  const whole = fromFractionJson(connection.odds);
  const each = fraction(BigInt(of) * whole.den, whole.num);
  return behind.map((branch) => (branch.http === null ? branch : { ...branch, http: { ...branch.http, requests: { of, how, here: toFractionJson(multiplyFractions(fromFractionJson(branch.odds), each)) } } }));
}
