import { diffReach } from '../shared/analysis/diff-reach.ts';
import { reachEnds } from '../shared/analysis/ends.ts';
import { createMatrices } from '../shared/analysis/matrix.ts';
import { reach } from '../shared/analysis/reach.ts';
import { allowedBetween, indexPolicies, podEnd } from '../shared/model/policy/oracle.ts';
import { isEmpty } from '../shared/model/policy/connection-set.ts';
import { namespaceOf, podOf, portOf, settings } from '../shared/model/policy/testing/generate.ts';
import type { Cluster, LabelSelector, Policy } from '../shared/model/types.ts';
import { milliseconds, row, type Row } from './measure.ts';

const thing = { at: null, implied: false } as const;
const NAMESPACES = 10;
const REPLICAS = 5;

const app = (n: number): LabelSelector => ({ matchLabels: { app: `app-${n}` }, matchExpressions: [] });
const none = { podSelector: null, namespaceSelector: null, ipBlock: null } as const;

/** Apps of five replicas over ten namespaces; each policy isolates one app and lets two others and a namespace in, the first ten deny everything of their namespace. */
export function generatedPolicies(pods: number, policies: number): Cluster {
  const apps = Math.max(1, Math.floor(pods / REPLICAS));
  const namespace = (n: number): string => `ns-${n % NAMESPACES}`;
  const made = Array.from({ length: pods }, (_, i) => {
    const n = i % apps;
    return podOf(`${namespace(n)}/app-${n}-${Math.floor(i / apps)}`, 'a', `10.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`, { app: `app-${n}`, tier: `t${n % 3}`, hash: `${i}` }, [portOf(8080, 'http')]);
  });
  const policyAt = (i: number): Policy => {
    const base = { ...thing, name: `np-${i}` };
    if (i < NAMESPACES) return { ...base, namespace: namespace(i), podSelector: { matchLabels: {}, matchExpressions: [] }, ingress: [], egress: null };
    const n = (i * 7) % apps;
    const peers = [{ ...none, podSelector: app((n + NAMESPACES) % apps) }, { ...none, podSelector: app((n + 3) % apps), namespaceSelector: { matchLabels: {}, matchExpressions: [] } }, { ...none, namespaceSelector: { matchLabels: { team: `team-${i % 4}` }, matchExpressions: [] } }];
    return { ...base, namespace: namespace(n), podSelector: app(n), ingress: [{ peers, ports: [{ protocol: 'tcp', port: 'http', endPort: null }, { protocol: 'tcp', port: 9000 + (i % 5), endPort: null }] }], egress: i % 3 === 0 ? [{ peers: [{ ...none, namespaceSelector: { matchLabels: {}, matchExpressions: [] } }], ports: null }] : null };
  };
  return {
    settings, nodes: [], workloads: [], services: [], endpointSlices: [], outsiders: [], notSimulated: [], pods: made,
    namespaces: Array.from({ length: NAMESPACES }, (_, n) => namespaceOf(`ns-${n}`, { team: `team-${n % 4}` })),
    policies: Array.from({ length: policies }, (_, i) => policyAt(i)),
  };
}

const options = { listeningOnly: false, ipBlocksMatchPods: true };

/** Every pair of ends: the whole answer, one number a pair of classes. */
function allPairs(cluster: Cluster): number {
  const base = reachEnds(cluster);
  const matrix = createMatrices(base.ends, { ipBlocksMatchPods: true })(cluster.policies);
  let open = 0;
  for (let from = 0; from < base.ends.length; from++) for (let to = 0; to < base.ends.length; to++) if (matrix.between(from, to) !== 0) open++;
  return open;
}

/** Every pair of workloads, looked up one by one. */
function allPeers(cluster: Cluster): number {
  const result = reach(cluster, options);
  let open = 0;
  for (const from of result.peers) for (const to of result.peers) if (result.idBetween(from, to) !== 0) open++;
  return open;
}

/** Pairs evaluated on their own: `sample` of them, the rest by extrapolation, since all would take minutes. */
function naive(cluster: Cluster, sample: number): number {
  const index = indexPolicies({ ...cluster });
  const n = cluster.pods.length;
  const start = performance.now();
  let open = 0;
  for (let i = 0; i < sample; i++) {
    const [from, to] = [cluster.pods[(i * 7919) % n]!, cluster.pods[(i * 104_729 + 13) % n]!];
    if (!isEmpty(allowedBetween(index, podEnd(index, from), podEnd(index, to)))) open++;
  }
  return ((performance.now() - start) / sample) * n * n * (open < 0 ? 0 : 1);
}

function measured(pods: number, policies: number): readonly Row[] {
  const label = `${pods.toLocaleString('en')} pods, ${policies.toLocaleString('en')} policies`;
  const cluster = generatedPolicies(pods, policies);
  const ours = milliseconds(() => { allPairs({ ...cluster }); }, 3);
  const peers = pods > 1000 ? null : milliseconds(() => { allPeers({ ...cluster }); }, 3);
  const alone = naive(cluster, Math.min(pods * pods, 20_000));
  return [
    row(`${label}: all pairs by classes`, 'ms', ours), ...(peers === null ? [] : [row(`${label}: and looked up pod by pod`, 'ms', peers)]),
    row(`${label}: each pair on its own (from a sample)`, 'ms', alone), row(`${label}: times faster`, '×', alone / ours), ...(peers === null ? [] : [row(`${label}: times faster, looked up pod by pod`, '×', alone / peers)]),
    row(`${label}: ends that policies tell apart`, '', reachEnds(cluster).ends.length),
  ];
}

function memory(): readonly Row[] {
  const cluster = generatedPolicies(10_000, 1000);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const base = reachEnds(cluster);
  const matrix = createMatrices(base.ends, { ipBlocksMatchPods: true })(cluster.policies);
  let open = 0;
  for (let from = 0; from < base.ends.length; from++) for (let to = 0; to < base.ends.length; to++) if (matrix.between(from, to) !== 0) open++;
  const after = process.memoryUsage();
  if (open < 0) throw new Error('the matrix must stay alive until it is weighed');
  return [row('10,000 pods, 1,000 policies: heap and arrays after all pairs', 'MB', (after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers) / 1e6), row('10,000 pods, 1,000 policies: the whole process', 'MB', after.rss / 1e6)];
}

/** One rule of one policy edited. */
function editedDiff(pods: number, policies: number): Row {
  const before = generatedPolicies(pods, policies);
  const after: Cluster = { ...before, policies: before.policies.map((policy, i) => (i === policies - 1 ? { ...policy, ingress: [] } : policy)) };
  let changes = 0;
  const took = milliseconds(() => { changes = diffReach({ ...before }, { ...after }).connections.length; }, 5);
  return row(`${pods.toLocaleString('en')} pods, ${policies.toLocaleString('en')} policies: diff after one edited policy (${changes} pairs changed)`, 'ms', took);
}

export const reachBenches = {
  reach: (): readonly Row[] => [...[100, 1000, 10_000].flatMap((pods) => [10, 100, 1000].flatMap((policies) => measured(pods, policies))), ...memory(), editedDiff(1000, 10), editedDiff(1000, 100), editedDiff(1000, 1000)],
};
