import { printFraction } from '../base/fraction.ts';
import type { Branch, Glossary, HttpAnswer, Journey } from './types.ts';
import { printRequestShare } from './request-share.ts';
import { formatTrace } from './format-trace.ts';

const place = (port: number | null, protocol: string): string => (port === null ? ` (${protocol})` : `:${port}/${protocol}`);

/** Rules that lost, told in a text; the JSON has more. */
const MOST_RULES = 12;

/** What a request was answered, what a proxy added to it, and each of its rules with why it lost. */
function httpText({ request, status, service, location, forwarded = {}, rules = [], rulesOmitted = 0 }: HttpAnswer): readonly string[] {
  const asked = request === undefined ? 'HTTP' : `${request.method} ${request.scheme}://${request.host}${request.path}`;
  const left = rulesOmitted + Math.max(0, rules.length - MOST_RULES);
  return [
    `  ${asked}: ${status}${service === undefined ? '' : `, Service ${service}`}${location === undefined ? '' : `, Location: ${location}`}`,
    ...Object.entries(forwarded).map(([name, value]) => `    the proxy adds ${name}: ${value}`),
    ...rules.slice(0, MOST_RULES).map(({ ingress, host, path, pathType, service: to, why }) => `    ${why === null ? 'taken by' : 'not by'} ${host === '' ? '*' : host}${path} ${pathType} → ${to} of Ingress ${ingress.namespace}/${ingress.name}${why === null ? '' : `: ${why}`}`),
    ...(left === 0 ? [] : [`    ${left} more rule(s)`]),
  ];
}

function branchText(branch: Branch, n: number, journey: Journey, glossary: Glossary): string {
  const odds = journey.branches.length > 1 ? ` ${printFraction(branch.odds)}` : '';
  const pod = branch.endpoint ? ` by ${branch.endpoint.pod ?? branch.endpoint.ip}${branch.endpoint.node === undefined ? '' : ` on ${branch.endpoint.node}`}` : '';
  const head = `branch ${n}${odds}: ${branch.verdict}${pod}${branch.code === '' ? '' : ` (${branch.code})`}`;
  const decided = branch.decidedBy.map((by) => `  decided by ${by.kind} ${by.namespace === undefined ? '' : `${by.namespace}/`}${by.name}${by.file === undefined ? '' : ` (${by.file}:${by.line})`}${by.rule === undefined ? '' : `: ${by.rule}`}`);
  const legs = branch.legs.flatMap((leg, i) => [
    `  ${leg.kind} ${leg.kind === 'lookup' ? 'of' : 'to'} ${leg.what}${leg.answer === undefined ? '' : ` — ${leg.answer}`}${leg.server === undefined ? '' : ` (asked of ${leg.server})`}`,
    ...(leg.questions ?? []).map(({ type, answer }) => `    ${type}: ${answer}`),
    // a search list asks several names the same way
    ...leg.trace === branch.legs[i - 1]?.trace ? ['    the same way'] : formatTrace(leg.trace, (netns, id) => glossary[`${netns} ${id}`]?.text).trimEnd().split('\n').map((line) => `    ${line}`),
  ]);
  const queries = branch.legs.reduce((sum, leg) => sum + (leg.queries ?? 0), 0);
  const asked = queries === 0 ? [] : [`  ${queries} DNS ${queries === 1 ? 'query' : 'queries'} of ${branch.legs.filter(({ kind }) => kind === 'lookup').length} name(s)`];
  const http = branch.http === null ? [] : httpText(branch.http);
  const requests = branch.http?.requests ? [`  requests of one connection: ${printRequestShare(branch.http.requests)} end here`] : [];
  return [head, `  ${branch.sentence}`, ...asked, ...http, ...requests, ...decided, ...legs].join('\n');
}

/** A journey as a text tree: the question, the verdict, then every branch with its hops and steps. */
export function formatJourney(journey: Journey, glossary: Glossary): string {
  const via = journey.resolution?.via === undefined ? '' : `, ${journey.resolution.via}`;
  const title = `${journey.from} → ${journey.target}${place(journey.port, journey.protocol)}${via}: ${journey.verdict}`;
  const branches = journey.branches.map((branch, i) => branchText(branch, i + 1, journey, glossary));
  return [...(journey.probe.name === undefined ? [] : [`# ${journey.probe.name}`]), title, ...branches].join('\n');
}
