import { addresses as at } from './reference-cluster.ts';

const { N1, N2, GW1, GW2 } = at;
export interface Row {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly proto?: 'tcp' | 'udp';
  /** `ODDS POD saw SOURCE`, `1 refused HOW`, `ODDS lost`. */
  readonly expect: readonly string[];
  /** Where native nftables differs. */
  readonly nft?: readonly string[];
  /** All connections of one client reach one backend. */
  readonly sticks?: true;
}
const pod = (name: string): string => `pod/default/${name}`;
const client = 'client/internet';
const saw = (odds: string, ...who: readonly string[]): readonly string[] => who.map((one) => `${odds} ${one}`);
const thirds = (a1: string, a2: string, b1: string): readonly string[] => saw('1/3', `a1 saw ${a1}`, `a2 saw ${a2}`, `b1 saw ${b1}`);
const halves = (source: string): readonly string[] => saw('1/2', `b1 saw ${source}`, `b2 saw ${source}`);
const noted = (sender: string): readonly string[] => [`1 refused icmp 3/3 from ${sender}`];
const lost = ['1 lost'];
const web = '10.96.0.10';

/** What Linux did with the reference cluster on bridges and host routes: every row of the measurement. */
export const rows: readonly Row[] = [
  { name: 'pod → ClusterIP keeps the pod\'s address', from: pod('cl1'), to: web, expect: thirds(at.cl1, at.cl1, at.cl1) },
  { name: 'pod of the other node → ClusterIP', from: pod('cl2'), to: web, expect: thirds(at.cl2, at.cl2, at.cl2) },
  { name: 'pod → ClusterIP by UDP', from: pod('cl1'), to: '10.96.0.11', port: 53, proto: 'udp', expect: halves(at.cl1) },
  { name: 'hairpin: a pod behind its own Service sees the bridge, never itself', from: pod('a1'), to: '10.96.0.12', expect: [`1 a1 saw ${GW1}`] },
  { name: 'a1 → web mixes hairpin and plain', from: pod('a1'), to: web, expect: thirds(GW1, at.a1, at.a1) },
  { name: 'node → ClusterIP: local pods see the bridge, remote ones the node', from: 'node/node1', to: web, expect: thirds(GW1, GW1, N1) },
  { name: 'client → NodePort', from: client, to: N1, port: 30080, expect: thirds(GW1, GW1, N1) },
  { name: 'pod → NodePort of its own node', from: pod('cl1'), to: N1, port: 30080, expect: thirds(GW1, GW1, N1) },
  { name: 'pod → NodePort of another node is masqueraded by the node that did the DNAT', from: pod('cl1'), to: N2, port: 30080, expect: thirds(N2, N2, GW2) },
  { name: 'node → its own NodePort', from: 'node/node1', to: N1, port: 30080, expect: thirds(GW1, GW1, N1) },
  { name: 'node → the other node\'s NodePort', from: 'node/node1', to: N2, port: 30080, expect: thirds(N2, N2, GW2) },
  { name: 'node → 127.0.0.1:NodePort', from: 'node/node1', to: '127.0.0.1', port: 30080, expect: thirds(GW1, GW1, N1), nft: ['1 refused tcp rst'] },
  { name: 'client → LB VIP, Local, enters where endpoints are and keeps the client', from: client, to: '198.51.100.14', expect: halves(at.client) },
  { name: 'client → NodePort, Local, on a node without endpoints', from: client, to: N1, port: 30084, expect: lost },
  { name: 'client → NodePort, Local, on a node with endpoints', from: client, to: N2, port: 30084, expect: halves(at.client) },
  { name: 'pod → LB VIP, Local: the short way to all endpoints', from: pod('cl1'), to: '198.51.100.14', expect: halves(at.cl1) },
  { name: 'pod → NodePort, Local, of its own node: the same', from: pod('cl1'), to: N1, port: 30084, expect: halves(at.cl1) },
  { name: 'node → LB VIP, Local', from: 'node/node1', to: '198.51.100.14', expect: halves(N1) },
  { name: 'pod on node2 → NodePort, Local, of node1', from: pod('cl2'), to: N1, port: 30084, expect: lost },
  { name: 'internalTrafficPolicy Local without a local endpoint', from: pod('cl1'), to: '10.96.0.17', expect: lost },
  { name: 'internalTrafficPolicy Local with local endpoints', from: pod('cl2'), to: '10.96.0.17', expect: halves(at.cl2) },
  { name: 'no endpoints: a pod is refused by its gateway, in ICMP', from: pod('cl1'), to: '10.96.0.13', expect: noted(GW1) },
  { name: 'no endpoints: the node refuses itself', from: 'node/node1', to: '10.96.0.13', expect: noted(N1) },
  { name: 'no endpoints: a client at the NodePort', from: client, to: N1, port: 30083, expect: noted(N1) },
  { name: 'no endpoints: a client at the NodePort, UDP', from: client, to: N1, port: 30053, proto: 'udp', expect: noted(N1) },
  { name: 'no endpoints: a pod, UDP', from: pod('cl1'), to: '10.96.0.13', port: 53, proto: 'udp', expect: noted(GW1) },
  { name: 'ClusterIP, wrong port: out to the default gateway, lost; nft refuses', from: pod('cl1'), to: web, port: 81, expect: lost, nft: noted(GW1) },
  { name: 'a ClusterIP that nobody has', from: pod('cl1'), to: '10.96.9.9', expect: lost },
  { name: 'a ClusterIP that nobody has, from the node by UDP: nft\'s drop is EPERM', from: 'node/node1', to: '10.96.9.9', port: 53, proto: 'udp', expect: lost },
  { name: 'LB VIP, wrong port', from: client, to: '198.51.100.10', port: 81, expect: lost },
  { name: 'source ranges: a client inside', from: client, to: '198.51.100.15', expect: saw('1/2', `a1 saw ${GW1}`, `a1 saw ${N2}`) },
  { name: 'source ranges: a client outside', from: client, to: '198.51.100.16', expect: lost },
  { name: 'source ranges: a pod is outside', from: pod('cl1'), to: '198.51.100.15', expect: lost },
  { name: 'source ranges do not guard the NodePort', from: pod('cl1'), to: N1, port: 30086, expect: [`1 a1 saw ${GW1}`] },
  { name: 'sticky: one backend per client', from: pod('cl1'), to: '10.96.0.18', expect: thirds(at.cl1, at.cl1, at.cl1), sticks: true },
  { name: 'the kubernetes Service, on its own node', from: pod('cl1'), to: '10.96.0.1', port: 443, expect: [`1 node1 saw ${at.cl1}`] },
  { name: 'the kubernetes Service, from the other node', from: pod('cl2'), to: '10.96.0.1', port: 443, expect: [`1 node1 saw ${N2}`] },
  { name: 'egress: pod → internet leaves with the node\'s address', from: pod('cl1'), to: '192.0.2.80', port: 443, expect: [`1 host/internet saw ${N1}`] },
  { name: 'a pod that is not there', from: pod('cl1'), to: '10.244.1.99', port: 8080, expect: lost },
  { name: 'client → pod address: no route outside', from: client, to: at.a1, port: 8080, expect: lost },
  { name: 'a closed port', from: pod('cl1'), to: at.b1, port: 9, expect: ['1 refused tcp rst'] },
  { name: 'a closed UDP port', from: pod('cl1'), to: at.b1, port: 9, proto: 'udp', expect: [`1 refused icmp 3/3 from ${at.b1}`] },
];

