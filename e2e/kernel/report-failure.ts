import type { Cluster } from '../../shared/model/types.ts';
import type { Manifest } from './chooser.ts';
import { printCase, type GeneratedCase } from './generate-cluster.ts';
import type { Lab } from './lab-process.ts';
import { askBoth, build, buildInLab, type Failure } from './run-case.ts';
import { shrink } from './shrink.ts';

const named = (list: readonly { readonly name: string }[], { metadata }: Manifest) => list.find((one) => one.name === (metadata as { name?: string } | undefined)?.name);

/** The same case with every address written down, so that leaving one document out moves no other's. */
function pinned({ manifests, ...one }: GeneratedCase, cluster: Cluster): GeneratedCase {
  const pin = (document: Manifest): Manifest => {
    const spec = document['spec'] as object;
    if (document['kind'] === 'Pod') {
      const pod = named(cluster.pods, document) as Cluster['pods'][number] | undefined;
      return pod?.ips[0] && !pod.hostNetwork ? { ...document, status: { ...(document['status'] as object | undefined), podIP: pod.ips[0] } } : document;
    }
    if (document['kind'] !== 'Service') return document;
    const service = named(cluster.services, document) as Cluster['services'][number] | undefined;
    const ingress = (service?.loadBalancer ?? []).flatMap((entry) => (entry.ip ? [{ ip: entry.ip }] : []));
    return { ...document, spec: { ...spec, ...(service?.clusterIps[0] ? { clusterIP: service.clusterIps[0] } : {}) }, ...(ingress.length > 0 ? { status: { loadBalancer: { ingress } } } : {}) };
  };
  return { ...one, manifests: manifests.map(pin) };
}

const MOST_MS = 60_000;

/** A failing case in its smallest form, ready to be pasted as a scenario: manifests, the probe, and both answers. */
export async function reportFailure(lab: Lab, one: GeneratedCase, first: Failure): Promise<string> {
  const { question } = first;
  const end = performance.now() + MOST_MS;
  const fate = async (manifests: readonly Manifest[]): Promise<Failure | null> => {
    try {
      const fewer = { ...one, manifests };
      const [failure] = await askBoth(lab, fewer, await buildInLab(lab, fewer, () => [question]), false);
      return failure ?? null;
    } catch {
      return null;
    }
  };
  const fixed = pinned(one, build(one).cluster);
  const start = (await fate(fixed.manifests)) === null ? one : fixed;
  const least = { ...one, manifests: (await fate(start.manifests)) === null ? one.manifests : await shrink(start.manifests, async (fewer) => performance.now() < end && (await fate(fewer)) !== null) };
  const said = ((await fate(least.manifests)) ?? first).said;
  const { from, dst, port, proto } = question;
  return [
    `seed ${one.seed}, ${one.backend}: ${one.manifests.length} documents, ${least.manifests.length} of them are enough`,
    '---', printCase(least), '---', `# probe: { from: ${from}, to: ${dst}, port: ${port}, protocol: ${proto} }`, ...said.map((line) => `# ${line}`),
  ].join('\n');
}
