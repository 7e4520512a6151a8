import { printRef } from '../base/object-ref.ts';
import type { Problem } from '../base/problem.ts';
import { booleanOf, integerOf, recordsOf, textOf, type Fields } from './json-fields.ts';
import { daemonTolerations, effectiveTaints, fitsNodeAffinity, tolerationsOf, untoleratedTaint, type Taint } from './node-affinity.ts';
import { podAffinityConflict, podAffinityOf, type Placed } from './pod-affinity.ts';
import { longRunningContainers, protocolOf, type PodDraft } from './pod-drafts.ts';
import { byFullName, problemAt } from './problems.ts';
import type { HeldPlaces, Labels, Namespace, Node } from './types.ts';
import type { DaemonSetDraft, WorkloadsRead } from './workloads.ts';

/** A pod and its node; null while it is Pending. */
export interface Placement { readonly draft: PodDraft; readonly node: Node | null }

interface Candidate {
  readonly node: Node;
  readonly taints: readonly Taint[];
  pods: number;
  readonly byOwner: Map<string, number>;
  readonly hostPorts: { readonly protocol: string; readonly ip: string; readonly port: number; readonly pod: string }[];
}

interface Scheduler {
  readonly candidates: readonly Candidate[];
  readonly byName: ReadonlyMap<string, Candidate>;
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly placed: Placed[];
  readonly withAntiAffinity: Placed[];
}

/**
 * Gives every pod a node as a default scheduler would: nodeName, nodeSelector, required affinities, taints, host ports; then the node with the
 * fewest pods of the same owner, the fewest pods, the first name. Pods with a nodeName go first, then those that hold a place already (a
 * scheduler moves no running pod), the others in the order of their names.
 */
export function placePods(read: WorkloadsRead, nodes: readonly Node[], namespaces: readonly Namespace[], held: HeldPlaces = {}): { readonly placements: readonly Placement[]; readonly problems: readonly Problem[] } {
  const candidates = nodes.map((node): Candidate => ({ node, taints: effectiveTaints(node), pods: 0, byOwner: new Map(), hostPorts: [] }));
  const scheduler: Scheduler = {
    candidates,
    byName: new Map(candidates.map((candidate) => [candidate.node.name, candidate])),
    namespaces: new Map(namespaces.map((namespace) => [namespace.name, namespace.labels])),
    placed: [],
    withAntiAffinity: [],
  };
  const drafts = [...read.drafts, ...read.daemonSets.flatMap((set) => nodes.filter((node) => daemonFits(set, node)).map((node) => set.draftOn(node.name)))].toSorted(byFullName);
  const reasons = new Map<string, { draft: PodDraft; why: string; count: number }>();
  const nodeOf = new Map<PodDraft, Node | null>();
  const fixed = drafts.filter((draft) => draft.nodeName !== '');
  for (const draft of drafts.filter((draft) => ended(draft) && draft.nodeName === '')) nodeOf.set(draft, null);
  const loose = drafts.filter((draft) => draft.nodeName === '' && !ended(draft));
  const staying = new Map(loose.flatMap((draft) => {
    const candidate = heldBy(scheduler, held, draft);
    return candidate ? [[draft, candidate] as const] : [];
  }));
  for (const draft of [...fixed, ...staying.keys(), ...loose.filter((draft) => !staying.has(draft))]) {
    const stays = staying.get(draft);
    const outcome = stays ? settle(scheduler, stays, draft) : draft.nodeName === '' ? schedule(scheduler, draft) : bind(scheduler, draft);
    nodeOf.set(draft, typeof outcome === 'string' ? null : outcome.node);
    if (typeof outcome !== 'string') continue;
    const key = draft.owner ? printRef(draft.owner) : `${draft.namespace}/${draft.name}`;
    const known = reasons.get(key);
    if (known) known.count += 1;
    else reasons.set(key, { draft, why: outcome, count: 1 });
  }
  return { placements: drafts.map((draft) => ({ draft, node: nodeOf.get(draft)! })), problems: [...reasons.values()].map(pendingProblem) };
}

function daemonFits({ spec, given }: DaemonSetDraft, node: Node): boolean {
  return !given.includes(node.name) && fitsNodeAffinity(spec, node) && untoleratedTaint(effectiveTaints(node), [...tolerationsOf(spec), ...daemonTolerations]) === null;
}

const ended = (draft: PodDraft): boolean => draft.phase === 'Succeeded' || draft.phase === 'Failed';

/** The node that a pod holds a place on: nothing but an untolerated NoExecute taint takes it from there. */
function heldBy(scheduler: Scheduler, held: HeldPlaces, draft: PodDraft): Candidate | null {
  const place = held[`${draft.namespace}/${draft.name}`];
  const candidate = place ? scheduler.byName.get(place.node) : undefined;
  if (!candidate || draft.phase === 'Pending') return null;
  return untoleratedTaint(candidate.taints.filter((taint) => taint.effect === 'NoExecute'), tolerationsOf(draft.spec)) === null ? candidate : null;
}

