import type { Problem } from '../base/problem.ts';
import type { FieldPath, KubeObject } from '../kube/types.ts';
import { withImpliedDns } from './coredns-implied.ts';
import { dig, hasFields, recordsOf, textOf, textsOf } from './json-fields.ts';
import { fullName, problemAt } from './problems.ts';
import { resolvConfOf } from './resolv-conf.ts';
import type { Cluster } from './types.ts';

/** Where a kind keeps its pods' spec. */
const specs: Readonly<Record<string, FieldPath>> = {
  Pod: ['spec'], CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'].map((kind) => [kind, ['spec', 'template', 'spec']])),
};

/** What of a dnsConfig never gets into resolv.conf, said once for a pod or a workload (the kubelet's event DNSConfigForming), and options that are not simulated. */
export function checkDnsConfigs(objects: readonly KubeObject[], cluster: Cluster): readonly Problem[] {
  const given = objects.flatMap((object) => {
    const path = specs[object.kind];
    return path && hasFields(dig(object.value, ...(path as readonly string[]), 'dnsConfig')) ? [{ object, path: [...path, 'dnsConfig'] }] : [];
  });
  if (given.length === 0) return [];
  const withDns = withImpliedDns(cluster);
  return given.flatMap(({ object, path }) => checkConfig(object, path, withDns));
}

function checkConfig(object: KubeObject, path: FieldPath, cluster: Cluster): readonly Problem[] {
  const pod = cluster.pods.find((one) => one.namespace === object.namespace && (object.kind === 'Pod' ? one.name === object.name : one.owner?.kind === object.kind && one.owner.name === object.name));
  const config = dig(object.value, ...(path as readonly string[]));
  if (pod === undefined || !hasFields(config)) return [];
  const leftOut = new Set(resolvConfOf(cluster, pod).leftOut);
  const say = (key: 'nameservers' | 'searches', holds: string): readonly Problem[] => textsOf(config[key]).flatMap((entry, i) =>
    (leftOut.has(entry) ? [problemAt(object, [...path, key, i], 'warning', 'dns-config-limits', `resolv.conf holds ${holds}, so ${entry} is left out`, `take another out of ${object.kind} ${fullName(object)}`)] : []));
  const options = recordsOf(config['options']).flatMap((option, i) => (textOf(option['name']) === 'rotate' ? [problemAt(object, [...path, 'options', i], 'warning', 'dns-rotate', 'option rotate is not simulated: the nameservers are asked in the order of the file', 'expect each of them first now and then')] : []));
  return [...say('nameservers', 'three nameservers'), ...say('searches', '32 search names of 2,048 characters'), ...options];
}
