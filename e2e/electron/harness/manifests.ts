/** Two pods on two nodes, small enough to read in a failing test. */
export const twoPods = `apiVersion: v1
kind: Node
metadata: { name: a }
spec: { podCIDR: 10.244.0.0/24 }
status: { addresses: [{ type: InternalIP, address: 192.168.1.10 }] }
---
apiVersion: v1
kind: Node
metadata: { name: b }
spec: { podCIDR: 10.244.1.0/24 }
status: { addresses: [{ type: InternalIP, address: 192.168.1.11 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: one }
spec: { nodeName: a, containers: [{ name: c, image: web, ports: [{ containerPort: 8080 }] }] }
status: { podIP: 10.244.0.5 }
---
apiVersion: v1
kind: Pod
metadata: { name: two }
spec: { nodeName: b, containers: [{ name: c, image: web, ports: [{ containerPort: 8080 }] }] }
status: { podIP: 10.244.1.5 }
`;

/** The probe that these manifests are asked. */
export const oneToTwo = { from: 'pod/default/one', to: 'pod/default/two', port: 8080 };
