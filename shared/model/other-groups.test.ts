import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from './build-cluster.ts';

const read = (...objects: readonly string[]) => buildCluster(readManifests([{ name: 'x.yaml', text: objects.join('\n---\n') }]));
const pod = '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}';

test('NP13 A kind of another API group is not Kubernetes\' own of that name', () => {
  const { cluster } = read(
    pod,
    '{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a}, spec: {selector: all()}}', '{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}, spec: {}}',
    '{apiVersion: networking.internal.knative.dev/v1alpha1, kind: Ingress, metadata: {name: a}, spec: {rules: [{http: {paths: []}}]}}', '{apiVersion: example.com/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 2}}',
    '{apiVersion: example.com/v1, kind: Node, metadata: {name: a}}',
  );
  const alone = read(pod).cluster;
  expect({ ...cluster, notSimulated: [] }).toEqual(alone);
  expect(cluster.notSimulated.map(({ ref }) => ref.kind)).toEqual(['Deployment', 'Ingress', 'NetworkPolicy', 'Node', 'Service']);
});

test('NP13 Policies of other API groups are said, since answers are as if they were not there', () => {
  const said = (apiVersion: string, kind: string, name = 'a') => read(pod, `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}}, spec: {}}`).problems.filter(({ code }) => code === 'policy-not-simulated').map(formatProblem);
  expect(said('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy')).toEqual([
    'x.yaml:3:55: warning: ClusterNetworkPolicy a of policy.networking.k8s.io also decides who may connect, and is not simulated: every answer is as if it were not there — read answers about the traffic it selects with this in mind',
  ]);
  expect([
    said('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'), said('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', 'default'), said('projectcalico.org/v3', 'GlobalNetworkPolicy'),
    said('crd.projectcalico.org/v1', 'NetworkPolicy'), said('cilium.io/v2', 'CiliumClusterwideNetworkPolicy'), said('crd.antrea.io/v1beta1', 'ClusterNetworkPolicy'), said('security.istio.io/v1', 'AuthorizationPolicy'),
  ].map((list) => list.length)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect([said('networking.k8s.io/v1', 'NetworkPolicy'), said('example.com/v1', 'Widget')]).toEqual([[], []]);
});