function bind(scheduler: Scheduler, draft: PodDraft): Candidate | string {
  const candidate = scheduler.byName.get(draft.nodeName);
  if (candidate === undefined) return `there is no node "${draft.nodeName}"`;
  if (ended(draft)) return candidate;
  const clash = hostPortClash(candidate, draft);
  // a pod that already has its address stands there, whatever its ports
  if (clash !== null && draft.fixedIps.length === 0) return clash;
  return settle(scheduler, candidate, draft);
}

function schedule(scheduler: Scheduler, draft: PodDraft): Candidate | string {
  if (draft.phase === 'Pending') return 'its status says so';
  const own = podAffinityOf(draft, scheduler.namespaces);
  const tolerations = tolerationsOf(draft.spec);
  const owner = ownerKey(draft);
  let best: Candidate | null = null;
  const refusals = new Map<string, string[]>();
  for (const candidate of scheduler.candidates) {
    const refusal = refusalOf(scheduler, candidate, draft, tolerations, own);
    if (refusal !== null) {
      refusals.set(refusal, [...(refusals.get(refusal) ?? []), candidate.node.name]);
      continue;
    }
    if (best === null || isLess([candidate.byOwner.get(owner) ?? 0, candidate.pods], [best.byOwner.get(owner) ?? 0, best.pods])) best = candidate;
  }
  if (best !== null) return settle(scheduler, best, draft, own);
  const causes = [...refusals].map(([why, names]) => `${names.length === 1 ? `node ${names[0]!}` : `${names.length} nodes`}: ${why}`);
  return causes.length === 0 ? 'there is no node' : `no node fits (${causes.join('; ')})`;
}

/** Lexicographic; on equal counts the first node by name stays. */
const isLess = (a: readonly [number, number], b: readonly [number, number]): boolean => (a[0] === b[0] ? a[1] < b[1] : a[0] < b[0]);
const ownerKey = (draft: PodDraft): string => (draft.owner ? printRef(draft.owner) : '');

function refusalOf(scheduler: Scheduler, candidate: Candidate, draft: PodDraft, tolerations: ReturnType<typeof tolerationsOf>, own: Placed['affinity']): string | null {
  if (!fitsNodeAffinity(draft.spec, candidate.node)) return 'its labels do not fit nodeSelector or node affinity';
  const taint = untoleratedTaint(candidate.taints, tolerations);
  if (taint !== null) return `taint ${taint.key}${taint.value === '' ? '' : `=${taint.value}`}:${taint.effect} is not tolerated`;
  return hostPortClash(candidate, draft) ?? podAffinityConflict(draft, own, candidate.node, scheduler.placed, scheduler.withAntiAffinity);
}

function settle(scheduler: Scheduler, candidate: Candidate, draft: PodDraft, own = podAffinityOf(draft, scheduler.namespaces)): Candidate {
  const owner = ownerKey(draft);
  candidate.pods += 1;
  candidate.byOwner.set(owner, (candidate.byOwner.get(owner) ?? 0) + 1);
  candidate.hostPorts.push(...hostPortsOf(draft.spec).map((port) => ({ ...port, pod: draft.name })));
  const placed: Placed = { draft, node: candidate.node, affinity: own };
  scheduler.placed.push(placed);
  if (own.antiAffinity.length > 0) scheduler.withAntiAffinity.push(placed);
  return candidate;
}

/** Ports a pod takes on its node itself: hostPort, and every containerPort of a hostNetwork pod (API defaulting). */
function hostPortsOf(spec: Fields): readonly { readonly protocol: string; readonly ip: string; readonly port: number }[] {
  const onHost = booleanOf(spec['hostNetwork'], false);
  return longRunningContainers(spec).flatMap((container) => recordsOf(container['ports']).map((port) => {
    const ip = textOf(port['hostIP']);
    return { protocol: protocolOf(port['protocol']), ip: ip === '' || ip === '::' ? '0.0.0.0' : ip, port: integerOf(port['hostPort'], onHost ? integerOf(port['containerPort'], 0) : 0) };
  })).filter(({ port }) => port > 0);
}

// scheduler framework `HostPortInfo.CheckConflict`: 0.0.0.0 clashes with every address
function hostPortClash(candidate: Candidate, draft: PodDraft): string | null {
  if (candidate.hostPorts.length === 0) return null;
  for (const { protocol, ip, port } of hostPortsOf(draft.spec)) {
    const other = candidate.hostPorts.find((used) => used.port === port && used.protocol === protocol && (used.ip === ip || used.ip === '0.0.0.0' || ip === '0.0.0.0'));
    if (other) return `host port ${port}/${protocol} is taken by pod ${other.pod}`;
  }
  return null;
}

function pendingProblem({ draft, why, count }: { readonly draft: PodDraft; readonly why: string; readonly count: number }): Problem {
  const told = why === 'its status says so';
  const who = count > 1 ? `${count} pods of ${draft.owner ? printRef(draft.owner) : draft.name} stay` : `pod ${draft.namespace}/${draft.name} stays`;
  return problemAt(draft.source, draft.source.kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'], told ? 'info' : 'warning', 'pod-pending', `${who} Pending: ${why}`, told ? '' : 'add a node that fits, or change what the pod asks for');
}
