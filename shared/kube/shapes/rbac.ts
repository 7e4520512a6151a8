import type { Shapes } from './shape.ts';

/** Field names and JSON types of k8s.io/api v0.37: rbac.authorization.k8s.io/v1. */
export const rbacShapes: Shapes = {
  AggregationRule: 'clusterRoleSelectors:[LabelSelector]',
  ClusterRole: 'kind:s apiVersion:s metadata:ObjectMeta rules:[PolicyRule] aggregationRule:AggregationRule',
  ClusterRoleBinding: 'kind:s apiVersion:s metadata:ObjectMeta subjects:[Subject] roleRef:RoleRef',
  PolicyRule: 'verbs:[s] apiGroups:[s] resources:[s] resourceNames:[s] nonResourceURLs:[s]',
  Role: 'kind:s apiVersion:s metadata:ObjectMeta rules:[PolicyRule]',
  RoleBinding: 'kind:s apiVersion:s metadata:ObjectMeta subjects:[Subject] roleRef:RoleRef',
  RoleRef: 'apiGroup:s kind:s name:s',
  Subject: 'kind:s apiGroup:s name:s namespace:s',
};
