import type { Cidr } from '../base/cidr.ts';
import type { Ip } from '../base/ip.ts';
import type { SourceSpan } from '../base/problem.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { Rbac } from './rbac-types.ts';

export type ProxyMode = 'iptables' | 'nftables' | 'ipvs' | 'userspace' | 'kernelspace' | 'socket-lb';
export type L4Protocol = 'tcp' | 'udp' | 'sctp';
export type Labels = Readonly<Record<string, string>>;

/** Local-traffic detector of kube-proxy (detectLocalMode); it decides whose ClusterIP traffic is masqueraded. */
export type LocalDetector =
  | { readonly kind: 'none' }
  | { readonly kind: 'cluster-cidr' | 'node-cidr'; readonly cidrs: readonly Cidr[] }
  | { readonly kind: 'bridge-interface' | 'interface-prefix'; readonly name: string };

/** The cluster's own settings, from KubeProxyConfiguration, ClusterConfiguration and Sandbox documents, with CLI.md's defaults. */
export interface Settings {
  readonly proxyMode: ProxyMode;
  readonly detectLocal: LocalDetector;
  readonly masqueradeAll: boolean;
  readonly localhostNodePorts: boolean;
  /** CIDRs; empty = the mode's own default; `primary` as nftables takes it. */
  readonly nodePortAddresses: readonly string[];
  readonly ipvsScheduler: string;
  readonly preferSameTrafficDistribution: boolean;
  readonly podSubnets: readonly Cidr[];
  readonly serviceSubnets: readonly Cidr[];
  readonly dnsDomain: string;
  readonly podNetwork: 'bridge' | 'vxlan' | 'routed';
  readonly enforcesNetworkPolicy: boolean;
  readonly podsRoutable: boolean;
  readonly masquerade: boolean;
  readonly loadBalancer: 'none' | 'cloud' | 'metallb';
  readonly ingressController: 'lab' | 'none';
  readonly faults: readonly Fault[];
  readonly seed: number;
}

