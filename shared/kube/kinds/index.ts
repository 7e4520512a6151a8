import { checkLabel, checkPathSegment, checkServiceName, checkSubdomain } from '../names.ts';
import { checkEndpoints, checkEndpointSlice } from './endpoints.ts';
import { checkIngress, checkIngressClass } from './ingress.ts';
import { checkNetworkPolicy } from './network-policy.ts';
import { checkNode } from './node.ts';
import { checkPod } from './pod.ts';
import { checkSecret } from './secret.ts';
import { checkService } from './service.ts';
import { checkClusterConfiguration, checkKubeProxy, checkSandbox } from './settings.ts';
import { checkCronJob, checkJob, checkReplicationController, checkWorkload } from './workload.ts';
import type { KindRule } from './kind-rule.ts';

const base = { scope: 'namespaced', simulated: false, checkName: checkSubdomain } as const;
const v1 = ['v1'];
const apps = ['apps/v1'];
const networking = ['networking.k8s.io/v1'];
const rbac = ['rbac.authorization.k8s.io/v1'];

const rules: readonly KindRule[] = [
  { ...base, kind: 'Namespace', apiVersions: v1, struct: 'Namespace', scope: 'cluster', simulated: true, checkName: checkLabel },
  { ...base, kind: 'Node', apiVersions: v1, struct: 'Node', scope: 'cluster', simulated: true, check: checkNode },
  { ...base, kind: 'Pod', apiVersions: v1, struct: 'Pod', simulated: true, check: checkPod },
  { ...base, kind: 'ReplicationController', apiVersions: v1, struct: 'ReplicationController', simulated: true, check: checkReplicationController },
  { ...base, kind: 'Deployment', apiVersions: apps, struct: 'Deployment', simulated: true, check: checkWorkload },
  { ...base, kind: 'ReplicaSet', apiVersions: apps, struct: 'ReplicaSet', simulated: true, check: checkWorkload },
  { ...base, kind: 'StatefulSet', apiVersions: apps, struct: 'StatefulSet', simulated: true, check: checkWorkload },
  { ...base, kind: 'DaemonSet', apiVersions: apps, struct: 'DaemonSet', simulated: true, check: checkWorkload },
  { ...base, kind: 'Job', apiVersions: ['batch/v1'], struct: 'Job', simulated: true, check: checkJob },
  { ...base, kind: 'CronJob', apiVersions: ['batch/v1'], struct: 'CronJob', simulated: true, check: checkCronJob },
  { ...base, kind: 'Service', apiVersions: v1, struct: 'Service', simulated: true, checkName: checkServiceName, check: checkService },
  { ...base, kind: 'Endpoints', apiVersions: v1, struct: 'Endpoints', simulated: true, check: checkEndpoints },
  { ...base, kind: 'EndpointSlice', apiVersions: ['discovery.k8s.io/v1'], struct: 'EndpointSlice', simulated: true, check: checkEndpointSlice },
  { ...base, kind: 'NetworkPolicy', apiVersions: networking, struct: 'NetworkPolicy', simulated: true, check: checkNetworkPolicy },
  { ...base, kind: 'Ingress', apiVersions: networking, struct: 'Ingress', check: checkIngress },
  { ...base, kind: 'IngressClass', apiVersions: networking, struct: 'IngressClass', scope: 'cluster', check: checkIngressClass },
  { ...base, kind: 'Secret', apiVersions: v1, struct: 'Secret', redact: ['data', 'stringData'], check: checkSecret },
  { ...base, kind: 'ServiceAccount', apiVersions: v1, struct: 'ServiceAccount' },
  { ...base, kind: 'ConfigMap', apiVersions: v1, struct: 'ConfigMap' },
  { ...base, kind: 'Role', apiVersions: rbac, struct: 'Role', checkName: checkPathSegment },
  { ...base, kind: 'ClusterRole', apiVersions: rbac, struct: 'ClusterRole', scope: 'cluster', checkName: checkPathSegment },
  { ...base, kind: 'RoleBinding', apiVersions: rbac, struct: 'RoleBinding', checkName: checkPathSegment },
  { ...base, kind: 'ClusterRoleBinding', apiVersions: rbac, struct: 'ClusterRoleBinding', scope: 'cluster', checkName: checkPathSegment },
  { ...base, kind: 'KubeProxyConfiguration', apiVersions: ['kubeproxy.config.k8s.io/v1alpha1'], struct: 'KubeProxyConfiguration', scope: 'config', simulated: true, check: checkKubeProxy },
  { ...base, kind: 'ClusterConfiguration', apiVersions: ['kubeadm.k8s.io/v1beta4', 'kubeadm.k8s.io/v1beta3'], struct: 'ClusterConfiguration', scope: 'config', simulated: true, check: checkClusterConfiguration },
  { ...base, kind: 'Sandbox', apiVersions: ['podhop.dev/v1alpha1'], struct: 'Sandbox', scope: 'config', simulated: true, check: checkSandbox },
];
/** Every kind that Podhop reads, in the order lists show them. */
export const readKinds: readonly KindRule[] = rules;
const byKind = new Map(rules.map((rule) => [rule.kind, rule]));

/** The rule of a kind, whatever its apiVersion; undefined for kinds Podhop keeps as they are. */
export const ruleOf = (kind: string): KindRule | undefined => byKind.get(kind);

/** Kinds that live outside any namespace although Podhop does not read them; `Cluster…` ones need no entry. */
const clusterScoped = new Set([
  'APIService', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'CustomResourceDefinition', 'DeviceClass', 'FlowSchema',
  'GatewayClass', 'IPAddress', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding', 'MutatingWebhookConfiguration', 'PersistentVolume', 'PodSecurityPolicy', 'PriorityClass',
  'PriorityLevelConfiguration', 'RuntimeClass', 'ServiceCIDR', 'StorageClass', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration',
  'VolumeAttachment', 'VolumeAttributesClass',
]);
export const isClusterScoped = (kind: string): boolean => clusterScoped.has(kind) || kind.startsWith('Cluster');

/** API groups of Kubernetes itself: a kind of ours in one of these has just the wrong apiVersion; in any other it is somebody's own kind of that name. */
const ownGroups = new Set(['', 'apps', 'batch', 'extensions', 'networking.k8s.io', 'discovery.k8s.io', 'rbac.authorization.k8s.io', 'policy', 'autoscaling', 'kubeproxy.config.k8s.io', 'kubeadm.k8s.io', 'podhop.dev']);
export const isOwnGroup = (apiVersion: string): boolean => ownGroups.has(apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

/** apiVersions that clusters of today no longer serve (Kubernetes' deprecation guide: 1.16, 1.22, 1.25). */
const removed = new Set([
  'extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2', 'networking.k8s.io/v1beta1', 'batch/v1beta1', 'batch/v2alpha1', 'discovery.k8s.io/v1beta1', 'discovery.k8s.io/v1alpha1',
  'rbac.authorization.k8s.io/v1beta1', 'rbac.authorization.k8s.io/v1alpha1',
]);
export const isRemoved = (apiVersion: string): boolean => removed.has(apiVersion);
