import { addFractions, fromFractionJson, printFraction, type Fraction } from '../base/fraction.ts';
import { workloadName } from '../analysis/ends.ts';
import { ApiFailure } from '../api/failure.ts';
import type { ConnectionChange, PathChange, PathSide } from '../api/reach-contract.ts';
import type { Cluster, Pod, Service, ServicePort } from '../model/types.ts';
import type { Journey } from '../trace/types.ts';
import { ask } from './ask.ts';
import type { World } from './world.ts';
import { podId } from '../model/describe.ts';

/** At most this many questions are asked of each side unless the caller says otherwise; the rest is counted as left out. */
export const MAX_QUESTIONS = 4000;

interface Question { readonly from: string; readonly service: string; readonly protocol: ServicePort['protocol']; readonly port: number }

/** The first ready pod of each workload speaks for it, as in the CLI. */
export function speakers(cluster: Cluster): ReadonlyMap<string, Pod> {
  const found = new Map<string, Pod>();
  for (const pod of cluster.pods) {
    if (pod.phase !== 'Running' || (pod.implied && pod.owner === null)) continue;
    const name = workloadName(pod);
    const known = found.get(name);
    if (!known || (!known.ready && pod.ready)) found.set(name, pod);
  }
  return found;
}

const proxied = (cluster: Cluster): readonly Service[] => cluster.services.filter((service) => service.type !== 'ExternalName' && !service.headless && !service.implied);
const questionsOf = (cluster: Cluster): readonly Question[] => [...speakers(cluster).keys()].flatMap((from) =>
  proxied(cluster).flatMap((service) => service.ports.map(({ protocol, port }): Question => ({ from, service: `service/${service.namespace}/${service.name}`, protocol, port }))));

/** Who answers and how often, by workload: which pod of it, and by which address, is no difference. */
function sideOf(world: World, journey: Journey): PathSide {
  const named = new Map(world.cluster.pods.map((pod) => [`${pod.namespace}/${pod.name}`, workloadName(pod)]));
  const shares = new Map<string, Fraction>();
  for (const branch of journey.branches) {
    const { endpoint } = branch;
    const who = endpoint ? `${named.get(endpoint.pod ?? '') ?? endpoint.ip}:${endpoint.port}` : branch.code;
    const what = `${branch.verdict} ${who}`;
    const known = shares.get(what);
    const odds = fromFractionJson(branch.odds);
    shares.set(what, known ? addFractions(known, odds) : odds);
  }
  return {
    verdict: journey.verdict,
    codes: [...new Set(journey.branches.filter((branch) => branch.verdict !== 'delivered').map((branch) => branch.code))].toSorted(),
    branches: [...shares].map(([what, odds]) => `${printFraction(odds)} ${what}`).toSorted(),
    hops: journey.branches[0]?.legs.at(-1)?.trace.hops.map((hop) => hop.netns) ?? [],
  };
}

function side(world: World, pods: ReadonlyMap<string, Pod>, services: ReadonlySet<string>, { from, service, protocol, port }: Question): PathSide | null {
  const pod = pods.get(from);
  if (!pod || !services.has(service)) return null;
  try {
    return sideOf(world, ask(world, { from: podId(pod), to: service, protocol, port }).journey);
  } catch (thrown) {
    // A question that names nobody here has no answer on this side; our own bugs go on.
    if (thrown instanceof ApiFailure) return null;
    throw thrown;
  }
}

/** The hop at which two ways part: the first that differs, or the last common one where one of them ended there. */
function partsAt(before: PathSide | null, after: PathSide | null): PathChange['partsAt'] {
  if (!before || !after) return null;
  const length = Math.min(before.hops.length, after.hops.length);
  let i = 0;
  while (i < length && before.hops[i] === after.hops[i]) i++;
  const at = i === length ? Math.max(0, i - 1) : i;
  return { hop: at, before: before.hops[at] ?? '', after: after.hops[at] ?? '' };
}

const text = (one: PathSide | null): string => (one ? JSON.stringify([one.verdict, one.branches]) : '');
const reached = (one: PathSide | null): boolean => one !== null && (one.verdict === 'delivered' || one.verdict === 'ambiguous');

/** Each Service with its endpoints as text, without the place where it is written. */
function servicesAsText(cluster: Cluster): ReadonlyMap<string, string> {
  const slices = new Map<string, unknown[]>();
  for (const { namespace, service, ports, endpoints } of cluster.endpointSlices) slices.set(`service/${namespace}/${service}`, [...(slices.get(`service/${namespace}/${service}`) ?? []), ports, endpoints]);
  return new Map(cluster.services.map(({ at: _, ...service }) => {
    const id = `service/${service.namespace}/${service.name}`;
    return [id, JSON.stringify([service, slices.get(id) ?? []])];
  }));
}

/** The questions most likely to be answered otherwise come first: to Services that differ, and from and to workloads between which policies judge otherwise. */
function likelyFirst(questions: readonly Question[], before: Cluster, after: Cluster, judged: readonly Pick<ConnectionChange, 'src' | 'dst'>[]): readonly Question[] {
  const [was, is] = [servicesAsText(before), servicesAsText(after)];
  const pairs = new Set(judged.map(({ src, dst }) => `${src}\0${dst}`));
  const named = new Map([...before.pods, ...after.pods].map((pod) => [`${pod.namespace}/${pod.name}`, workloadName(pod)]));
  const behind = new Map<string, Set<string>>();
  for (const { namespace, service, endpoints } of [...before.endpointSlices, ...after.endpointSlices]) {
    const id = `service/${namespace}/${service}`;
    const workloads = behind.get(id) ?? new Set<string>();
    for (const { target } of endpoints) if (target) workloads.add(named.get(`${namespace}/${target.name}`) ?? '');
    behind.set(id, workloads);
  }
  const isLikely = ({ from, service }: Question): boolean => was.get(service) !== is.get(service) || [...(behind.get(service) ?? [])].some((to) => pairs.has(`${from}\0${to}`));
  const likely = questions.map(isLikely);
  return [...questions.filter((_, i) => likely[i]), ...questions.filter((_, i) => !likely[i])];
}

/** What became of every workload's call to every Service: opened, closed, or answered by others or with other odds. `judged` names pairs that policies judge otherwise: where not all can be asked, they are asked first. */
export function diffPaths(before: World, after: World, judged: readonly Pick<ConnectionChange, 'src' | 'dst'>[] = [], most = MAX_QUESTIONS): { readonly services: readonly PathChange[]; readonly questionsLeftOut: number } {
  const all = [...new Map([...questionsOf(after.cluster), ...questionsOf(before.cluster)].map((q) => [JSON.stringify(q), q])).values()];
  const asked = all.length <= most ? all : likelyFirst(all, before.cluster, after.cluster, judged);
  const pods = [speakers(before.cluster), speakers(after.cluster)] as const;
  const services = [before, after].map(({ cluster }) => new Set(proxied(cluster).map((service) => `service/${service.namespace}/${service.name}`)));
  const changes = asked.slice(0, most).flatMap((question): readonly PathChange[] => {
    const was = side(before, pods[0], services[0]!, question);
    const is = side(after, pods[1], services[1]!, question);
    if (text(was) === text(is) || (!reached(was) && !reached(is) && (was === null || is === null))) return [];
    const change = reached(was) === reached(is) ? 'changed' : reached(is) ? 'opened' : 'closed';
    return [{ from: question.from, to: question.service, protocol: question.protocol, port: question.port, change, before: was, after: is, partsAt: partsAt(was, is) }];
  });
  return { services: changes, questionsLeftOut: Math.max(0, asked.length - most) };
}
