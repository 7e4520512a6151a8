import type { Shapes } from './shape.ts';

/** podhop.dev/v1alpha1 Sandbox: what Kubernetes has no document for (CLI.md, Inputs). */
export const podhopShapes: Shapes = {
  Sandbox: 'kind:s apiVersion:s metadata:ObjectMeta spec:SandboxSpec',
  SandboxSpec: 'podNetwork:s enforcesNetworkPolicy:b podsRoutable:b masquerade:b loadBalancer:s ingressController:s nodes:{SandboxNode} clients:* hosts:* faults:* seed:l',
  SandboxNode: 'addresses:[s]',
};

/** kubeadm.k8s.io ClusterConfiguration: only `networking` is known completely, so only there a field can be unknown. */
export const kubeadmShapes: Shapes = {
  ClusterConfiguration: 'kind:s apiVersion:s metadata:* networking:KubeadmNetworking ...:*',
  KubeadmNetworking: 'serviceSubnet:s podSubnet:s dnsDomain:s',
};
