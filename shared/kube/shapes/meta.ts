import type { Shapes } from './shape.ts';

/** Field names and JSON types of k8s.io/api v0.37: metav1, and the references that many kinds share. */
export const metaShapes: Shapes = {
  Condition: 'type:s status:s observedGeneration:l lastTransitionTime:t reason:s message:s',
  LabelSelector: 'matchLabels:{s} matchExpressions:[LabelSelectorRequirement]',
  LabelSelectorRequirement: 'key:s operator:s values:[s]',
  LocalObjectReference: 'name:s',
  ManagedFieldsEntry: 'manager:s operation:s apiVersion:s time:t fieldsType:s fieldsV1:* subresource:s',
  NodeSelector: 'nodeSelectorTerms:[NodeSelectorTerm]',
  NodeSelectorRequirement: 'key:s operator:s values:[s]',
  NodeSelectorTerm: 'matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]',
  ObjectMeta: 'name:s generateName:s namespace:s selfLink:s uid:s resourceVersion:s generation:l creationTimestamp:t deletionTimestamp:t deletionGracePeriodSeconds:l labels:{s} annotations:{s} ownerReferences:[OwnerReference] finalizers:[s] managedFields:[ManagedFieldsEntry]',
  ObjectReference: 'kind:s namespace:s name:s uid:s apiVersion:s resourceVersion:s fieldPath:s',
  OwnerReference: 'apiVersion:s kind:s name:s uid:s controller:b blockOwnerDeletion:b',
  PortStatus: 'port:i protocol:s error:s',
  ResourceClaim: 'name:s request:s',
  ResourceRequirements: 'limits:{q} requests:{q} claims:[ResourceClaim]',
  TypedLocalObjectReference: 'apiGroup:s kind:s name:s',
  TypedObjectReference: 'apiGroup:s kind:s name:s namespace:s',
};
