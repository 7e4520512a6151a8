import { refOfIngress, routesOf, whyNot, type RouteAnswer, type RouteTable } from '../../model/ingress-match.ts';
import type { HttpAnswer, HttpRule } from '../../trace/types.ts';

/** At most this many rules are explained; a request meets few that are near. */
const MAX_RULES = 50;

/** Every rule of the controller as this request met it, the winner first, then those of the same host, then the others. */
export function rulesMet(table: RouteTable, answer: RouteAnswer, host: string, path: string): Pick<HttpAnswer, 'rules' | 'rulesOmitted'> {
  const won = answer.kind === 'rule' ? answer.route : null;
  const { all } = table;
  // of many rules only the own host's are told, so that an answer costs by them
  const own = all.length <= MAX_RULES ? all : routesOf(table, answer.host);
  const near = own.length <= MAX_RULES ? own : [...(won ? [won] : []), ...own.slice(0, MAX_RULES).filter((route) => route !== won)].slice(0, MAX_RULES);
  const rank = (rule: HttpRule, own: boolean): number => (rule.why === null ? 0 : own ? 1 : 2);
  const rules = near.map((route) => {
    const { ingress, rule } = route;
    const met: HttpRule = { ingress: refOfIngress(ingress), host: rule.host, path: rule.path === '' ? '/' : rule.path, pathType: rule.pathType, service: rule.target ? `${rule.target.service}:${rule.target.port}` : '', why: whyNot(answer, route, host, path) };
    return { met, rank: rank(met, rule.host === answer.host) };
  }).toSorted((a, b) => a.rank - b.rank).map(({ met }) => met);
  return { rules, ...(all.length > near.length ? { rulesOmitted: all.length - near.length } : {}) };
}
