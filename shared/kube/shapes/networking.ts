import type { Shapes } from './shape.ts';

/** Field names and JSON types of k8s.io/api v0.37: networking.k8s.io/v1. */
export const networkingShapes: Shapes = {
  HTTPIngressPath: 'path:s pathType:s backend:IngressBackend',
  HTTPIngressRuleValue: 'paths:[HTTPIngressPath]',
  IPBlock: 'cidr:s except:[s]',
  Ingress: 'kind:s apiVersion:s metadata:ObjectMeta spec:IngressSpec status:IngressStatus',
  IngressBackend: 'service:IngressServiceBackend resource:TypedLocalObjectReference',
  IngressClass: 'kind:s apiVersion:s metadata:ObjectMeta spec:IngressClassSpec',
  IngressClassParametersReference: 'apiGroup:s kind:s name:s scope:s namespace:s',
  IngressClassSpec: 'controller:s parameters:IngressClassParametersReference',
  IngressLoadBalancerIngress: 'ip:s hostname:s ports:[IngressPortStatus]',
  IngressLoadBalancerStatus: 'ingress:[IngressLoadBalancerIngress]',
  IngressPortStatus: 'port:i protocol:s error:s',
  IngressRule: 'host:s http:HTTPIngressRuleValue',
  IngressServiceBackend: 'name:s port:ServiceBackendPort',
  IngressSpec: 'ingressClassName:s defaultBackend:IngressBackend tls:[IngressTLS] rules:[IngressRule]',
  IngressStatus: 'loadBalancer:IngressLoadBalancerStatus',
  IngressTLS: 'hosts:[s] secretName:s',
  NetworkPolicy: 'kind:s apiVersion:s metadata:ObjectMeta spec:NetworkPolicySpec',
  NetworkPolicyEgressRule: 'ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]',
  NetworkPolicyIngressRule: 'ports:[NetworkPolicyPort] from:[NetworkPolicyPeer]',
  NetworkPolicyPeer: 'podSelector:LabelSelector namespaceSelector:LabelSelector ipBlock:IPBlock',
  NetworkPolicyPort: 'protocol:s port:p endPort:i',
  NetworkPolicySpec: 'podSelector:LabelSelector ingress:[NetworkPolicyIngressRule] egress:[NetworkPolicyEgressRule] policyTypes:[s]',
  ServiceBackendPort: 'name:s number:i',
};
