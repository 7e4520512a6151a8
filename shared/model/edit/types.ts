import type { Json } from '../../base/json.ts';
import type { ObjectRef } from '../../base/object-ref.ts';
import type { SourceSpan } from '../../base/problem.ts';
import type { FieldPath } from '../../kube/types.ts';
import type { Fault, Labels, ProxyMode, Service, Settings } from '../types.ts';

/** A namespaced object of a kind that the edit itself names. */
export interface Named { readonly namespace: string; readonly name: string }
/** Where a picture's boxes were put by hand: `pod/shop/web-0`, `node/a` → their rank in their list, as `y` where things stand below each other, as `x` side by side (arrange.ts). */
export type Positions = Readonly<Record<string, { readonly x: number; readonly y: number }>>;
/** By what pods are drawn as one. */
export type Grouping = 'none' | 'workload' | 'namespace';
/** One port of a Service as an edit writes it. */
export interface PortEdit { readonly name?: string; readonly protocol?: 'TCP' | 'UDP' | 'SCTP'; readonly port: number; readonly targetPort?: number | string; readonly nodePort?: number }
/** Fields of a Service's spec; absent = stays, null = back to the API server's default. */
export interface ServiceFields {
  readonly type?: Service['type'];
  readonly ports?: readonly PortEdit[];
  readonly externalTrafficPolicy?: 'Cluster' | 'Local' | null;
  readonly internalTrafficPolicy?: 'Cluster' | 'Local' | null;
  /** Seconds of ClientIP affinity; null = none. */
  readonly sessionAffinitySeconds?: number | null;
  readonly externalName?: string;
  readonly externalIPs?: readonly string[] | null;
  readonly loadBalancerSourceRanges?: readonly string[] | null;
  readonly publishNotReadyAddresses?: boolean | null;
  readonly trafficDistribution?: string | null;
  /** `None` = headless; null = allocated. */
  readonly clusterIP?: string | null;
}
/** Fields of the Sandbox document's spec; absent = stays, null = back to the default. */
export type SandboxFields = { readonly [K in 'podNetwork' | 'enforcesNetworkPolicy' | 'podsRoutable' | 'masquerade' | 'loadBalancer' | 'ingressController' | 'seed']?: Settings[K] | null };

