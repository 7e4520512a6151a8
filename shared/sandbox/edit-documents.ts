import type { TextDocument } from '../api/shapes.ts';
import type { Json } from '../base/json.ts';
import type { Problem } from '../base/problem.ts';
import { err, type Result } from '../base/result.ts';
import { readManifests } from '../kube/read-manifests.ts';
import type { KubeObject } from '../kube/types.ts';
import { buildSettings } from '../model/settings.ts';
import { applyPatch } from '../kube/write-manifests.ts';
import type { Patch } from '../scenario/types.ts';
import { isRuleText } from './node-rules-sections.ts';

const CONFIGURATION = 'KubeProxyConfiguration';

/** `service/default/api`, `pod/web` (namespace default), `sandbox/lab`: an object by its CLI address. */
function findTarget(objects: readonly KubeObject[], address: string): KubeObject | null {
  const [kind = '', ...rest] = address.split('/');
  const [namespace, name] = rest.length === 2 ? [rest[0], rest[1]] : [null, rest[0]];
  const fits = (one: KubeObject): boolean => one.kind.toLowerCase() === kind.toLowerCase() && one.name === name;
  return objects.find((one) => fits(one) && (namespace === null ? one.namespace === '' || one.namespace === 'default' : one.namespace === namespace)) ?? null;
}

/** The documents with a scenario's patch applied to their text; comments and everything else stay. */
export function withPatch(documents: readonly TextDocument[], patch: Patch): Result<readonly TextDocument[], Problem> {
  const target = findTarget(readManifests(documents).objects, patch.target);
  if (!target) return err({ code: 'no-such-object', severity: 'error', at: null, what: `the patch names ${patch.target}, which no manifest has`, fix: 'write KIND/NAMESPACE/NAME as in the manifests' });
  return applyPatch(documents, target, patch.set as Readonly<Record<string, Json>>);
}

/**
 * The documents with this proxy mode: set where they configure kube-proxy, else in a document of its own. That one names the pod network,
 * as kubeadm's does: without a clusterCIDR kube-proxy could no longer tell local traffic, and the switch would change more than the mode.
 */
export function withProxyMode(documents: readonly TextDocument[], mode: string): readonly TextDocument[] {
  const { objects } = readManifests(documents.filter(({ text }) => !isRuleText(text)));
  const present = objects.find((one) => one.kind === CONFIGURATION);
  if (present) {
    const patched = applyPatch(documents, present, { mode });
    if (patched.ok) return patched.value;
  }
  const name = documents.some((one) => one.name === 'kube-proxy.yaml') ? 'kube-proxy-configuration.yaml' : 'kube-proxy.yaml';
  return [...documents, { name, text: `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: ${CONFIGURATION}\nmode: ${mode}\nclusterCIDR: ${buildSettings(objects).settings.podSubnets.join(',')}\n` }];
}
