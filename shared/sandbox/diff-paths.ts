import { addFractions, fromFractionJson, printFraction, type Fraction } from '../base/fraction.ts';
import { workloadName } from '../analysis/ends.ts';
import { ApiFailure } from '../api/failure.ts';
import type { PathChange, PathSide } from '../api/reach-contract.ts';
import type { Cluster, Pod, Service, ServicePort } from '../model/types.ts';
import type { Journey } from '../trace/types.ts';
import { ask } from './ask.ts';
import type { World } from './world.ts';

/** At most this many questions are asked of each side; the rest is counted as left out. */
const MAX_QUESTIONS = 4000;

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
    return sideOf(world, ask(world, { from: `pod/${pod.namespace}/${pod.name}`, to: service, protocol, port }).journey);
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

/** What became of every workload's call to every Service: opened, closed, or answered by others or with other odds. */
export function diffPaths(before: World, after: World): { readonly services: readonly PathChange[]; readonly questionsLeftOut: number } {
  const asked = [...new Map([...questionsOf(after.cluster), ...questionsOf(before.cluster)].map((q) => [JSON.stringify(q), q])).values()];
  const pods = [speakers(before.cluster), speakers(after.cluster)] as const;
  const services = [before, after].map(({ cluster }) => new Set(proxied(cluster).map((service) => `service/${service.namespace}/${service.name}`)));
  const changes = asked.slice(0, MAX_QUESTIONS).flatMap((question): readonly PathChange[] => {
    const was = side(before, pods[0], services[0]!, question);
    const is = side(after, pods[1], services[1]!, question);
    if (text(was) === text(is) || (!reached(was) && !reached(is) && (was === null || is === null))) return [];
    const change = reached(was) === reached(is) ? 'changed' : reached(is) ? 'opened' : 'closed';
    return [{ from: question.from, to: question.service, protocol: question.protocol, port: question.port, change, before: was, after: is, partsAt: partsAt(was, is) }];
  });
  return { services: changes, questionsLeftOut: Math.max(0, asked.length - MAX_QUESTIONS) };
}
