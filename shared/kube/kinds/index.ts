import { checkLabel, checkPathSegment, checkServiceName, checkSubdomain } from '../names.ts';
import type { KindRule } from './kind-rule.ts';

const base = { scope: 'namespaced', simulated: false, checkName: checkSubdomain } as const;
const v1 = ['v1'];
const apps = ['apps/v1'];
const networking = ['networking.k8s.io/v1'];
const rbac = ['rbac.authorization.k8s.io/v1'];

const rules: readonly KindRule[] = [
  { ...base, kind: 'Namespace', apiVersions: v1, struct: 'Namespace', scope: 'cluster', simulated: true, checkName: checkLabel },
  { ...base, kind: 'Node', apiVersions: v1, struct: 'Node', scope: 'cluster', simulated: true },
  { ...base, kind: 'Pod', apiVersions: v1, struct: 'Pod', simulated: true },
  { ...base, kind: 'ReplicationController', apiVersions: v1, struct: 'ReplicationController', simulated: true },
  { ...base, kind: 'Deployment', apiVersions: apps, struct: 'Deployment', simulated: true },
  { ...base, kind: 'ReplicaSet', apiVersions: apps, struct: 'ReplicaSet', simulated: true },
  { ...base, kind: 'StatefulSet', apiVersions: apps, struct: 'StatefulSet', simulated: true },
  { ...base, kind: 'DaemonSet', apiVersions: apps, struct: 'DaemonSet', simulated: true },
  { ...base, kind: 'Job', apiVersions: ['batch/v1'], struct: 'Job', simulated: true },
  { ...base, kind: 'CronJob', apiVersions: ['batch/v1'], struct: 'CronJob', simulated: true },
  { ...base, kind: 'Service', apiVersions: v1, struct: 'Service', simulated: true, checkName: checkServiceName },
  { ...base, kind: 'Endpoints', apiVersions: v1, struct: 'Endpoints', simulated: true },
  { ...base, kind: 'EndpointSlice', apiVersions: ['discovery.k8s.io/v1'], struct: 'EndpointSlice', simulated: true },
  { ...base, kind: 'NetworkPolicy', apiVersions: networking, struct: 'NetworkPolicy', simulated: true },
  { ...base, kind: 'Ingress', apiVersions: networking, struct: 'Ingress' },
  { ...base, kind: 'IngressClass', apiVersions: networking, struct: 'IngressClass', scope: 'cluster' },
  { ...base, kind: 'Secret', apiVersions: v1, struct: 'Secret', redact: ['data', 'stringData'] },
  { ...base, kind: 'ServiceAccount', apiVersions: v1, struct: 'ServiceAccount' },
  { ...base, kind: 'ConfigMap', apiVersions: v1, struct: 'ConfigMap' },
  { ...base, kind: 'Role', apiVersions: rbac, struct: 'Role', checkName: checkPathSegment },
  { ...base, kind: 'ClusterRole', apiVersions: rbac, struct: 'ClusterRole', scope: 'cluster', checkName: checkPathSegment },
  { ...base, kind: 'RoleBinding', apiVersions: rbac, struct: 'RoleBinding', checkName: checkPathSegment },
  { ...base, kind: 'ClusterRoleBinding', apiVersions: rbac, struct: 'ClusterRoleBinding', scope: 'cluster', checkName: checkPathSegment },
  { ...base, kind: 'KubeProxyConfiguration', apiVersions: ['kubeproxy.config.k8s.io/v1alpha1'], struct: 'KubeProxyConfiguration', scope: 'config', simulated: true },
  { ...base, kind: 'ClusterConfiguration', apiVersions: ['kubeadm.k8s.io/v1beta4', 'kubeadm.k8s.io/v1beta3'], struct: 'ClusterConfiguration', scope: 'config', simulated: true },
  { ...base, kind: 'Sandbox', apiVersions: ['podhop.dev/v1alpha1'], struct: 'Sandbox', scope: 'config', simulated: true },
];
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