export type Fault =
  | { readonly kind: 'link-cut'; readonly a: string; readonly b: string }
  | { readonly kind: 'route-cut'; readonly on: string; readonly dst: string }
  | { readonly kind: 'node-stopped' | 'stale-kube-proxy' | 'br-netfilter-off' | 'hairpin-off'; readonly node: string }
  | { readonly kind: 'mtu'; readonly on: string; readonly link?: string; readonly bytes: number }
  | { readonly kind: 'fabric-blocks'; readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp'; readonly port?: number };

interface Thing {
  /** Null for what Podhop made up (lab nodes, namespaces, workload pods point at their workload). */
  readonly at: SourceSpan | null;
  readonly implied: boolean;
}
export interface Namespace extends Thing { readonly name: string; readonly labels: Labels }
export interface Node extends Thing {
  readonly name: string;
  readonly labels: Labels;
  /** InternalIPs first (one per family), then other addresses. */
  readonly addresses: readonly Ip[];
  readonly podCidrs: readonly Cidr[];
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
}
export interface ContainerPort { readonly name: string; readonly port: number; readonly protocol: L4Protocol; readonly hostPort?: number; readonly hostIp?: string; readonly container: string }
export interface Pod extends Thing {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** '' while unscheduled. */
  readonly node: string;
  readonly ips: readonly Ip[];
  readonly hostNetwork: boolean;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly ready: boolean;
  /** Passes readiness although terminating. */
  readonly terminating: boolean;
  /** Its containers crash in a loop: nothing listens. Absent = they do not. */
  readonly crashed?: boolean;
  readonly containers: readonly string[];
  readonly ports: readonly ContainerPort[];
  readonly hostname: string;
  readonly subdomain: string;
  readonly serviceAccount: string;
  /** False with `automountServiceAccountToken: false`; absent = it has its token. */
  readonly tokenMounted?: false;
  readonly dnsPolicy: string;
  /** Absent = the policy's resolv.conf as it is. */
  readonly dnsConfig?: PodDnsConfig;
  /** The workload this pod came from, or its own controller owner reference. */
  readonly owner: ObjectRef | null;
}
export interface PodDnsConfig { readonly nameservers: readonly Ip[]; readonly searches: readonly string[]; readonly options: readonly { readonly name: string; /** '' for one without. */ readonly value: string }[] }
export interface Workload extends Thing {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob' | 'ReplicationController';
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly serviceName: string;
  readonly labels: Labels;
  readonly podLabels: Labels;
}
export interface ServicePort {
  /** '' when unnamed. */
  readonly name: string;
  readonly protocol: L4Protocol;
  readonly port: number;
  readonly targetPort: number | string;
  /** 0 = none. */
  readonly nodePort: number;
  readonly appProtocol: string;
}
export interface LoadBalancerIngress { readonly ip: Ip | null; readonly hostname: string; readonly ipMode: 'VIP' | 'Proxy' }
export interface Service extends Thing {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** Null = no selector at all (hand-made endpoints); {} selects nothing here, as the API server treats it as absent. */
  readonly selector: Labels | null;
  /** Empty for headless and ExternalName. */
  readonly clusterIps: readonly Ip[];
  readonly headless: boolean;
  readonly externalName: string;
  readonly externalIps: readonly Ip[];
  readonly loadBalancer: readonly LoadBalancerIngress[];
  readonly loadBalancerSourceRanges: readonly Cidr[];
  readonly ports: readonly ServicePort[];
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly sessionAffinitySeconds: number | null;
  readonly healthCheckNodePort: number;
  readonly publishNotReadyAddresses: boolean;
  readonly trafficDistribution: string;
}
export interface Endpoint {
  readonly addresses: readonly string[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** '' when absent: local nowhere. */
  readonly nodeName: string;
  readonly zone: string;
  readonly hintZones: readonly string[];
  readonly hintNodes: readonly string[];
  readonly target: ObjectRef | null;
  readonly hostname: string;
}
export interface EndpointSlice extends Thing {
  readonly namespace: string;
  readonly name: string;
  /** From the label `kubernetes.io/service-name`; '' when it is missing. */
  readonly service: string;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly ports: readonly { readonly name: string | null; readonly protocol: L4Protocol; readonly port: number | null }[];
  readonly endpoints: readonly Endpoint[];
  readonly headlessLabel: boolean;
}
/** A machine outside the cluster, from the Sandbox document or CLI.md's defaults. */
export interface Outsider extends Thing {
  readonly kind: 'client' | 'host';
  readonly name: string;
  readonly addresses: readonly Ip[];
  /** Null = answers on everything. */
  readonly ports: readonly { readonly protocol: L4Protocol; readonly port: number }[] | null;
  readonly routes: readonly { readonly dst: Cidr; readonly via: string }[];
  readonly dnsNames: readonly string[];
}

/** One label selector, resolved to requirement form. Null-safe: an absent selector is a different thing than an empty one. */
export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly { readonly key: string; readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; readonly values: readonly string[] }[];
}
export interface PolicyPort { readonly protocol: L4Protocol; readonly port: number | string | null; readonly endPort: number | null }
export interface PolicyPeer { readonly podSelector: LabelSelector | null; readonly namespaceSelector: LabelSelector | null; readonly ipBlock: { readonly cidr: Cidr; readonly except: readonly Cidr[] } | null }
/** `peers` null = everyone; `ports` null = every port. */
export interface PolicyRule { readonly peers: readonly PolicyPeer[] | null; readonly ports: readonly PolicyPort[] | null }
export interface Policy extends Thing {
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  readonly ingress: readonly PolicyRule[] | null;
  readonly egress: readonly PolicyRule[] | null;
}

/** What an Ingress leads to; `port` is the Service's own, by number or name. */
export interface IngressBackend { readonly host: string; readonly path: string; readonly service: string; readonly port: number | string }
export interface Ingress extends Thing {
  readonly namespace: string;
  readonly name: string;
  /** Null where neither field nor annotation names a class. */
  readonly className: string | null;
  /** The default backend among them, with host and path ''. */
  readonly backends: readonly IngressBackend[];
  /** Rules in the document's order; one without paths has none here. Absent where nobody built them. */
  readonly rules?: readonly IngressRule[];
  readonly defaultBackend?: IngressTarget | null;
  readonly tls?: readonly { readonly hosts: readonly string[]; readonly secret: string }[];
  readonly annotations?: Labels;
  /** `metadata.creationTimestamp`; '' where absent. */
  readonly created?: string;
}
/** A Service of the Ingress's own namespace by its own port. Null in a rule = a resource that is no Service. */
export interface IngressTarget { readonly service: string; readonly port: number | string }
export interface IngressRule {
  /** '' = every host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly target: IngressTarget | null;
  readonly at: SourceSpan | null;
}
export interface IngressClass extends Thing { readonly name: string; readonly controller: string; readonly isDefault: boolean; readonly created: string }
/** A Secret, as far as TLS needs it. */
export interface TlsSecret extends Thing { readonly namespace: string; readonly name: string; readonly type: string; /** Names in the certificate; null where it could not be read. */ readonly names: readonly string[] | null }

/** Where pods stood and what addresses they had, by `namespace/name`: they keep both where they still can. */
export type HeldPlaces = Readonly<Record<string, { readonly node: string; readonly ips: readonly string[] }>>;

/** Who exists: everything the datapaths compile and the canvas draws. JSON-safe. Each list is sorted by namespace and name, so that manifest order never matters. */
export interface Cluster {
  readonly settings: Settings;
  readonly namespaces: readonly Namespace[];
  readonly nodes: readonly Node[];
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly policies: readonly Policy[];
  readonly outsiders: readonly Outsider[];
  /** Absent where nobody built them. */
  readonly ingresses?: readonly Ingress[];
  readonly ingressClasses?: readonly IngressClass[];
  readonly secrets?: readonly TlsSecret[];
  /** Roles and bindings, the built-in ones included. Absent where no document states any. */
  readonly rbac?: Rbac;
  /** Objects of other kinds, kept and listed. */
  readonly notSimulated: readonly { readonly ref: ObjectRef; readonly at: SourceSpan }[];
}
