/** The cluster of the reference measurement: two nodes, three pods on each, one client behind a router. */
const node = (name: string, ip: string, podCIDR: string): string => `
apiVersion: v1
kind: Node
metadata: { name: ${name} }
spec: { podCIDR: ${podCIDR} }
status: { addresses: [{ type: InternalIP, address: ${ip} }] }
---`;
const pod = (name: string, node: string, ip: string, app: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${app}${name === 'a1' ? ', first: "yes"' : ''}${name.startsWith('b') ? ', side: b' : ''} } }
spec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }, { containerPort: 8053, protocol: UDP }] }] }
status: { podIP: ${ip} }
---`;
const service = (name: string, spec: string, vip = ''): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ${spec} }
${vip === '' ? '' : `status: { loadBalancer: { ingress: [{ ip: ${vip} }] } }`}
---`;
const http = (nodePort: number): string => `ports: [{ port: 80, targetPort: 8080, nodePort: ${nodePort} }]`;

export const addresses = { N1: '192.168.50.11', N2: '192.168.50.12', GW1: '10.244.1.1', GW2: '10.244.2.1', a1: '10.244.1.10', a2: '10.244.1.11', cl1: '10.244.1.20', b1: '10.244.2.10', b2: '10.244.2.11', cl2: '10.244.2.20', client: '203.0.113.9' } as const;
const at = addresses;

export const referenceCluster = `${node('node1', at.N1, '10.244.1.0/24')}${node('node2', at.N2, '10.244.2.0/24')}
${pod('a1', 'node1', at.a1, 'web')}${pod('a2', 'node1', at.a2, 'web')}${pod('cl1', 'node1', at.cl1, 'client')}
${pod('b1', 'node2', at.b1, 'web')}${pod('b2', 'node2', at.b2, 'more')}${pod('cl2', 'node2', at.cl2, 'client')}
${service('web', `type: LoadBalancer, clusterIP: 10.96.0.10, selector: { app: web }, ${http(30080)}`, '198.51.100.10')}
${service('dns', 'clusterIP: 10.96.0.11, selector: { side: b }, ports: [{ port: 53, protocol: UDP, targetPort: 8053 }]')}
${service('self', `type: NodePort, clusterIP: 10.96.0.12, selector: { first: "yes" }, ${http(30082)}`)}
${service('none', 'type: NodePort, clusterIP: 10.96.0.13, selector: { app: nobody }, ports: [{ name: http, port: 80, nodePort: 30083 }, { name: dns, port: 53, protocol: UDP, nodePort: 30053 }]')}
${service('local', `type: LoadBalancer, clusterIP: 10.96.0.14, externalTrafficPolicy: Local, selector: { side: b }, ${http(30084)}`, '198.51.100.14')}
${service('ranged', `type: LoadBalancer, clusterIP: 10.96.0.15, loadBalancerSourceRanges: [203.0.113.0/24], selector: { first: "yes" }, ${http(30085)}`, '198.51.100.15')}
${service('far', `type: LoadBalancer, clusterIP: 10.96.0.16, loadBalancerSourceRanges: [198.18.0.0/15], selector: { first: "yes" }, ${http(30086)}`, '198.51.100.16')}
${service('inside', 'clusterIP: 10.96.0.17, internalTrafficPolicy: Local, selector: { side: b }, ports: [{ port: 80, targetPort: 8080 }]')}
${service('sticky', 'clusterIP: 10.96.0.18, sessionAffinity: ClientIP, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }]')}
${service('again', 'clusterIP: 10.96.0.19, selector: { first: "yes" }, ports: [{ port: 80, targetPort: 8080 }]')}
${service('kubernetes', 'clusterIP: 10.96.0.1, ports: [{ name: https, port: 443, targetPort: 6443 }]')}
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kubernetes, labels: { kubernetes.io/service-name: kubernetes } }
addressType: IPv4
ports: [{ name: https, port: 6443, protocol: TCP }]
endpoints: [{ addresses: [${at.N1}] }]
---
apiVersion: v1
kind: Pod
metadata: { name: apiserver }
spec: { nodeName: node1, hostNetwork: true, containers: [{ name: c, image: i, ports: [{ containerPort: 6443 }] }] }
`;

export interface Setting { readonly mode?: 'iptables' | 'nftables'; readonly podNetwork?: 'bridge' | 'vxlan' | 'routed'; readonly sandbox?: string; readonly more?: string }

/** The reference cluster's manifests under a setting; `sandbox` is further fields of the Sandbox document, `more` further documents. */
export const withSetting = ({ mode = 'iptables', podNetwork = 'bridge', sandbox = '', more = '' }: Setting): string => `${referenceCluster}
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ${mode}
clusterCIDR: 10.244.0.0/16
---
apiVersion: podhop.dev/v1alpha1
kind: Sandbox
metadata: { name: lab }
spec: { podNetwork: ${podNetwork}, clients: [{ name: internet, address: ${at.client} }]${sandbox === '' ? '' : `, ${sandbox}`} }
${more === '' ? '' : `---\n${more}`}`;
