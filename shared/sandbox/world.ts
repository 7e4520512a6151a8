import { decodeBase64 } from '../base/base64.ts';
import type { Problem } from '../base/problem.ts';
import type { Sidecar, TextDocument } from '../api/shapes.ts';
import { checkDatapaths, compileDataplane } from '../datapaths/index.ts';
import type { Dataplane } from '../dataplane/netns.ts';
import { decodeBytes } from '../kube/decode-bytes.ts';
import type { KubeObject, Manifests, SourceDocument } from '../kube/types.ts';
import { buildCluster } from '../model/build-cluster.ts';
import { withImpliedDns } from '../model/coredns-implied.ts';
import { withApiServer } from '../model/rbac-server.ts';
import { shareCluster } from '../model/share-cluster.ts';
import { withImpliedIngress } from '../model/ingress-controllers.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Cluster, HeldPlaces } from '../model/types.ts';
import { readAgain, type Reads } from './edit-reading.ts';
import { staleClusters } from './edit-stale.ts';
import { readNodeRules, splitDocuments, withNodeRules, type GivenRules } from './node-rules.ts';

/** One revision: the text, and everything derived from it. */
export interface World {
  readonly revision: number;
  readonly title: string;
  readonly documents: readonly TextDocument[];
  readonly objects: readonly KubeObject[];
  readonly cluster: Cluster;
  readonly problems: readonly Problem[];
  readonly problemsOmitted: number;
  /** What the next revision need not read again. */
  readonly reads: Reads;
  /** The machines whose rules came from a real node's own text. */
  readonly givenRules: ReadonlyMap<NetnsId, GivenRules>;
  /** Compiled host by host, when a packet or a person first looks. */
  readonly dataplane: Dataplane;
}

function decode(documents: readonly TextDocument[], problems: Problem[]): readonly SourceDocument[] {
  return documents.flatMap((document): SourceDocument[] => {
    if (document.encoding !== 'base64') return [document];
    const decoded = decodeBytes(document.name, decodeBase64(document.text));
    problems.push(...decoded.problems);
    return decoded.document ? [decoded.document] : [];
  });
}

/** The cluster with all that every cluster has and few manifests show. */
function clusterOf(manifests: Manifests, held: HeldPlaces | undefined): ReturnType<typeof buildCluster> {
  const { cluster, problems } = buildCluster(manifests, held);
  return { cluster: withImpliedIngress(withImpliedDns(withApiServer(cluster))), problems };
}

/** What these documents describe; nothing is compiled yet. `sidecar` says what stands beside them: pods keep the places and addresses that they held. `known` is what an earlier revision read, `before` its cluster: unchanged parts stay the same objects, and what was compiled from them is kept. */
export function buildWorld(documents: readonly TextDocument[], title: string, revision: number, sidecar?: Sidecar, known: Reads = new Map(), before: Cluster | null = null): World {
  const problems: Problem[] = [];
  const texts = splitDocuments(decode(documents, problems));
  const { manifests, reads } = readAgain(texts.manifests, known);
  const { cluster: fresh, problems: between } = clusterOf(manifests, sidecar?.held);
  const cluster = before === null ? fresh : shareCluster(before, fresh);
  const seen = staleClusters(cluster, sidecar, (then) => clusterOf(readAgain(splitDocuments(decode(then.documents, [])).manifests, reads).manifests, then.held).cluster);
  const compiled = compileDataplane(cluster, seen.clusters);
  const nodeRules = readNodeRules(texts.ruleTexts, cluster, compiled.ids);
  return {
    revision,
    title,
    documents,
    objects: manifests.objects,
    cluster,
    problems: [...problems, ...manifests.problems, ...between, ...checkDatapaths(seen.unexplained), ...nodeRules.problems],
    problemsOmitted: manifests.problemsOmitted,
    reads,
    givenRules: nodeRules.given,
    dataplane: withNodeRules(compiled, nodeRules.given),
  };
}

/** Objects by kind, most frequent first; a machine's own rules are one of kind NodeRuleset. */
export function countObjects({ objects, givenRules }: Pick<World, 'objects' | 'givenRules'>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>(givenRules.size === 0 ? [] : [['NodeRuleset', givenRules.size]]);
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
