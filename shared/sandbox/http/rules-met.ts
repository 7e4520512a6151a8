import { refOfIngress, whyNot, type RouteAnswer, type RouteTable } from '../../model/ingress-match.ts';
import type { HttpAnswer, HttpRule } from '../../trace/types.ts';

/** At most this many rules are explained; a request meets few that are near. */
const MAX_RULES = 50;

/** Every rule of the controller as this request met it, the winner first, then those of the same host, then the others. */
export function rulesMet({ all }: RouteTable, answer: RouteAnswer, host: string, path: string): Pick<HttpAnswer, 'rules' | 'rulesOmitted'> {
  const won = answer.kind === 'rule' ? answer.route : null;
  const near = all.length <= MAX_RULES ? all : all.filter((route) => route === won || route.rule.host === answer.host).slice(0, MAX_RULES);
  const rank = (rule: HttpRule, own: boolean): number => (rule.why === null ? 0 : own ? 1 : 2);
  const rules = near.map((route) => {
    const { ingress, rule } = route;
    const met: HttpRule = { ingress: refOfIngress(ingress), host: rule.host, path: rule.path === '' ? '/' : rule.path, pathType: rule.pathType, service: rule.target ? `${rule.target.service}:${rule.target.port}` : '', why: whyNot(answer, route, host, path) };
    return { met, rank: rank(met, rule.host === answer.host) };
  }).toSorted((a, b) => a.rank - b.rank).map(({ met }) => met);
  return { rules, ...(all.length > near.length ? { rulesOmitted: all.length - near.length } : {}) };
}
