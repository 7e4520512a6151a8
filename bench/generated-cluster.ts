/** How large a generated cluster is. */
export interface Size { readonly services: number; readonly endpointsPerService: number; readonly nodes: number }

const pad = (n: number): string => String(n).padStart(5, '0');

/** The address of endpoint `i`: spread over the nodes' pod CIDRs, 10.128.0.0/9. */
const address = (node: number, slot: number): string => `10.${128 + (node >> 8)}.${node & 255}.${slot}`;

function node(i: number): string {
  return `apiVersion: v1
kind: Node
metadata:
  name: node-${pad(i)}
  labels:
    topology.kubernetes.io/zone: zone-${i % 3}
spec:
  podCIDR: 10.${128 + (i >> 8)}.${i & 255}.0/24
status:
  addresses:
    - type: InternalIP
      address: 172.16.${i >> 8}.${(i & 255) + 1}
  conditions:
    - type: Ready
      status: "True"
`;
}

function service(i: number): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: service-${pad(i)}
  namespace: load
spec:
  clusterIP: 10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}
  selector:
    app: app-${pad(i)}
  ports:
    - name: http
      port: 80
      targetPort: 8080
`;
}

function slice(i: number, size: Size): string {
  const endpoints = Array.from({ length: size.endpointsPerService }, (_, k) => {
    const n = i * size.endpointsPerService + k;
    const on = n % size.nodes;
    return `  - addresses:
      - ${address(on, 10 + (Math.floor(n / size.nodes) % 240))}
    conditions:
      ready: true
    nodeName: node-${pad(on)}
`;
  }).join('');
  return `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: service-${pad(i)}-x1
  namespace: load
  labels:
    kubernetes.io/service-name: service-${pad(i)}
addressType: IPv4
ports:
  - name: http
    protocol: TCP
    port: 8080
endpoints:
${endpoints}`;
}

/** One pod on the first node that asks the questions. */
const client = `apiVersion: v1
kind: Pod
metadata:
  name: client
  namespace: load
spec:
  nodeName: node-00000
  containers:
    - name: client
      image: client:1
status:
  phase: Running
  podIP: 10.128.0.2
`;

/** Services and EndpointSlices as YAML, as `kubectl get -o yaml` without its noise: the text that the figures in README.md speak of. */
export function generatedYaml(size: Size): string {
  const parts = [
    ...Array.from({ length: size.nodes }, (_, i) => node(i)),
    client,
    ...Array.from({ length: size.services }, (_, i) => service(i)),
    ...Array.from({ length: size.services }, (_, i) => slice(i, size)),
  ];
  return `${parts.join('---\n')}\n`;
}
