import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

/** Where the API server's rule is written; what is tried; the object's spec in one line, « before the token that is refused, ‹ where the object is used all the same, none where it is taken. */
type Row = readonly [source: string, what: string, text: string];

const wrapped: Readonly<Record<string, (text: string) => string>> = {
  NetworkPolicy: (text) => `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: ${text}}`,
  Service: (text) => `{apiVersion: v1, kind: Service, metadata: {name: a}, spec: ${text}}`,
  Ingress: (text) => `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: ${text}}`,
  IngressClass: (text) => `{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: a}, spec: ${text}}`,
  EndpointSlice: (text) => `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}, ${text}}`,
  Pod: (text) => `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: ${text}}`,
  Node: (text) => `{apiVersion: v1, kind: Node, metadata: {name: a}, spec: ${text}}`,
  Endpoints: (text) => `{apiVersion: v1, kind: Endpoints, metadata: {name: a}, ${text}}`,
  object: (text) => text,
};

const policies: readonly Row[] = [
  ['ValidateNetworkPolicySpec', 'no podSelector is one that selects everything', '{}'],
  ['ValidateNetworkPolicySpec', 'a type twice', '{podSelector: {}, policyTypes: [Ingress, Ingress]}'],
  ['ValidateNetworkPolicySpec', 'more than two types', '{podSelector: {}, policyTypes: [Ingress, Egress, «Egress]}'],
  ['ValidateNetworkPolicySpec', 'a type that there is not', '{podSelector: {}, policyTypes: [«ingress]}'],
  ['ValidateNetworkPolicyPort', 'a named port that holds no letter', '{podSelector: {}, ingress: [{ports: [{port: «"80"}]}]}'],
  ['ValidateNetworkPolicyPort', 'port 0', '{podSelector: {}, ingress: [{ports: [{port: «0}]}]}'],
  ['ValidateNetworkPolicyPort', 'endPort equal to port', '{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 80}]}]}'],
  ['ValidateNetworkPolicyPort', 'endPort beyond 65535', '{podSelector: {}, egress: [{ports: [{port: 80, endPort: «65536}]}]}'],
  ['ValidateNetworkPolicyPort', 'endPort 0', '{podSelector: {}, egress: [{ports: [{port: 80, endPort: «0}]}]}'],
  ['ValidateNetworkPolicyPort', 'a protocol in lower case', '{podSelector: {}, ingress: [{ports: [{protocol: «tcp}]}]}'],
  ['ValidateNetworkPolicyPort', 'an empty protocol is no protocol: the field is a pointer', '{podSelector: {}, ingress: [{ports: [{protocol: «""}]}]}'],
  ['ValidateNetworkPolicyPort', 'ICMP', '{podSelector: {}, ingress: [{ports: [{protocol: «ICMP}]}]}'],
  ['ValidateNetworkPolicyPeer', 'both selectors', '{podSelector: {}, ingress: [{from: [{podSelector: {}, namespaceSelector: {}}]}]}'],
  ['ValidateNetworkPolicyPeer', 'nothing', '{podSelector: {}, egress: [{to: [«{}]}]}'],
  ['ValidateNetworkPolicyPeer', 'all three null are nothing', '{podSelector: {}, egress: [{to: [«{podSelector: null, ipBlock: null}]}]}'],
  ['ValidateNetworkPolicyPeer', 'an ipBlock beside a namespaceSelector', '{podSelector: {}, egress: [{to: [{namespaceSelector: {}, ipBlock: «{cidr: 10.0.0.0/8}}]}]}'],
  ['ValidateIPBlock', 'no cidr', '{podSelector: {}, egress: [{to: [{ipBlock: «{}}]}]}'],
  ['ValidateIPBlock', 'an exception of the other family', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [«"2001:db8::/64"]}}]}]}'],
  ['ValidateIPBlock', 'an exception with its own host bits', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.2.3/16]}}]}]}'],
  ['ValidateIPBlock', 'an exception larger than the block', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/16, except: [«10.0.0.0/8]}}]}]}'],
  ['ValidateIPBlock', 'an exception that equals the block by its host bits', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/16, except: [«10.0.9.0/16]}}]}]}'],
  ['ValidateIPBlock', 'a zone', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: «"fe80::1%eth0/64"}}]}]}'],
  ['ValidateIPBlock', 'a prefix with a leading zero', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/08}}]}]}'],
  ['ValidateIPBlock', 'a prefix with a sign', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: «10.0.0.0/+8}}]}]}'],
  ['ValidateLabelSelector', 'In without values', '{podSelector: {matchExpressions: [{key: a, operator: In, values: «[]}]}}'],
  ['ValidateLabelSelector', 'Exists with values', '{podSelector: {matchExpressions: [{key: a, operator: Exists, values: «[b]}]}}'],
  ['ValidateLabelSelector', 'an operator of node selectors', '{podSelector: {matchExpressions: [{key: a, operator: «Gt, values: ["1"]}]}}'],
  ['ValidateLabelSelector', 'a value that is no label value', '{podSelector: {matchLabels: {a: b« c}}}'],
  ['ValidateLabelSelector', 'an empty value', '{podSelector: {matchLabels: {a: ""}}}'],
];

