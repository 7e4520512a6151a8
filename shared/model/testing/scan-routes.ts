import { hostFor, pathOnly, type Route, type RouteTable } from '../ingress-match.ts';

const spelled = ({ rule }: Route): string => (rule.path === '' ? '/' : rule.path);
const elements = (path: string): readonly string[] => (path.endsWith('/') ? path.slice(0, -1) : path).split('/');

/** Whether a rule's path takes a request's, read off the API's words (networking/v1 types.go, `PathType`): equality, or one element after the other. */
function takes(route: Route, path: string): boolean {
  if (route.rule.pathType === 'Exact') return spelled(route) === path;
  const [own, asked] = [elements(spelled(route)), elements(path)];
  return own.every((element, i) => element === asked[i]);
}

/** Whether the first wins over the second: the longer path, on equal length Exact, then the order among Ingresses. */
function wins(a: Route, b: Route): boolean {
  const longer = spelled(a).length - spelled(b).length;
  if (longer !== 0) return longer > 0;
  const exact = Number(a.rule.pathType === 'Exact') - Number(b.rule.pathType === 'Exact');
  return exact === 0 ? a.order < b.order : exact > 0;
}

/** The rule that takes a request, found by looking at every rule: what the indexed search is measured and tested against. */
export function scanRoutes(table: RouteTable, host: string, target: string): Route | null {
  const entry = hostFor(table, host);
  const path = pathOnly(target);
  let best: Route | null = null;
  for (const route of table.all) if (route.rule.host === entry && takes(route, path) && (best === null || wins(route, best))) best = route;
  return best;
}