/** What a palette adds. `name` absent = the kind's own word, numbered where it is taken. */
export type NewObject =
  | { readonly kind: 'pod'; readonly namespace?: string; readonly name?: string; readonly node?: string; readonly labels?: Labels; readonly port?: number }
  | { readonly kind: 'deployment'; readonly namespace?: string; readonly name?: string; readonly replicas?: number; readonly port?: number }
  | { readonly kind: 'service'; readonly namespace?: string; readonly name?: string; readonly selector?: Labels; readonly port?: number; readonly targetPort?: number | string; readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' }
  /** Isolates the pods that the labels choose (all of the namespace without any) and lets nobody in. */
  | { readonly kind: 'policy'; readonly namespace?: string; readonly name?: string; readonly podLabels?: Labels }
  | { readonly kind: 'node'; readonly name?: string }
  | { readonly kind: 'namespace'; readonly name?: string }
  | { readonly kind: 'ingress'; readonly namespace?: string; readonly name?: string; readonly service: string; readonly port?: number; readonly host?: string; readonly path?: string }
  | { readonly kind: 'client'; readonly name?: string; readonly address?: string }
  | { readonly kind: 'host'; readonly name?: string; readonly address?: string };

/** Who may or may not connect: a pod or a workload, by its reference, or an outside network. */
export type PolicyParty = { readonly ref: ObjectRef } | { readonly cidr: string };

/** One change that a person makes to the cluster by hand. It becomes edits of the manifests' text (DESIGN §8.1). */
export type ClusterEdit =
  /** Another node for a pod. A workload's only pod: the template's nodeName; one of several: that pod gets a document of its own, which its workload adopts. */
  | { readonly kind: 'move-pod'; readonly pod: Named; readonly node: string }
  /** Labels of an object itself; null takes one away. On a workload's pod: on that pod alone. */
  | { readonly kind: 'set-labels'; readonly target: ObjectRef; readonly labels: Readonly<Record<string, string | null>> }
  /** The whole selector of a Service; null = none. */
  | { readonly kind: 'set-selector'; readonly service: Named; readonly selector: Labels | null }
  /** Makes the Service choose (or no longer choose) the pod, by the pod's labels or the Service's selector. Without `by`, asks where both would do. */
  | { readonly kind: 'connect-service' | 'disconnect-service'; readonly service: Named; readonly pod: Named; readonly by?: 'labels' | 'selector' }
  | { readonly kind: 'scale'; readonly workload: ObjectRef; readonly replicas: number }
  | { readonly kind: 'delete-object'; readonly target: ObjectRef }
  | { readonly kind: 'duplicate'; readonly target: ObjectRef; readonly name?: string }
  | { readonly kind: 'set-ready'; readonly pod: Named; readonly ready: boolean }
  | { readonly kind: 'set-terminating'; readonly pod: Named; readonly terminating: boolean }
  /** The pod's containers keep crashing: it is not ready and nothing listens, but it keeps its address; or they run again. */
  | { readonly kind: 'crash'; readonly pod: Named; readonly crashed: boolean }
  | { readonly kind: 'cordon'; readonly node: string; readonly cordoned: boolean }
  /** Cordons the node and evicts its pods: bare ones end, those of workloads are placed elsewhere, DaemonSets' stay. */
  | { readonly kind: 'drain'; readonly node: string }
  | { readonly kind: 'set-service'; readonly service: Named; readonly set: ServiceFields }
  | { readonly kind: 'set-ingress-backend'; readonly ingress: Named; readonly host: string; readonly path: string; readonly service: string; readonly port: number | string }
  | { readonly kind: 'set-proxy-mode'; readonly mode: ProxyMode }
  | { readonly kind: 'set-pod-network'; readonly podNetwork: Settings['podNetwork'] }
  | { readonly kind: 'set-sandbox'; readonly set: SandboxFields }
  | { readonly kind: 'cut-link' | 'restore-link'; readonly a: string; readonly b: string }
  | { readonly kind: 'cut-route' | 'restore-route'; readonly on: string; readonly dst: string }
  | { readonly kind: 'stop-node' | 'start-node'; readonly node: string }
  /** The node's rules stay as they are now, whatever changes; or follow the cluster again. */
  | { readonly kind: 'stop-kube-proxy' | 'start-kube-proxy'; readonly node: string }
  /** Any other fault of the Sandbox document, put in or taken out. */
  | { readonly kind: 'set-fault'; readonly fault: Fault; readonly on: boolean }
  /** A NetworkPolicy of the destination that lets the source in; where something else still stands in the way, the effect says so. */
  | { readonly kind: 'allow'; readonly from: PolicyParty; readonly to: PolicyParty; readonly port?: number; readonly protocol?: 'TCP' | 'UDP' | 'SCTP' }
  /** NetworkPolicies that let everyone in whom nothing refuses now, but not the source. */
  | { readonly kind: 'deny'; readonly from: PolicyParty; readonly to: PolicyParty }
  /** A Service in front of a pod or workload. */
  | { readonly kind: 'expose'; readonly target: ObjectRef; readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer'; readonly port?: number; readonly targetPort?: number | string; readonly name?: string }
  | { readonly kind: 'add-object'; readonly object: NewObject }
  /** The whole text of one document; a name that none has adds one, null takes it away. */
  | { readonly kind: 'edit-yaml'; readonly document: string; readonly text: string | null }
  /** Places on the canvas; null lets the layout choose again. Never touches the manifests. */
  | { readonly kind: 'set-layout'; readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number } | null>> }
  /** A thing takes the place of another that stands in the same list: nodes, one node's pods, Services, what is outside. Never touches the manifests. */
  | { readonly kind: 'arrange'; readonly thing: string; readonly at: string }
  /** Draws a node, or a group of pods, as one line, or as the layout would. Never touches the manifests. */
  | { readonly kind: 'fold'; readonly thing: string; readonly folded: boolean }
  /** By what pods are drawn as one: each for itself, by workload or by namespace. Never touches the manifests. */
  | { readonly kind: 'group-pods'; readonly by: Grouping }
  /** Lets the layout choose every place again, and unfolds what was folded. */
  | { readonly kind: 'tidy-layout' };

/** A JSON object as a manifest holds it. */
export type ManifestObject = { readonly [key: string]: Json };
/** Which object a change is for, and where its text begins. */
export interface EditedObject { readonly ref: ObjectRef; readonly at: SourceSpan }

/** One change of the manifests' text. */
export type TextChange =
  | { readonly kind: 'set'; readonly object: EditedObject; readonly path: FieldPath; readonly value: Json }
  | { readonly kind: 'remove'; readonly object: EditedObject; readonly path: FieldPath }
  | { readonly kind: 'delete'; readonly object: EditedObject }
  /** A new object: into the file of `beside`, else into a file of its own. */
  | { readonly kind: 'add'; readonly object: ManifestObject; readonly beside?: SourceSpan; readonly file: string }
  | { readonly kind: 'text'; readonly file: string; readonly text: string | null };

/** Another edit that would do the same, for the person to choose from. */
export interface Alternative { readonly title: string; readonly edit: ClusterEdit }
/** What an edit comes to: changes under a name ("Move api-1 to node b"), or a choice that only the person can make. */
export type EditPlan =
  | { readonly kind: 'changes'; readonly title: string; readonly changes: readonly TextChange[]; readonly layout?: Positions; /** Pods (`namespace/name`) that lose their place and address, and are placed anew. */ readonly release?: readonly string[]; /** What the person should know of it, one sentence. */ readonly note?: string }
  | { readonly kind: 'choose'; readonly question: string; readonly alternatives: readonly Alternative[] };
