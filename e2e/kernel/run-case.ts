import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { Dataplane, Netns } from '../../shared/dataplane/netns.ts';
import { parseIptablesSave } from '../../shared/dataplane/text/parse-iptables-save.ts';
import { joinLines, printIptablesSave } from '../../shared/dataplane/text/print-iptables-save.ts';
import { emptyState, send } from '../../shared/engine/send.ts';
import { selectSource } from '../../shared/engine/select-source.ts';
import { one as certain, toNumber, type Fraction } from '../../shared/base/fraction.ts';
import type { SendResult } from '../../shared/engine/types.ts';
import { disagreements, distribution, triesFor, type Fate } from './compare.ts';
import { printCase, type Backend, type GeneratedCase } from './generate-cluster.ts';
import type { KernelAnswer, Lab } from './lab-process.ts';
import type { Question } from './questions.ts';
import { toLab, type PortsInUse } from './to-lab.ts';

export interface Built { readonly cluster: Cluster; readonly dataplane: Dataplane; readonly problems: readonly string[] }
export interface Failure { readonly question: Question; readonly said: readonly string[] }

/** Manifests as a compiled cluster. */
export function build(one: GeneratedCase): Built {
  const read = readManifests([{ name: 'case.yaml', text: printCase(one) }]);
  const { cluster, problems } = buildCluster(read);
  const errors = [...read.problems, ...problems].filter((p) => p.severity === 'error').map((p) => p.what);
  return { cluster, dataplane: compileDataplane(cluster), problems: errors };
}

/** The engine's answer to one question: every branch; null where the source has no route and so no address. */
export function askEngine(dataplane: Dataplane, { from, dst, port, proto }: Question): SendResult | null {
  const src = selectSource(dataplane, from, dst);
  if (src === null) return null;
  const l4 = proto === 'tcp' ? ({ proto, sport: 20_000, dport: port, flags: 'syn' } as const) : ({ proto, sport: 20_000, dport: port } as const);
  return send(dataplane, { from, packet: { src, dst, ttl: 64, l4 } }, emptyState(0), { mode: 'all' });
}

/** The fates that the engine holds possible, with their odds. */
export function expectedFates(dataplane: Dataplane, question: Question): ReadonlyMap<Fate, Fraction> {
  const result = askEngine(dataplane, question);
  return result ? distribution(result.branches) : new Map([['lost', certain]]);
}

/** Where the lab's machines that answer on everything must listen: the ports asked for, and those that Services lead to. */
export function portsInUse(asked: readonly Question[], cluster: Cluster): PortsInUse {
  const led = cluster.endpointSlices.flatMap((slice) => slice.ports.flatMap(({ protocol, port }) => (port === null ? [] : [{ proto: protocol, port }])));
  const of = (proto: 'tcp' | 'udp'): readonly number[] => [...new Set([...asked, ...led].filter((one) => one.proto === proto).map((one) => one.port))];
  return { tcp: of('tcp'), udp: of('udp') };
}

const MAX_TRIES = 60;
const smallest = (fates: ReadonlyMap<Fate, Fraction>): number => Math.min(1, ...[...fates.values()].map(toNumber));

// A reply that never comes costs the whole timeout and counts against the number of connections under way.
const tries = (fates: ReadonlyMap<Fate, Fraction>): number => (fates.size === 1 && fates.has('lost') ? 1 : Math.min(MAX_TRIES, triesFor(smallest(fates))));

/** Asks kernel and engine every question of a cluster that stands in the lab, and tells where they differ. With `twice` a difference counts if it is there again with more patience (kernel-lab §5). */
export async function compareAll(lab: Lab, dataplane: Dataplane, asked: readonly Question[], { sticky, twice }: { readonly sticky: boolean; readonly twice: boolean }): Promise<readonly Failure[]> {
  const fates = asked.map((q) => expectedFates(dataplane, q));
  const probe = async (which: readonly number[], timeout: number): Promise<readonly (readonly [number, Failure])[]> => {
    const probes = which.map((i) => ({ ...asked[i]!, id: String(i), count: tries(fates[i]!) }));
    const { results } = await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes, timeout, concurrency: 800 });
    return which.flatMap((i, k) => {
      const said = disagreements(fates[i]!, results[k]!, !sticky);
      return said.length > 0 ? [[i, { question: asked[i]!, said }] as const] : [];
    });
  };
  const first = await probe(asked.map((_, i) => i), 0.6);
  if (first.length === 0 || !twice) return first.map(([, failure]) => failure);
  await lab.call({ op: 'reset' });
  return (await probe(first.map(([i]) => i), 2)).map(([, failure]) => failure);
}

export const hasV6 = (asked: readonly Question[]): boolean => asked.some(({ dst }) => dst.includes(':'));

export interface Standing { readonly cluster: Cluster; readonly dataplane: Dataplane; readonly asked: readonly Question[] }

/** Builds the cluster for real, with whatever the questions need to be answered. Throws where the manifests have errors. */
export async function buildInLab(lab: Lab, one: GeneratedCase, questions: (cluster: Cluster) => readonly Question[]): Promise<Standing> {
  const { cluster, dataplane, problems } = build(one);
  if (problems.length > 0) throw new Error(`the case cannot be read: ${problems.join('; ')}`);
  const asked = questions(cluster).filter((q) => dataplane.netns(q.from) !== undefined);
  await lab.call({ op: 'build', spec: toLab(dataplane, one.backend, portsInUse(asked, cluster), hasV6(asked)) });
  return { cluster, dataplane, asked };
}

/** Asks kernel and engine about a cluster that stands in the lab, and tells every difference. */
export async function askBoth(lab: Lab, one: GeneratedCase, { cluster, dataplane, asked }: Standing, twice = true): Promise<readonly Failure[]> {
  const told = one.engineIsTold ? build({ ...one, manifests: one.engineIsTold(one.manifests) }).dataplane : dataplane;
  return compareAll(lab, told, asked, { sticky: cluster.services.some((service) => service.sessionAffinitySeconds !== null), twice });
}

/** The cluster one of whose nodes holds this text of iptables-save instead of its own rules, read as a user's would be. */
export function withNodeText(dataplane: Dataplane, id: NetnsId, change: (saved: string) => string): Dataplane {
  const node = dataplane.netns(id)!;
  const read = parseIptablesSave(change(joinLines(printIptablesSave(node, 'ip'))), 'ip');
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const changed: Netns = { ...node, tables: [...node.tables.filter(({ tool, family }) => tool !== 'iptables' || family !== 'ip'), ...read.value] };
  return { ...dataplane, netns: (other) => (other === id ? changed : dataplane.netns(other)) };
}

export const inWords = ({ question: { from, dst, port, proto }, said }: Failure): string => `${from} → ${proto} ${dst}:${port}: ${said.join('; ')}`;

export type { Backend, Question };