/** The same cluster on other pod networks: whom a node's masquerade shows is the address of the interface that the packet leaves by. */
export const vxlanRows: readonly Row[] = [
  { name: 'client → NodePort: a remote pod sees flannel.1', from: client, to: N1, port: 30080, expect: thirds(GW1, GW1, '10.244.1.0') },
  { name: 'node → ClusterIP', from: 'node/node1', to: web, expect: thirds(GW1, GW1, '10.244.1.0') },
  { name: 'node → LB VIP, Local', from: 'node/node1', to: '198.51.100.14', expect: halves('10.244.1.0') },
  { name: 'pod → ClusterIP', from: pod('cl1'), to: web, expect: thirds(at.cl1, at.cl1, at.cl1) },
  { name: 'no endpoints', from: pod('cl1'), to: '10.96.0.13', expect: noted(GW1) },
];
export const routedRows: readonly Row[] = [
  { name: 'client → NodePort shows the node, always', from: client, to: N1, port: 30080, expect: thirds(N1, N1, N1) },
  { name: 'hairpin shows the node', from: pod('a1'), to: '10.96.0.12', expect: [`1 a1 saw ${N1}`] },
  { name: 'node → ClusterIP', from: 'node/node1', to: web, expect: thirds(N1, N1, N1) },
  { name: 'pod → pod of the same node through proxy ARP', from: pod('cl1'), to: at.a1, port: 8080, expect: [`1 a1 saw ${at.cl1}`] },
];

