import { z } from 'zod';

const MAX_TEXT = 300 * 1024 * 1024;
const name = z.string().max(4096);
const labels = z.record(name, name);
const named = z.strictObject({ namespace: name, name });
const ref = z.strictObject({ kind: name, namespace: name.optional(), name });
const port = z.number().int().min(0).max(65535);
const portOrName = z.union([port, name]);
const count = z.number().int().min(0).max(1_000_000);
const place = z.strictObject({ x: z.number(), y: z.number() });
const ipProtocol = z.enum(['TCP', 'UDP', 'SCTP']);
const flowProtocol = z.enum(['tcp', 'udp', 'sctp', 'icmp']);
const policy = z.enum(['Cluster', 'Local']).nullable().optional();
const serviceType = z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']);
const exposedType = z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).optional();
const podNetwork = z.enum(['bridge', 'vxlan', 'routed']);
const party = z.union([z.strictObject({ ref }), z.strictObject({ cidr: name })]);

const serviceFields = z.strictObject({
  type: serviceType.optional(),
  ports: z.array(z.strictObject({ name: name.optional(), protocol: ipProtocol.optional(), port, targetPort: portOrName.optional(), nodePort: port.optional() })).max(1000).optional(),
  externalTrafficPolicy: policy,
  internalTrafficPolicy: policy,
  sessionAffinitySeconds: z.number().int().min(1).max(86_400).nullable().optional(),
  externalName: name.optional(),
  externalIPs: z.array(name).max(1000).nullable().optional(),
  loadBalancerSourceRanges: z.array(name).max(1000).nullable().optional(),
  publishNotReadyAddresses: z.boolean().nullable().optional(),
  trafficDistribution: name.nullable().optional(),
  clusterIP: name.nullable().optional(),
});

const sandboxFields = z.strictObject({
  podNetwork: podNetwork.nullable().optional(),
  enforcesNetworkPolicy: z.boolean().nullable().optional(),
  podsRoutable: z.boolean().nullable().optional(),
  masquerade: z.boolean().nullable().optional(),
  loadBalancer: z.enum(['none', 'cloud', 'metallb']).nullable().optional(),
  ingressController: z.enum(['lab', 'none']).nullable().optional(),
  seed: z.number().int().nullable().optional(),
});

const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('link-cut'), a: name, b: name }),
  z.strictObject({ kind: z.literal('route-cut'), on: name, dst: name }),
  z.strictObject({ kind: z.enum(['node-stopped', 'stale-kube-proxy', 'br-netfilter-off', 'hairpin-off']), node: name }),
  z.strictObject({ kind: z.literal('mtu'), on: name, link: name.optional(), bytes: z.number().int().min(68).max(65_535) }),
  z.strictObject({ kind: z.literal('fabric-blocks'), protocol: flowProtocol, port: port.optional() }),
]);

const object = { namespace: name.optional(), name: name.optional() };
const newObject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pod'), ...object, node: name.optional(), labels: labels.optional(), port: port.optional() }),
  z.strictObject({ kind: z.literal('deployment'), ...object, replicas: count.optional(), port: port.optional() }),
  z.strictObject({ kind: z.literal('service'), ...object, selector: labels.optional(), port: port.optional(), targetPort: portOrName.optional(), type: exposedType }),
  z.strictObject({ kind: z.literal('policy'), ...object, podLabels: labels.optional() }),
  z.strictObject({ kind: z.literal('node'), name: name.optional() }),
  z.strictObject({ kind: z.literal('namespace'), name: name.optional() }),
  z.strictObject({ kind: z.literal('ingress'), ...object, service: name, port: port.optional(), host: name.optional(), path: name.optional() }),
  z.strictObject({ kind: z.enum(['client', 'host']), name: name.optional(), address: name.optional() }),
]);

/** Every edit there is, field by field: what an editing canvas may send and nothing else. */
export const clusterEdit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('move-pod'), pod: named, node: name }),
  z.strictObject({ kind: z.literal('set-labels'), target: ref, labels: z.record(name, name.nullable()) }),
  z.strictObject({ kind: z.literal('set-selector'), service: named, selector: labels.nullable() }),
  z.strictObject({ kind: z.enum(['connect-service', 'disconnect-service']), service: named, pod: named, by: z.enum(['labels', 'selector']).optional() }),
  z.strictObject({ kind: z.literal('scale'), workload: ref, replicas: count }),
  z.strictObject({ kind: z.literal('delete-object'), target: ref }),
  z.strictObject({ kind: z.literal('duplicate'), target: ref, name: name.optional() }),
  z.strictObject({ kind: z.literal('set-ready'), pod: named, ready: z.boolean() }),
  z.strictObject({ kind: z.literal('set-terminating'), pod: named, terminating: z.boolean() }),
  z.strictObject({ kind: z.literal('crash'), pod: named, crashed: z.boolean() }),
  z.strictObject({ kind: z.literal('cordon'), node: name, cordoned: z.boolean() }),
  z.strictObject({ kind: z.enum(['drain', 'stop-node', 'start-node', 'stop-kube-proxy', 'start-kube-proxy']), node: name }),
  z.strictObject({ kind: z.literal('set-service'), service: named, set: serviceFields }),
  z.strictObject({ kind: z.literal('set-ingress-backend'), ingress: named, host: name, path: name, service: name, port: portOrName }),
  z.strictObject({ kind: z.literal('set-proxy-mode'), mode: z.enum(['iptables', 'nftables', 'ipvs', 'userspace', 'kernelspace', 'socket-lb']) }),
  z.strictObject({ kind: z.literal('set-pod-network'), podNetwork }),
  z.strictObject({ kind: z.literal('set-sandbox'), set: sandboxFields }),
  z.strictObject({ kind: z.enum(['cut-link', 'restore-link']), a: name, b: name }),
  z.strictObject({ kind: z.enum(['cut-route', 'restore-route']), on: name, dst: name }),
  z.strictObject({ kind: z.literal('set-fault'), fault, on: z.boolean() }),
  z.strictObject({ kind: z.literal('allow'), from: party, to: party, port: port.optional(), protocol: ipProtocol.optional() }),
  z.strictObject({ kind: z.literal('deny'), from: party, to: party }),
  z.strictObject({ kind: z.literal('expose'), target: ref, type: exposedType, port: port.optional(), targetPort: portOrName.optional(), name: name.optional() }),
  z.strictObject({ kind: z.literal('add-object'), object: newObject }),
  z.strictObject({ kind: z.literal('edit-yaml'), document: name, text: z.string().max(MAX_TEXT).nullable() }),
  z.strictObject({ kind: z.literal('set-layout'), positions: z.record(name, place.nullable()) }),
  z.strictObject({ kind: z.literal('arrange'), thing: name, at: name }),
  z.strictObject({ kind: z.literal('fold'), thing: name, folded: z.boolean() }),
  z.strictObject({ kind: z.literal('group-pods'), by: z.enum(['none', 'workload', 'namespace']) }),
  z.strictObject({ kind: z.literal('tidy-layout') }),
]);
