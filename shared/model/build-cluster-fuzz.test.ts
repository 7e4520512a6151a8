import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { buildCluster } from './build-cluster.ts';
import { selectEndpoints } from './endpoints.ts';
import { indexCluster } from './index-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifestsForTest } from './objects-for-tests.ts';
import { offersOf } from './offers.ts';
import { resolveFrom } from './resolve-from.ts';
import { resolveTo } from './resolve-to.ts';
import { listenersOfNode, listenersOfPod } from './who-answers.ts';

const kinds = ['Node', 'Namespace', 'Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicationController', 'Service', 'Endpoints', 'EndpointSlice', 'NetworkPolicy', 'Ingress', 'IngressClass', 'KubeProxyConfiguration', 'ClusterConfiguration', 'Sandbox', 'Widget'];
// the field names that the model reads, so that chance finds them
const keys = ['spec', 'status', 'metadata', 'labels', 'selector', 'matchLabels', 'matchExpressions', 'key', 'operator', 'values', 'template', 'replicas', 'containers', 'ports', 'containerPort', 'hostPort', 'hostNetwork', 'nodeName', 'podIP', 'podIPs', 'ip', 'type', 'clusterIP', 'clusterIPs', 'nodePort', 'port', 'targetPort', 'protocol', 'name', 'endpoints', 'addresses', 'subsets', 'targetRef', 'ownerReferences', 'affinity', 'tolerations', 'taints', 'podCIDR', 'networking', 'podSubnet', 'serviceSubnet', 'clients', 'hosts', 'faults', 'address', 'ingress', 'egress', 'from', 'to', 'ipBlock', 'cidr', 'loadBalancer', 'ipFamilies', '__proto__', 'constructor', 'app'];
const values = ['', 'None', 'a', 'x', 'default', '10.244.1.2', '10.96.0.10', '10.0.0.0/8', 'fd00::1', 'IPv6', 'NodePort', 'LoadBalancer', 'ExternalName', 'Local', 'TCP', 'UDP', 'Exists', 'True', 'Running', 'Failed', 'http'];
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom<Json[]>(null, true, false, 0, 1, 80, 30_000, -1, 2.5, ...values), fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 6 })),
}));
const object = fc.record({ kind: fc.constantFrom(...kinds), name: fc.constantFrom('a', 'b', 'web'), namespace: fc.constantFrom('default', 'shop'), spec: tree, rest: fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 4 }), labels: tree })
  .map(({ kind, name, namespace, spec, rest, labels }): Fields => ({ ...rest, kind, spec, metadata: { name, namespace, labels } }));

test('whatever the objects hold, a Cluster comes out and can be asked: mistakes are problems, never exceptions', () => {
  fc.assert(fc.property(fc.uniqueArray(object, { maxLength: 6, selector: (one) => JSON.stringify([one['kind'], one['metadata']]) }), fc.constantFrom(...values), (objects, text) => {
    const { cluster } = buildCluster(manifestsForTest(...objects));
    const index = indexCluster(cluster);
    for (const service of cluster.services) for (const port of service.ports) for (const family of [4, 6] as const) selectEndpoints(index, service, port, 'a', family);
    for (const pod of cluster.pods) listenersOfPod(cluster, pod);
    for (const node of cluster.nodes) listenersOfNode(cluster, node);
    const from = resolveFrom(cluster, 'client/internet');
    if (from.ok) resolveTo(cluster, from.value, text);
    offersOf(cluster, text);
    // JSON-safe (DESIGN §8.5)
    expect(JSON.parse(JSON.stringify(cluster))).toStrictEqual(cluster);
  }), { numRuns: 400 });
}, 30_000);