/** A policy that lets nobody at a1. */
export const denyA1 = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny-a1 }
spec: { podSelector: { matchLabels: { first: "yes" } }, policyTypes: [Ingress] }
`;
export const policyRows: readonly Row[] = [
  { name: 'from the other node', from: pod('cl2'), to: at.a1, port: 8080, expect: lost },
  { name: 'from the same node', from: pod('cl1'), to: at.a1, port: 8080, expect: lost },
  { name: 'by UDP', from: pod('cl2'), to: at.a1, port: 8053, proto: 'udp', expect: lost },
  { name: 'through the ClusterIP, per backend', from: pod('cl1'), to: web, expect: ['1/3 lost', ...saw('1/3', `a2 saw ${at.cl1}`, `b1 saw ${at.cl1}`)] },
  { name: 'the pod\'s own node is let in', from: 'node/node1', to: at.a1, port: 8080, expect: [`1 a1 saw ${GW1}`] },
  { name: 'a remote node is not', from: 'node/node2', to: at.a1, port: 8080, expect: lost },
  { name: 'traffic with kube-proxy\'s mark does not slip by', from: client, to: N1, port: 30082, expect: lost },
];
export const noBridgeNfRows: readonly Row[] = [
  { name: 'ClusterIP: a same-node endpoint answers past the un-NAT', from: pod('cl1'), to: web, expect: ['2/3 lost', `1/3 b1 saw ${at.cl1}`] },
  { name: 'hairpin works all the same', from: pod('a1'), to: '10.96.0.12', expect: [`1 a1 saw ${GW1}`] },
];
export const noHairpinRows: readonly Row[] = [
  { name: 'a pod does not reach itself through a Service', from: pod('a1'), to: '10.96.0.12', expect: lost },
  { name: 'but others', from: pod('a1'), to: web, expect: ['1/3 lost', ...saw('1/3', `a2 saw ${at.a1}`, `b1 saw ${at.a1}`)] },
];
/** Without a default route on the node REJECT is never reached: FORWARD comes after the routing decision. */
export const noRouteRows: readonly Row[] = [
  { name: 'no endpoints: not refused but ICMP network unreachable', from: pod('cl1'), to: '10.96.0.13', expect: lost },
  { name: 'the node itself has no way to a ClusterIP', from: 'node/node1', to: web, expect: lost },
  { name: 'a pod behind the node does', from: pod('cl1'), to: web, expect: thirds(at.cl1, at.cl1, at.cl1) },
];
export const noMasqueradeRows: readonly Row[] = [
  { name: 'egress gets no answer', from: pod('cl1'), to: '192.0.2.80', port: 443, expect: lost },
];