const services: readonly Row[] = [
  ['SetDefaults_Service', 'empty texts stand for the defaults', '{type: "", sessionAffinity: "", ports: [{port: 80, protocol: "", targetPort: ""}]}'],
  ['SetDefaults_Service', 'targetPort 0 stands for the port', '{ports: [{port: 80, targetPort: 0}]}'],
  ['SetDefaults_Service', 'without affinity its settings are dropped', '{sessionAffinity: None, sessionAffinityConfig: {clientIP: {timeoutSeconds: 90}}, ports: [{port: 80}]}'],
  ['SetDefaults_Service', 'an empty externalTrafficPolicy stands for none', '{externalTrafficPolicy: "", ports: [{port: 80}]}'],
  ['ValidateService', 'an affinity beyond a day', '{sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: «86401}}, ports: [{port: 80}]}'],
  ['ValidateService', 'an affinity of no time', '{sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: «0}}, ports: [{port: 80}]}'],
  ['ValidateService', 'a headless load balancer', '{type: LoadBalancer, clusterIP: «None, ports: [{port: 80}]}'],
  ['ValidateService', 'a headless node port', '{type: NodePort, clusterIP: «None, ports: [{port: 80}]}'],
  ['ValidateService', 'the port of the kubelet on a load balancer', '{type: LoadBalancer, ports: [{port: «10250}]}'],
  ['ValidateService', 'the port of the kubelet elsewhere', '{type: NodePort, ports: [{port: 10250}]}'],
  ['ValidateService', 'headless without ports', '{clusterIP: None}'],
  ['ValidateService', 'several ports of one number and different protocols', '{ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53}]}'],
  ['ValidateService', 'the same port twice', '{ports: [{name: a, port: 53}, {name: b, port: «53, targetPort: 54}]}'],
  ['ValidateService', 'one node port for two protocols', '{type: NodePort, ports: [{name: a, port: 53, protocol: UDP, nodePort: 30053}, {name: b, port: 53, nodePort: 30053}]}'],
  ['ValidateService', 'a port name of 63 characters', `{ports: [{name: ${'a'.repeat(63)}, port: 80}]}`],
  ['ValidateService', 'a target port name of 16 characters', '{ports: [{port: 80, targetPort: abcdefghijklmno«p}]}'],
  ['ValidateService', 'an appProtocol with a domain', '{ports: [{port: 80, appProtocol: kubernetes.io/h2c}]}'],
  ['ValidateService', 'an appProtocol with a blank', '{ports: [{port: 80, appProtocol: h2«!c}]}'],
  ['ValidateService', 'an external address of the loopback', '{externalIPs: [«127.0.0.1], ports: [{port: 80}]}'],
  ['ValidateService', 'an external name without a name', '«{type: ExternalName}'],
  ['ValidateService', 'an external name of one label', '{type: ExternalName, externalName: db}'],
  ['ValidateService', 'an external name that ends in a dot', '{type: ExternalName, externalName: example.com.}'],
  ['ValidateService', 'an external name with a port', '{type: ExternalName, externalName: example.com«:80}'],
  ['ValidateService', 'an external name with a cluster IP', '{type: ExternalName, externalName: example.com, clusterIP: «10.96.0.9}'],
  ['ValidateService', 'an external name with an empty cluster IP', '{type: ExternalName, externalName: example.com, clusterIP: ""}'],
  ['ValidateService', 'source ranges elsewhere', '{loadBalancerSourceRanges: «[10.0.0.0/8], ports: [{port: 80}]}'],
  ['ValidateService', 'no source ranges elsewhere', '{loadBalancerSourceRanges: [], ports: [{port: 80}]}'],
  ['ValidateService', 'an address as source range', '{type: LoadBalancer, loadBalancerSourceRanges: [«10.0.0.1], ports: [{port: 80}]}'],
  ['validateLoadBalancerClassField', 'a class of load balancers', '{type: LoadBalancer, loadBalancerClass: example.com/lb, ports: [{port: 80}]}'],
  ['validateLoadBalancerClassField', 'a class that is no qualified name', '{type: LoadBalancer, loadBalancerClass: example.com/«-lb, ports: [{port: 80}]}'],
  ['validateLoadBalancerClassField', 'a class elsewhere', '{loadBalancerClass: «example.com/lb, ports: [{port: 80}]}'],
  ['ValidateServiceExternalTrafficPolicy', 'Local on a ClusterIP', '{externalTrafficPolicy: «Local, ports: [{port: 80}]}'],
  ['ValidateServiceExternalTrafficPolicy', 'Local on a ClusterIP with an external address', '{externalTrafficPolicy: Local, externalIPs: [198.51.100.7], ports: [{port: 80}]}'],
  ['ValidateServiceExternalTrafficPolicy', 'a health-check port on a NodePort', '{type: NodePort, externalTrafficPolicy: Local, healthCheckNodePort: «30123, ports: [{port: 80}]}'],
  ['ValidateServiceInternalTrafficPolicy', 'an empty internalTrafficPolicy: the field is a pointer', '{internalTrafficPolicy: «"", ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'clusterIPs alone', '{clusterIPs: «[10.96.0.9], ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'None beside an address', '{clusterIP: None, clusterIPs: [None, «10.96.0.9], ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'two of one family', '{clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, «10.96.0.10], ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'one of each family', '{clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9, "fd00::9"], ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'an address of another family than it says', '{clusterIP: 10.96.0.9, clusterIPs: [«10.96.0.9], ipFamilies: [IPv6], ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'a family twice, apart', '{ipFamilies: [IPv4, IPv6, «IPv4], ports: [{port: 80}]}'],
  ['ValidateServiceClusterIPsRelatedFields', 'no address', '{clusterIP: «none, ports: [{port: 80}]}'],
  ['ValidateServiceCreate', 'a distribution of traffic that there is not', '{trafficDistribution: «PreferFar, ports: [{port: 80}]}'],
];

const path = (text: string): string => `{rules: [{http: {paths: [${text}]}}]}`;
const svc = 'backend: {service: {name: a, port: {number: 80}}}';
const ingresses: readonly Row[] = [
  ['ValidateIngressSpec', 'nothing', '«{}'],
  ['ValidateIngressSpec', 'a default backend alone', '{defaultBackend: {service: {name: a, port: {name: http}}}}'],
  ['validateIngressRules', 'a host alone', '{rules: [{host: example.com}]}'],
  ['validateHTTPIngressRuleValue', 'no path', '{rules: [{http: {paths: «[]}}]}'],
  ['validateHTTPIngressRuleValue', 'no paths', '{rules: [{http: «{}}]}'],
  ['validateIngressRules', 'a host with a port', '{rules: [{host: example.com«:80}]}'],
  ['validateIngressRules', 'a host that is an address', '{rules: [{host: «1.2.3.4}]}'],
  ['validateIngressRules', 'a wildcard in the middle', '{rules: [{host: «foo.*.com}]}'],
  ['validateIngressRules', 'a wildcard alone', '{rules: [{host: "«*"}]}'],
  ['validateIngressRules', 'a wildcard', '{rules: [{host: "*.example.com"}]}'],
  ['validateIngressRules', 'a host in capitals', '{rules: [{host: «Example.com}]}'],
  ['validateHTTPIngressPath', 'no type', path(`«{path: /, ${svc}}`)],
  ['validateHTTPIngressPath', 'a type in lower case', path(`{path: /, pathType: «prefix, ${svc}}`)],
  ['validateHTTPIngressPath', 'Prefix with an empty path', path(`{path: «"", pathType: Prefix, ${svc}}`)],
  ['validateHTTPIngressPath', 'ImplementationSpecific without a path', path(`{pathType: ImplementationSpecific, ${svc}}`)],
  ['validateHTTPIngressPath', 'ImplementationSpecific with an expression', path(`{path: "/a(/|$)(.*)", pathType: ImplementationSpecific, ${svc}}`)],
  ['validateHTTPIngressPath', 'ImplementationSpecific with a doubled slash', path(`{path: "//a", pathType: ImplementationSpecific, ${svc}}`)],
  ['validateHTTPIngressPath', 'Prefix with a doubled slash', path(`{path: «"/a//b", pathType: Prefix, ${svc}}`)],
  ['validateHTTPIngressPath', 'Exact that ends in two dots', path(`{path: «/a/.., pathType: Exact, ${svc}}`)],
  ['validateIngressBackend', 'both backends', path(`{path: /, pathType: Exact, backend: {service: {name: a, port: {number: 80}}, resource: «{kind: K, name: n}}}`)],
  ['validateIngressBackend', 'no backend', path('{path: /, pathType: Exact, backend: «{}}')],
  ['validateIngressBackend', 'a port by number and name', path('{path: /, pathType: Exact, backend: {service: {name: a, port: {number: 80, name: «http}}}}')],
  ['validateIngressBackend', 'number 0 stands for none', path('{path: /, pathType: Exact, backend: {service: {name: a, port: {number: 0, name: http}}}}')],
  ['validateIngressBackend', 'a port name longer than a container\'s may be', path('{path: /, pathType: Exact, backend: {service: {name: a, port: {name: abcdefghijklmno«p}}}}')],
  ['validateIngressBackend', 'a resource without a name', path('{path: /, pathType: Exact, backend: {resource: «{kind: StorageBucket}}}')],
  ['validateIngressTLS', 'a host that is an address: any DNS name will do', `{defaultBackend: {service: {name: a, port: {number: 80}}}, tls: [{hosts: [1.2.3.4]}]}`],
  ['validateIngressTLS', 'an empty host', `{defaultBackend: {service: {name: a, port: {number: 80}}}, tls: [{hosts: ["«"]}]}`],
  ['validateIngressTLS', 'a Secret that none can be named', `{defaultBackend: {service: {name: a, port: {number: 80}}}, tls: [{secretName: a«_b}]}`],
  ['ValidateIngressClassName', 'no name', `{ingressClassName: "«", defaultBackend: {service: {name: a, port: {number: 80}}}}`],
];
const annotated = (annotation: string, name: string): string => `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, annotations: {kubernetes.io/ingress.class: ${annotation}}}, spec: {ingressClassName: ${name}, rules: [{host: a.b}]}}`;
const objects: readonly Row[] = [
  ['ValidateIngressCreate', 'the class by annotation and by field, alike', annotated('nginx', 'nginx')],
  ['ValidateIngressCreate', 'the class by annotation and by field, different', annotated('«nginx', 'traefik')],
  ['NameIsDNS1035Label', 'a Service that begins with a digit', '{apiVersion: v1, kind: Service, metadata: {name: «1a}, spec: {ports: [{port: 80}]}}'],
  ['NameIsDNSSubdomain', 'a NetworkPolicy with dots', '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a.b}, spec: {}}'],
  ['ValidateNamespaceName', 'a Namespace with dots', '{apiVersion: v1, kind: Namespace, metadata: {name: a«.b}}'],
  ['ValidateAnnotations', 'a key in capitals', '{apiVersion: v1, kind: Namespace, metadata: {name: a, annotations: {Example.com/A: b}}}'],
  ['ValidateLabels', 'a key with two slashes', '{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {«a.b/c/d: e}}}'],
];

const classes: readonly Row[] = [
  ['validateIngressClassSpec', 'no controller', '«{}'],
  ['validateIngressClassSpec', 'a controller without a path', '{controller: «example.com}'],
  ['validateIngressClassSpec', 'a controller whose domain is none', '{controller: «"Example_/lb"}'],
  ['validateIngressClassSpec', 'a controller', '{controller: k8s.io/ingress-nginx}'],
  ['validateIngressClassParametersReference', 'parameters of a namespace without it', '{controller: a.b/c, parameters: {kind: P, name: p, scope: «Namespace}}'],
  ['validateIngressClassParametersReference', 'parameters of the cluster in a namespace', '{controller: a.b/c, parameters: {kind: P, name: p, scope: Cluster, namespace: «x}}'],
];

const slices: readonly Row[] = [
  ['validateAddressType', 'the old type IP', 'addressType: «IP, endpoints: []'],
  ['validateEndpoints', 'no endpoints', 'addressType: IPv4'],
  ['validateEndpoints', 'an endpoint without addresses', 'addressType: IPv4, endpoints: [«{addresses: []}]'],
  ['validateEndpoints', 'a multicast address of the link', 'addressType: IPv4, endpoints: [{addresses: [«224.0.0.1]}]'],
  ['validateEndpoints', 'a name of one label', 'addressType: FQDN, endpoints: [{addresses: [«db]}]'],
  ['validateEndpoints', 'a name that ends in a dot', 'addressType: FQDN, endpoints: [{addresses: [db.example.com.]}]'],
  ['validateEndpoints', 'a host name in capitals', 'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hostname: «A}]'],
  ['validateEndpoints', 'an empty host name', 'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hostname: "«"}]'],
  ['validatePorts', 'ports of one name', 'addressType: IPv4, endpoints: [], ports: [{port: 80, name: a}, {port: 81, name: «a}]'],
  ['validatePorts', 'a port without a number means all', 'addressType: IPv4, endpoints: [], ports: [{name: a}]'],
  ['validatePorts', 'port 0, which kube-proxy passes over', 'addressType: IPv4, endpoints: [], ports: [{port: 0}]'],
  ['validatePorts', 'an empty protocol: the field is a pointer', 'addressType: IPv4, endpoints: [], ports: [{port: 80, protocol: «""}]'],
  ['validateHints', 'a zone twice', 'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: a}, {name: «a}]}}]'],
  ['validateHints', 'a zone that is no label value', 'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: a«!}]}}]'],
];

const container = (rest: string): string => `{containers: [{name: c, image: i, ${rest}}]}`;
const pods: readonly Row[] = [
  ['ValidatePodSpec', 'no container', '‹{containers: []}'],
  ['validateContainers', 'no name and no image, as in lists cut down to what policies read: said, and used all the same', '{containers: [‹{ports: []}]}'],
  ['validateContainers', 'two of one name', '{containers: [{name: c, image: i}, {name: «c, image: i}]}'],
  ['validateContainers', 'an image with a blank behind it', '{containers: [{name: c, image: «"i "}]}'],
  ['validateContainers', 'an empty image', '{containers: [{name: c, image: «""}]}'],
  ['ValidateVolumeMounts', 'a volume that the pod has not: no packet would miss it', container('volumeMounts: [{name: ‹v, mountPath: /v}]')],
  ['ValidateEnv', 'a variable without a name: no packet would miss it', container('env: [‹{value: x}]')],
  ['validateContainerPorts', 'port 0', container('ports: [{containerPort: «0}]')],
  ['validateContainerPorts', 'no port', container('ports: [‹{name: http}]')],
  ['validateContainerPorts', 'an empty protocol', container('ports: [{containerPort: 80, protocol: ""}]')],
  ['validateContainerPorts', 'a name twice in one container', container('ports: [{containerPort: 80, name: a}, {containerPort: 81, name: «a}]')],
  ['validateContainerPorts', 'a name twice in two containers', '{containers: [{name: c, image: i, ports: [{containerPort: 80, name: a}]}, {name: d, image: i, ports: [{containerPort: 81, name: a}]}]}'],
  ['validateContainerPorts', 'a port twice', container('ports: [{containerPort: 80}, {containerPort: 80}]')],
  ['validateContainerPorts', 'a host port beyond 65535', container('ports: [{containerPort: 80, hostPort: «70000}]')],
  ['validateContainerPorts', 'host port 0 stands for none', container('ports: [{containerPort: 80, hostPort: 0}]')],
  ['checkHostPortConflicts', 'a host port twice', container('ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 81, hostPort: «8080}]')],
  ['checkHostPortConflicts', 'a host port for two protocols', container('ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 81, hostPort: 8080, protocol: UDP}]')],
  ['checkHostPortConflicts', 'a host port on two addresses', container('ports: [{containerPort: 80, hostPort: 8080, hostIP: 10.0.0.1}, {containerPort: 81, hostPort: 8080, hostIP: 10.0.0.2}]')],
  ['validateHostNetwork', 'another host port on the host\'s network', '{hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 80, hostPort: «81}]}]}'],
  ['validateHostNetwork', 'none on the host\'s network', '{hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}'],
  ['validatePodDNSConfig', 'None without a server', '{dnsPolicy: «None, containers: [{name: c, image: i}]}'],
  ['validatePodDNSConfig', 'None with a server', '{dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10]}, containers: [{name: c, image: i}]}'],
  ['validatePodDNSConfig', 'a server that is a name', '{dnsConfig: {nameservers: [«dns]}, containers: [{name: c, image: i}]}'],
  ['validatePodDNSConfig', 'four servers', '{dnsConfig: {nameservers: [10.0.0.1, 10.0.0.2, 10.0.0.3, «10.0.0.4]}, containers: [{name: c, image: i}]}'],
  ['ValidatePodSpec', 'an empty dnsPolicy and restartPolicy', '{dnsPolicy: "", restartPolicy: "", containers: [{name: c, image: i}]}'],
  ['ValidatePodSpec', 'a host name with a dot', '{hostname: a«.b, containers: [{name: c, image: i}]}'],
  ['ValidateHostAliases', 'an alias that is no address', '{hostAliases: [{ip: «nowhere, hostnames: [a]}], containers: [{name: c, image: i}]}'],
];
const nodes: readonly Row[] = [
  ['ValidateNode', 'a network', '{podCIDR: 10.0.0.0/24}'], ['ValidateNode', 'no network', '{podCIDRs: [«10.0.0.0]}'], ['ValidateNode', 'one of each family', '{podCIDRs: [10.0.0.0/24, "fd00::/64"]}'],
  ['ValidateNode', 'two of one family', '{podCIDRs: [10.0.0.0/24, «10.0.1.0/24]}'], ['ValidateNode', 'three', '{podCIDRs: [10.0.0.0/24, "fd00::/64", «10.0.1.0/24]}'],
];
const subsets: readonly Row[] = [
  ['validateEndpointSubsets', 'no address', 'subsets: [«{ports: [{port: 80}]}]'], ['validateEndpointPort', 'an empty protocol', 'subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80, protocol: ""}]}]'],
  ['validateEndpointPort', 'port 0', 'subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: «0}]}]'], ['ValidateNonSpecialIP', 'the loopback', 'subsets: [{addresses: [{ip: «127.0.0.1}], ports: [{port: 80}]}]'],
];

const groups: Readonly<Record<string, readonly Row[]>> = { NetworkPolicy: policies, Service: services, Ingress: ingresses, IngressClass: classes, EndpointSlice: slices, Pod: pods, Node: nodes, Endpoints: subsets, object: objects };

// What the API server refuses is refused, at the token that is wrong; what it takes is taken, whatever else there is to say about it.
describe.each(Object.entries(groups))('%s, as the API server validates it', (kind, rows) => {
  test.each(rows)('%s: %s', (_source, _what, text) => {
    const marked = wrapped[kind]!(text);
    const at = marked.search(/[«‹]/);
    const { objects: read, problems } = readManifests([{ name: 'x.yaml', text: marked.replace(/[«‹]/, '') }]);
    const errors = problems.filter((problem) => problem.severity === 'error');
    const said = errors.map(formatProblem).join('\n');
    expect({ taken: read.length === 1, at: errors[0]?.at?.col ?? null, said }).toEqual({ taken: !marked.includes('«'), at: at < 0 ? null : at + 1, said });
  });
});
